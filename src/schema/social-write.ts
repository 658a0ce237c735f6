import { socialProfiles } from '../loaders/social.js';
import type { ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/social.js';
import { createSocialPost, PROFILES_MAX } from '../resolvers/social-write.js';
import { builder } from './builder.js';
import { enumFields, inputEnum, openEnum } from './enums.js';
import { dateTime, requiredText } from './fields.js';
import { SocialNetwork, SocialProfile } from './social.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

type Post = ResponseBody<'createSocialPostUsingPOST'>;

const SocialPostStatus = openEnum('SocialPostStatus', 'Status of a social post.', {
  DRAFT: 'Saved, not published.',
  SCHEDULED: 'To be published.',
  EXECUTING: 'Being published.',
  ACTIVE: 'Published and visible on the network.',
  PAUSED: 'On hold.',
  SUSPENDED: 'Publication was stopped.',
  REMOVED: 'Taken down.',
  DONE: 'Published.',
  ERROR: 'Publication failed.',
});

const SocialPostStatusInput = inputEnum('SocialPostStatusInput', 'Status of a new social post.', {
  DRAFT: 'Saves the post without publishing it.',
  SCHEDULED: 'Publishes the post at `scheduledAt`, or immediately without it.',
});

const SocialPostSetting = builder.objectRef<resolvers.SocialPostSetting>('SocialPostSetting').implement({
  description: 'Setting of a post for one network.',
  fields: (t) => ({
    network: t.exposeString('network', { nullable: false, description: 'Network, such as tiktok.' }),
    name: t.exposeString('name', { nullable: false, description: 'Name of the setting.' }),
    value: t.exposeString('value', { nullable: false, description: 'Value of the setting, as text.' }),
  }),
});

const SocialPostImage = builder.objectRef<Schema<'ImageDto'>>('SocialPostImage').implement({
  description: 'Image of a post.',
  fields: (t) => ({
    imageId: t.exposeID('image_id', { description: 'ID of the image.' }),
    url: requiredText(t, 'url', 'Address of the image.'),
  }),
});

const SocialPostTarget = builder.objectRef<Schema<'ProfilePostProfileDto'>>('SocialPostTarget').implement({
  description: 'Profile that a post goes to, with the status of the post there.',
  fields: (t) => ({
    profileId: t.exposeID('profile_id', {
      nullable: false,
      description: 'Constant Contact ID of the profile.',
    }),
    profile: t.field({
      type: SocialProfile,
      description: 'Profile that the post goes to.',
      queryCost: cost.scan(socialProfiles, {
        noneWhen: 'only its IDs, name, network and image are selected',
      }),
      resolve: resolvers.profileOfPost,
    }),
    profileName: t.exposeString('profile_name', { description: 'Display name of the profile.' }),
    imageUrl: t.exposeString('image_url', { description: 'Address of the image of the profile.' }),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Network of the profile.'),
    accountUsername: t.exposeString('account_username', {
      description: 'User name of the account that the profile belongs to.',
    }),
    campaignActivityId: t.exposeID('campaign_activity_id', {
      description: 'ID of the post on this profile.',
    }),
    ...enumFields(
      t,
      'status',
      'campaign_activity_status',
      SocialPostStatus,
      'Status of the post on this profile.',
    ),
    statusAt: dateTime(
      t,
      'campaign_activity_status_date',
      'When the post is due, while it is scheduled. Afterwards, when its status last changed.',
    ),
    statusMessage: t.exposeString('campaign_activity_status_message', {
      description: 'Status message of Constant Contact or of the network.',
    }),
    networkPostId: t.exposeID('network_post_id', {
      description: 'ID of the post on the network, once the post is DONE.',
    }),
    postUrl: t.exposeString('post_url', {
      description: 'Address of the post on the network, once the post is DONE.',
    }),
  }),
});

const SocialPostContent = builder.objectRef<Schema<'ProfilePostDto'>>('SocialPostContent').implement({
  description: 'Content of a post and its profiles. Texts and images can differ between profiles.',
  fields: (t) => ({
    contentId: t.exposeID('post_content_id', { description: 'ID of the content.' }),
    text: t.exposeString('text', { description: 'Text of the post.' }),
    images: t.expose('images', {
      type: [SocialPostImage],
      description: 'Images of the post.',
    }),
    settings: t.field({
      type: [SocialPostSetting],
      description: 'Settings of the post for the networks.',
      resolve: resolvers.postSettings,
    }),
    targets: t.expose('profiles', {
      type: [SocialPostTarget],
      description: 'Profiles that the content goes to.',
    }),
  }),
});

const SocialPost = builder.objectRef<Post>('SocialPost').implement({
  description: 'Post to one or more social profiles. The API cannot read a post after its creation.',
  fields: (t) => ({
    campaignId: t.exposeID('campaign_id', { description: 'Constant Contact ID.' }),
    name: t.exposeString('name', {
      description: 'Internal name. The API normalises it, so it can differ from the input.',
    }),
    ...enumFields(t, 'status', 'status', SocialPostStatus, 'Status of the post.', { nullable: false }),
    scheduledAt: dateTime(t, 'scheduled_time', 'When the post is due. `null` unless it is scheduled.'),
    contents: t.expose('profile_posts', {
      type: [SocialPostContent],
      description: 'Contents of the post, each with its profiles.',
    }),
  }),
});

const SocialPostSettingInput = builder.inputType('SocialPostSettingInput', {
  description: 'Setting of a post for one network.',
  fields: (t) => ({
    network: t.string({
      required: true,
      ...limited`Network, ${{ minLength: 1 }}. Only tiktok has settings so far.`,
    }),
    name: t.string({
      required: true,
      ...limited`Name of the setting, ${{ minLength: 1 }}. For tiktok: disable_comment, disable_duet, disable_stitch or auto_add_music.`,
    }),
    value: t.string({ required: true, description: 'Value of the setting as text, such as true or false.' }),
  }),
});

const SocialPostContentInput = builder.inputType('SocialPostContentInput', {
  description: 'Content of a new post and its profiles.',
  fields: (t) => ({
    text: t.string({ description: 'Text of the post. Some networks require a text.' }),
    profileIds: t.idList({
      required: true,
      ...limited`Global IDs or Constant Contact IDs of the profiles, ${{ maxItems: PROFILES_MAX }}. Only a draft can have none.`,
    }),
    imageUrls: t.stringList({ description: 'Public addresses of the images.' }),
    settings: t.field({
      type: [SocialPostSettingInput],
      description: 'Settings of the post for the networks.',
    }),
  }),
});

mutation('createSocialPost', {
  description: 'Creates a post for social networks, as a draft or for publication.',
  queryCost: cost.calls(1),
  argument: 'Post to create.',
  input: (t) => ({
    name: t.string({ description: 'Internal name. Default: a name chosen by the API.' }),
    status: t.field({
      type: SocialPostStatusInput,
      required: true,
      description: 'DRAFT or SCHEDULED.',
    }),
    scheduledAt: t.field({
      type: 'DateTime',
      description:
        'When to publish. Only for SCHEDULED; without it the post is published immediately, and cannot be withdrawn through the API.',
    }),
    contents: t.field({
      type: [SocialPostContentInput],
      required: true,
      ...limited`Contents of the post, ${{ minItems: 1 }}, each with its profiles.`,
    }),
  }),
  payload: (t) => ({
    socialPost: t.expose('socialPost', { type: SocialPost, description: 'The new post.' }),
  }),
  resolve: createSocialPost,
});

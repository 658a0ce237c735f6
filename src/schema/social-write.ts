import { socialProfiles } from '../loaders/social.js';
import type { ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/social.js';
import { createSocialPost, PROFILES_MAX } from '../resolvers/social-write.js';
import { builder } from './builder.js';
import { enumFields, inputEnum, openEnum } from './enums.js';
import { dateTime, requiredText } from './fields.js';
import { payloadType } from './payload.js';
import { SocialNetwork, SocialProfile } from './social.js';
import { cost } from './cost.js';

type Post = ResponseBody<'createSocialPostUsingPOST'>;

const SocialPostStatus = openEnum('SocialPostStatus', 'How far a post has come.', {
  DRAFT: 'Kept, and not published.',
  SCHEDULED: 'To be published.',
  EXECUTING: 'Being published.',
  ACTIVE: 'Published, and to be seen on the network.',
  PAUSED: 'Held back.',
  SUSPENDED: 'Stopped.',
  REMOVED: 'Taken away.',
  DONE: 'Published.',
  ERROR: 'Could not be published.',
});

const SocialPostStatusInput = inputEnum('SocialPostStatusInput', 'What a new post can be.', {
  DRAFT: 'Keeps the post without publishing it.',
  SCHEDULED: 'Publishes the post, at its time, or at once when it has none.',
});

const SocialPostSetting = builder.objectRef<resolvers.SocialPostSetting>('SocialPostSetting');
SocialPostSetting.implement({
  description: 'What a post asks of one network.',
  fields: (t) => ({
    network: t.exposeString('network', { nullable: false, description: 'The network, such as tiktok.' }),
    name: t.exposeString('name', { nullable: false, description: 'What is asked for.' }),
    value: t.exposeString('value', { nullable: false, description: 'The value, as text.' }),
  }),
});

const SocialPostImage = builder.objectRef<Schema<'ImageDto'>>('SocialPostImage');
SocialPostImage.implement({
  description: 'A picture of a post.',
  fields: (t) => ({
    imageId: t.exposeID('image_id', { description: 'Id of the picture.' }),
    url: requiredText(t, 'url', 'Address of the picture.'),
  }),
});

const SocialPostTarget = builder.objectRef<Schema<'ProfilePostProfileDto'>>('SocialPostTarget');
SocialPostTarget.implement({
  description: 'One profile that a post goes to, and how far it has come there.',
  fields: (t) => ({
    profileId: t.exposeID('profile_id', { nullable: false, description: 'Raw id of the profile.' }),
    profile: t.field({
      type: SocialProfile,
      description: 'The profile.',
      queryCost: cost.scan(socialProfiles, {
        noneWhen: 'only its ids, name, network and picture are selected',
      }),
      resolve: resolvers.profileOfPost,
    }),
    profileName: t.exposeString('profile_name', { description: 'Name that the profile shows.' }),
    imageUrl: t.exposeString('image_url', { description: 'Address of the picture of the profile.' }),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Network of the profile.'),
    accountUsername: t.exposeString('account_username', {
      description: 'Name of the account that the profile belongs to.',
    }),
    campaignActivityId: t.exposeID('campaign_activity_id', {
      description: 'Id of the post on this profile.',
    }),
    ...enumFields(
      t,
      'status',
      'campaign_activity_status',
      SocialPostStatus,
      'How far the post has come here.',
    ),
    statusAt: dateTime(
      t,
      'campaign_activity_status_date',
      'When it is due, while it is scheduled; otherwise when its state last changed.',
    ),
    statusMessage: t.exposeString('campaign_activity_status_message', {
      description: 'The state in words, of Constant Contact or of the network.',
    }),
    networkPostId: t.exposeID('network_post_id', {
      description: 'Id of the post on the network, once it is DONE.',
    }),
    postUrl: t.exposeString('post_url', { description: 'Where the post is to be seen, once it is DONE.' }),
  }),
});

const SocialPostContent = builder.objectRef<Schema<'ProfilePostDto'>>('SocialPostContent');
SocialPostContent.implement({
  description: 'What is posted, and where. Texts and pictures can differ from profile to profile.',
  fields: (t) => ({
    contentId: t.exposeID('post_content_id', { description: 'Id of this content.' }),
    text: t.exposeString('text', { description: 'The text.' }),
    images: t.expose('images', {
      type: [SocialPostImage],
      nullable: { list: true, items: false },
      description: 'The pictures.',
    }),
    settings: t.field({
      type: [SocialPostSetting],
      nullable: { list: true, items: false },
      description: 'What is asked of the networks.',
      resolve: resolvers.postSettings,
    }),
    targets: t.expose('profiles', {
      type: [SocialPostTarget],
      nullable: { list: true, items: false },
      description: 'The profiles that it goes to.',
    }),
  }),
});

const SocialPost = builder.objectRef<Post>('SocialPost');
SocialPost.implement({
  description: 'A post for one or more profiles. The API cannot read one again once it is made.',
  fields: (t) => ({
    campaignId: t.exposeID('campaign_id', { description: "Constant Contact's own id of the post." }),
    name: t.exposeString('name', {
      description: 'Name for the account. The API cleans it, so it can differ from what was sent.',
    }),
    ...enumFields(t, 'status', 'status', SocialPostStatus, 'How far it has come.', { nullable: false }),
    scheduledAt: dateTime(t, 'scheduled_time', 'When it is due; null unless it is scheduled.'),
    contents: t.expose('profile_posts', {
      type: [SocialPostContent],
      nullable: { list: true, items: false },
      description: 'What is posted, and where.',
    }),
  }),
});

const SocialPostSettingInput = builder.inputType('SocialPostSettingInput', {
  description: 'What a post asks of one network.',
  fields: (t) => ({
    network: t.string({ required: true, description: 'The network. Only tiktok has settings so far.' }),
    name: t.string({
      required: true,
      description:
        'What to ask for; at tiktok disable_comment, disable_duet, disable_stitch or auto_add_music.',
    }),
    value: t.string({ required: true, description: 'The value as text, such as true or false.' }),
  }),
});

const SocialPostContentInput = builder.inputType('SocialPostContentInput', {
  description: 'What to post, and where.',
  fields: (t) => ({
    text: t.string({ description: 'The text. Whether there has to be one depends on the network.' }),
    profileIds: t.idList({
      required: true,
      description: `Global or raw ids of the profiles, at most ${String(PROFILES_MAX)}; none is possible for a draft only.`,
    }),
    imageUrls: t.stringList({ description: 'Public addresses of pictures.' }),
    settings: t.field({ type: [SocialPostSettingInput], description: 'What to ask of the networks.' }),
  }),
});

const CreateSocialPostInput = builder.inputType('CreateSocialPostInput', {
  description: 'A new post.',
  fields: (t) => ({
    name: t.string({ description: 'Name for the account; the API makes one up when left out.' }),
    status: t.field({
      type: SocialPostStatusInput,
      required: true,
      description: 'DRAFT or SCHEDULED.',
    }),
    scheduledAt: t.field({
      type: 'DateTime',
      description:
        'When to publish. Only with SCHEDULED; without it the post is published at once, and cannot be called back through the API.',
    }),
    contents: t.field({
      type: [SocialPostContentInput],
      required: true,
      description: 'What to post, and where; at least one.',
    }),
  }),
});

const CreateSocialPostPayload = payloadType<{ socialPost: Post }>(
  'CreateSocialPostPayload',
  'What came of `createSocialPost`.',
  (t) => ({ socialPost: t.expose('socialPost', { type: SocialPost, description: 'The new post.' }) }),
);

builder.mutationFields((t) => ({
  createSocialPost: t.field({
    type: CreateSocialPostPayload,
    description: 'Makes a post for social networks, as a draft or to be published.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateSocialPostInput, required: true, description: 'The new post.' }) },
    resolve: createSocialPost,
  }),
}));

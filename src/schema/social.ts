import type { Schema } from '../constant-contact/contract/operations.js';
import {
  hashtagGroups,
  socialConnections,
  socialProfiles,
  type HashtagGroup as HashtagGroupRow,
  type SocialConnection as SocialConnectionRow,
  type SocialProfile as SocialProfileRow,
} from '../loaders/social.js';
import * as resolvers from '../resolvers/social.js';
import { byReference } from '../resolvers/support/reference.js';
import { textIn } from './answer-values.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { enumFields, openEnum } from './enums.js';
import { globalId, rawIdField, requiredText, requiredTexts } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

/** Shared with posts. */
export const SocialNetwork = openEnum('SocialNetwork', 'A social network.', {
  FACEBOOK: 'Facebook.',
  INSTAGRAM: 'Instagram.',
  LINKEDIN: 'LinkedIn.',
  TIKTOK: 'TikTok.',
  TWITTER: { wire: ['TWITTER', 'X'], description: 'Twitter, now X.' },
});

const SocialAccount = builder.objectRef<Schema<'AccountInfoDto'>>('SocialAccount');
SocialAccount.implement({
  description: 'The account on a network that a connection was made with.',
  fields: (t) => ({
    networkAccountId: t.exposeID('network_account_id', { description: 'Its id on its network.' }),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Its network.'),
    displayName: t.exposeString('display_name', { description: 'Name that it shows.' }),
    username: t.exposeString('username', { description: 'Name that it logs in with.' }),
    url: t.exposeString('account_url', { description: 'Its page. Facebook and Instagram have none.' }),
    imageUrl: t.exposeString('image_url', { description: 'Its picture.' }),
  }),
});

export const SocialConnection = builder.objectRef<SocialConnectionRow>('SocialConnection');
export const SocialProfile = builder.objectRef<SocialProfileRow>('SocialProfile');

const SocialConnectionStatus = builder.objectRef<Schema<'ConnectionStatusDto'>>('SocialConnectionStatus');
SocialConnectionStatus.implement({
  description:
    'Whether a connection works. A broken one can be mended only in the web application, by connecting again.',
  fields: (t) => ({
    hasToken: t.exposeBoolean('has_token', { description: 'Whether there is a token for the network.' }),
    tokenIsValid: t.exposeBoolean('token_is_valid', { description: 'Whether the network takes the token.' }),
    tokenHasScopes: t.exposeBoolean('token_has_scopes', {
      description: 'Whether the token allows all that is needed.',
    }),
    isActiveUser: t.exposeBoolean('is_active_user', {
      description: 'Whether any profile of the account is connected.',
    }),
    rateLimited: t.exposeBoolean('rate_limited', {
      description: 'Whether the network turns requests away for the time being, because there were too many.',
    }),
    error: t.exposeString('error', { description: 'What went wrong; null when nothing did.' }),
    networkStatus: t.exposeInt('status', {
      description: 'Status that the network answered with; there is one only when something went wrong.',
    }),
  }),
});

SocialConnection.implement({
  description:
    'The right to use an account on a social network. One connection can bring several profiles along.',
  fields: (t) => ({
    account: t.expose('account_info', { type: SocialAccount, description: 'The account on the network.' }),
    status: t.expose('connection_status', {
      type: SocialConnectionStatus,
      description: 'Whether the connection works.',
    }),
    profiles: t.field({
      type: [SocialProfile],
      nullable: { list: true, items: false },
      description: 'Profiles that came with it: those of the same account on the same network.',
      queryCost: cost.scan(socialProfiles, { rows: 10 }),
      resolve: resolvers.profilesOfConnection,
    }),
  }),
});

SocialProfile.implement({
  description:
    'A place on a social network that posts go to, such as a page. What the API says of it can be 15 minutes old.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'SocialProfile', 'profile_id'),
    profileId: rawIdField(t, 'profile_id', "Constant Contact's own id of the profile."),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Its network.', { nullable: false }),
    name: t.exposeString('name', { description: 'Name that it shows.' }),
    handle: t.exposeString('handle', {
      description: 'Short name on the network; null where the network has none (Facebook).',
    }),
    url: t.exposeString('url', { description: 'Its page.' }),
    imageUrl: t.exposeString('image_url', { description: 'Its picture.' }),
    connected: t.boolean({
      nullable: false,
      description:
        'Whether it is connected. Posts go to connected profiles only. False if the API leaves it out.',
      resolve: ({ connected }) => textIn(connected)?.toLowerCase() === 'true',
    }),
    accessible: t.exposeBoolean('accessible', {
      description:
        'Whether it can be posted to right now; a post to one that cannot fails. The call is slower with it: the API asks each network.',
      queryCost: cost.none,
    }),
    settings: t.expose('settings', {
      type: 'JSON',
      description:
        'What the network allows, as it is; TikTok alone tells something. The call is slower with it.',
      queryCost: cost.none,
    }),
    networkProfileId: t.exposeID('network_profile_id', { description: 'Its id on its network.' }),
    networkUserId: t.exposeID('network_user_id', {
      description: 'Id of the user on the network whom it belongs to.',
    }),
    account: t.expose('account_info', {
      type: SocialAccount,
      description: 'The account on the network that it came with.',
    }),
    connection: t.field({
      type: SocialConnection,
      description: 'The connection that it came with, found by network and account.',
      queryCost: cost.scan(socialConnections),
      resolve: resolvers.connectionOfProfile,
    }),
  }),
});

builder.asEntity(SocialProfile, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ profileId: string }>('profileId')],
  resolveReference: (key, { loaders }) =>
    byReference('SocialProfile', key, 'profileId', (id) => loaders.socialProfiles.load(id)),
});

const SocialHashtagGroup = builder.objectRef<HashtagGroupRow>('SocialHashtagGroup');
SocialHashtagGroup.implement({
  description: 'Hashtags that are used together.',
  fields: (t) => ({
    hashtagGroupId: t.exposeID('hashtag_group_id', { description: 'Id of the group.' }),
    name: requiredText(t, 'hashtag_group_name', 'Name of the group, at most 150 characters.'),
    hashtags: requiredTexts(
      t,
      ({ hashtag_names }) => hashtag_names,
      'The hashtags in their order, without the # in front; at most 30 characters each.',
    ),
  }),
});

const SocialHashtagGroupConnection = connectionType('SocialHashtagGroup', SocialHashtagGroup, {
  of: 'hashtag groups',
  totalCount: 'All hashtag groups of the account.',
});

builder.queryFields((t) => ({
  socialProfile: t.field({
    type: SocialProfile,
    description: 'One profile by id; null when it does not exist.',
    queryCost: cost.scan(socialProfiles),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the profile.' }) },
    resolve: resolvers.socialProfile,
  }),
  socialProfiles: t.field({
    type: [SocialProfile],
    nullable: { list: true, items: false },
    description: 'All profiles of the account.',
    queryCost: cost.scan(socialProfiles, { rows: 50 }),
    resolve: (parent, args, context) => resolvers.socialProfiles(parent, args, context),
  }),
  socialConnections: t.field({
    type: [SocialConnection],
    nullable: { list: true, items: false },
    description: 'All connections to social networks.',
    queryCost: cost.scan(socialConnections, { rows: 50 }),
    resolve: (parent, args, context) => resolvers.socialConnections(parent, args, context),
  }),
  socialHashtagGroups: t.field({
    type: SocialHashtagGroupConnection,
    description: 'Hashtag groups of the account.',
    queryCost: cost.pages(hashtagGroups, { first: resolvers.HASHTAG_GROUPS_FIRST }),
    args: connectionArgs(t.arg, { defaultFirst: resolvers.HASHTAG_GROUPS_FIRST }),
    resolve: resolvers.socialHashtagGroups,
  }),
}));

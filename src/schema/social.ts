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
import { rawId } from '../resolvers/support/global-id.js';
import { textIn } from './answer-values.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { entity } from './entity.js';
import { enumFields, openEnum } from './enums.js';
import { globalId, rawIdField, requiredText, requiredTexts } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

/** Also used by posts. */
export const SocialNetwork = openEnum('SocialNetwork', 'Social network that posts go to.', {
  FACEBOOK: 'Facebook.',
  INSTAGRAM: 'Instagram.',
  LINKEDIN: 'LinkedIn.',
  TIKTOK: 'TikTok.',
  TWITTER: { wire: ['TWITTER', 'X'], description: 'Twitter, now X.' },
});

const SocialAccount = builder.objectRef<Schema<'AccountInfoDto'>>('SocialAccount').implement({
  description: 'Account on a social network that a connection uses.',
  fields: (t) => ({
    networkAccountId: t.exposeID('network_account_id', { description: 'ID of the account on its network.' }),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Network of the account.'),
    displayName: t.exposeString('display_name', { description: 'Display name of the account.' }),
    username: t.exposeString('username', { description: 'Login name of the account.' }),
    url: t.exposeString('account_url', {
      description: 'Address of the page of the account. `null` for Facebook and Instagram.',
    }),
    imageUrl: t.exposeString('image_url', { description: 'Address of the image of the account.' }),
  }),
});

export const SocialConnection = builder.objectRef<SocialConnectionRow>('SocialConnection');
export const SocialProfile = builder.objectRef<SocialProfileRow>('SocialProfile');

const SocialConnectionStatus = builder.objectRef<Schema<'ConnectionStatusDto'>>('SocialConnectionStatus');
SocialConnectionStatus.implement({
  description:
    'State of a connection. A broken connection can be repaired only in the web application, by connecting again.',
  fields: (t) => ({
    hasToken: t.exposeBoolean('has_token', { description: 'True when there is a token for the network.' }),
    tokenIsValid: t.exposeBoolean('token_is_valid', {
      description: 'True when the network accepts the token.',
    }),
    tokenHasScopes: t.exposeBoolean('token_has_scopes', {
      description: 'True when the token has all required scopes.',
    }),
    isActiveUser: t.exposeBoolean('is_active_user', {
      description: 'True when at least one profile of the account is connected.',
    }),
    rateLimited: t.exposeBoolean('rate_limited', {
      description: 'True when the network temporarily rejects requests, because there were too many.',
    }),
    error: t.exposeString('error', { description: 'Error message. `null` when there was no error.' }),
    networkStatus: t.exposeInt('status', {
      description: 'Status that the network returned. `null` unless there was an error.',
    }),
  }),
});

SocialConnection.implement({
  description:
    'Authorization to use an account on a social network. A connection can include several profiles.',
  fields: (t) => ({
    account: t.expose('account_info', { type: SocialAccount, description: 'Account on the network.' }),
    status: t.expose('connection_status', {
      type: SocialConnectionStatus,
      description: 'State of the connection.',
    }),
    profiles: t.field({
      type: [SocialProfile],
      description: 'Profiles of the connection: those of the same account on the same network.',
      queryCost: cost.scan(socialProfiles, { rows: 10 }),
      resolve: resolvers.profilesOfConnection,
    }),
  }),
});

SocialProfile.implement({
  description:
    'Place on a social network that posts go to, such as a page. The data of the API can be 15 minutes old.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'SocialProfile', 'profile_id'),
    profileId: rawIdField(t, 'profile_id', 'Constant Contact ID.'),
    ...enumFields(t, 'network', 'network', SocialNetwork, 'Network of the profile.', { nullable: false }),
    name: t.exposeString('name', { description: 'Display name of the profile.' }),
    handle: t.exposeString('handle', {
      description: 'Short name on the network. `null` when the network has none (Facebook).',
    }),
    url: t.exposeString('url', { description: 'Address of the page of the profile.' }),
    imageUrl: t.exposeString('image_url', { description: 'Address of the image of the profile.' }),
    connected: t.boolean({
      nullable: false,
      description:
        'True when the profile is connected. Posts go only to connected profiles. False when the API omits it.',
      resolve: ({ connected }) => textIn(connected)?.toLowerCase() === 'true',
    }),
    accessible: t.exposeBoolean('accessible', {
      description:
        'True when the network currently accepts posts to the profile; otherwise a post fails. Selecting it makes the call slower, because the API asks each network.',
      queryCost: cost.none,
    }),
    settings: t.expose('settings', {
      type: 'JSON',
      description:
        'Settings that the network allows, as JSON. Only TikTok has any. Selecting it makes the call slower.',
      queryCost: cost.none,
    }),
    networkProfileId: t.exposeID('network_profile_id', { description: 'ID of the profile on its network.' }),
    networkUserId: t.exposeID('network_user_id', {
      description: 'ID of the user on the network who owns the profile.',
    }),
    account: t.expose('account_info', {
      type: SocialAccount,
      description: 'Account on the network that the profile belongs to.',
    }),
    connection: t.field({
      type: SocialConnection,
      description: 'Connection of the profile, found by network and account.',
      queryCost: cost.scan(socialConnections),
      resolve: resolvers.connectionOfProfile,
    }),
  }),
});

entity(SocialProfile, 'SocialProfile', 'profileId', (id, { loaders }) => loaders.socialProfiles.load(id));

const SocialHashtagGroup = builder.objectRef<HashtagGroupRow>('SocialHashtagGroup').implement({
  description: 'Group of hashtags that are used together.',
  fields: (t) => ({
    hashtagGroupId: t.exposeID('hashtag_group_id', { description: 'ID of the group.' }),
    name: requiredText(t, 'hashtag_group_name', 'Group name, at most 150 characters.'),
    hashtags: requiredTexts(
      t,
      ({ hashtag_names }) => hashtag_names,
      'Hashtags in order, without the leading #; at most 30 characters each.',
    ),
  }),
});

const SocialHashtagGroupConnection = connectionType('SocialHashtagGroup', SocialHashtagGroup, {
  of: 'hashtag groups',
  totalCount:
    'Number of hashtag groups in the account, not only on this page. `null`, with an error, above 2,147,483,647, the largest `Int`.',
});

builder.queryFields((t) => ({
  socialProfile: t.field({
    type: SocialProfile,
    description: 'A social profile by its ID. `null` when it does not exist.',
    queryCost: cost.scan(socialProfiles),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the profile.' }),
    },
    resolve: (_parent, { id }, { loaders }) =>
      loaders.socialProfiles.load(rawId('SocialProfile', id, ['id'])),
  }),
  socialProfiles: t.field({
    type: [SocialProfile],
    description: 'All social profiles of the account.',
    queryCost: cost.scan(socialProfiles, { rows: 50 }),
    resolve: (_parent, _args, { loaders }) => loaders.socialProfiles.all(),
  }),
  socialConnections: t.field({
    type: [SocialConnection],
    description: 'Accounts on social networks that are connected to this account.',
    queryCost: cost.scan(socialConnections, { rows: 50 }),
    resolve: (_parent, _args, { loaders }) => loaders.socialConnections.all(),
  }),
  socialHashtagGroups: t.field({
    type: SocialHashtagGroupConnection,
    description: 'Hashtag groups of the account.',
    queryCost: cost.pages(hashtagGroups, { first: resolvers.HASHTAG_GROUPS_FIRST }),
    args: connectionArgs(t.arg, { defaultFirst: resolvers.HASHTAG_GROUPS_FIRST }),
    resolve: resolvers.socialHashtagGroups,
  }),
}));

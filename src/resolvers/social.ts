import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import {
  connectionKey,
  hashtagGroups as hashtagGroupLoader,
  type HashtagGroup,
  type SocialConnection,
  type SocialProfile,
} from '../loaders/social.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { isCovered, selectionTree } from './support/selection.js';

/** Default of `first` for hashtag groups: one page. */
export const HASHTAG_GROUPS_FIRST = hashtagGroupLoader.cost.pageSize;

export function socialHashtagGroups(
  _parent: unknown,
  args: ConnectionArgs,
  { loaders }: Context,
): Promise<Connection<HashtagGroup>> {
  return paginate(args, loaders.hashtagGroups.list(), { defaultFirst: HASHTAG_GROUPS_FIRST });
}

/** The connection of a profile: the one of the same account and network. */
export async function connectionOfProfile(
  profile: SocialProfile,
  _args: unknown,
  { loaders }: Context,
): Promise<SocialConnection | null> {
  const key = keyOfProfile(profile);
  return key === undefined ? null : loaders.socialConnections.load(key);
}

/** The profiles of a connection. */
export async function profilesOfConnection(
  { account_info }: SocialConnection,
  _args: unknown,
  { loaders }: Context,
): Promise<SocialProfile[]> {
  const key = connectionKey(account_info?.network, account_info?.network_account_id);
  if (key === undefined) return [];
  return (await loaders.socialProfiles.all()).filter((profile) => keyOfProfile(profile) === key);
}

function keyOfProfile({ network, account_info, network_user_id }: SocialProfile): string | undefined {
  return connectionKey(network, account_info?.network_account_id ?? network_user_id);
}

/** The profile of a post: properties in the post cost no call, the others one read of all profiles. */
export function profileOfPost(
  target: Schema<'ProfilePostProfileDto'>,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): SocialProfile | Promise<SocialProfile | null> {
  const { profile_id, profile_name: name, network, image_url } = target;
  const known = [
    'id',
    'profileId',
    ...(name === undefined ? [] : ['name']),
    ...(network === undefined ? [] : ['network', 'networkRaw']),
    ...(image_url === undefined ? [] : ['imageUrl']),
  ];
  return isCovered(selectionTree(info), known)
    ? ({ profile_id, name, network, image_url } as SocialProfile)
    : loaders.socialProfiles.load(profile_id);
}

export interface SocialPostSetting {
  network: string;
  name: string;
  value: string;
}

/** Settings of a post as a list: the API has a map of maps. */
export function postSettings({ settings }: Schema<'ProfilePostDto'>): SocialPostSetting[] | null {
  if (!settings) return null;
  return Object.entries(settings).flatMap(([network, values]) =>
    Object.entries(Object(values) as Record<string, unknown>).map(([name, value]) => ({
      network,
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  );
}

import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { word } from '../constant-contact/words.js';
import { whole } from './makers/collection.js';
import { paged } from './makers/pages.js';

export type SocialProfile = Schema<'ProfileDto'>;
export type SocialConnection = Schema<'ConnectionDto'>;
export type HashtagGroup = Schema<'HashtagGroupDto'>;

/**
 * Profiles. `include=accessible` is set only if its properties are selected, because it makes the API slower.
 */
export const socialProfiles = whole({
  noun: 'social profiles',
  family: 'social',
  key: 'profile_id',
  variants: {
    plain: {},
    accessible: {
      includeParams: { include: ['accessible'] },
      when: (wants) => wants('SocialProfile', 'accessible', 'settings'),
    },
  },
  read: ({ api }, query: QueryParams<'getSocialProfilesUsingGET'>): Promise<readonly SocialProfile[]> =>
    api.call('getSocialProfilesUsingGET', { query }),
});

export const socialConnections = whole<SocialConnection>({
  noun: 'social connections',
  family: 'social',
  key: ({ account_info }) => connectionKey(account_info?.network, account_info?.network_account_id),
  read: async ({ api }) => (await api.call('getSocialConnectionsUsingGET', {})).connections,
});

export const hashtagGroups = paged({
  noun: 'hashtag groups',
  reads: 'getSocialHashtagGroupsUsingGET',
  rows: (body): readonly HashtagGroup[] => body.hashtag_groups ?? [],
  total: (body) => body.page?.total_elements,
  key: 'hashtag_group_id',
  // Contract: `limit`.
  pageSize: 5,
  countedRows: 15,
});

/** Key of a connection: account IDs are unique only within their network. */
export function connectionKey(
  network: string | null | undefined,
  accountId: string | null | undefined,
): string | undefined {
  const name = word(network);
  return name && accountId ? `${name} ${accountId}` : undefined;
}

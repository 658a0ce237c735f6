import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { pages, type PageSource } from './makers/pages.js';
import { scan, type Scan } from './makers/scan.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type SocialProfile = Schema<'ProfileDto'>;
export type SocialConnection = Schema<'ConnectionDto'>;
export type HashtagGroup = Schema<'HashtagGroupDto'>;

/** Most hashtag groups that the API gives at once (contract: `limit`). */
export const HASHTAG_GROUPS_PER_PAGE = 5;

export interface SocialLoaders {
  /** Profiles, whole; with what `include=accessible` adds when that is selected, because it makes the API slower. */
  profile: Scan<SocialProfile>;
  connection: Scan<SocialConnection>;
  hashtagGroups(): PageSource<HashtagGroup>;
  clear(): void;
}

/** Social networks: SCAN for profiles and for connections, which come whole; pages of five for hashtag groups. */
export function socialLoaders(api: Api, wants: Wants): SocialLoaders {
  const ACCESSIBLE = 'profiles:accessible';
  /** Whether more than is wanted is kept, which answers as well; asked for once, because it may go while it is read. */
  let kept: boolean | undefined;
  const accessible = () =>
    wants('SocialProfile', 'accessible', 'settings') ||
    (kept ??= api.peek('social', ACCESSIBLE) !== undefined);
  const profile = scan(api, {
    family: 'social',
    variant: () => (accessible() ? ACCESSIBLE : 'profiles'),
    read: () =>
      api.call('getSocialProfilesUsingGET', { query: accessible() ? { include: ['accessible'] } : {} }),
    key: (row) => row.profile_id,
  });
  const connection = scan(api, {
    family: 'social',
    variant: () => 'connections',
    read: async () => (await api.call('getSocialConnectionsUsingGET', {})).connections ?? [],
    key: (row) => connectionKey(row.account_info?.network, row.account_info?.network_account_id),
  });
  return {
    profile,
    connection,
    hashtagGroups: () =>
      pages(api, 'getSocialHashtagGroupsUsingGET', {
        maxPage: HASHTAG_GROUPS_PER_PAGE,
        rows: (body) => body.hashtag_groups,
        total: (body) => body.page?.total_elements,
        key: (group) => group.hashtag_group_id,
      }),
    clear: () => {
      kept = undefined;
      profile.clear();
      connection.clear();
    },
  };
}

/** What a connection is found by: ids of accounts are unique within their network only. */
export function connectionKey(
  network: string | null | undefined,
  accountId: string | null | undefined,
): string | undefined {
  return network && accountId ? `${network.toLowerCase()} ${accountId}` : undefined;
}

export const hashtagGroups = {
  cost: { costClass: 'PAGES', rows: 'hashtag groups', pageSize: HASHTAG_GROUPS_PER_PAGE },
} as const satisfies Costs;

export const socialProfiles = {
  cost: { costClass: 'WHOLE', rows: 'social profiles' },
} as const satisfies Costs;

export const socialConnections = {
  cost: { costClass: 'WHOLE', rows: 'social connections' },
} as const satisfies Costs;

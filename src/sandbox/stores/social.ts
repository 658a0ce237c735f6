import type { Schema } from '../../constant-contact/contract/operations.js';
import { Collection } from '../store.js';

export interface SocialConnectionRow {
  /** The account's id on its network. */
  readonly network_account_id: string;
  readonly network: string;
  readonly display_name: string;
  readonly username: string;
  readonly image_url: string;
  /** Facebook and Instagram have none. */
  readonly account_url: string | null;
  /** Last error of the network; null without an error. */
  error: string | null;
  token_is_valid: boolean;
  rate_limited: boolean;
}

export interface SocialProfileRow {
  readonly profile_id: string;
  readonly network_profile_id: string;
  /** The connection of the profile. */
  readonly network_account_id: string;
  readonly network: string;
  readonly name: string;
  readonly handle: string | null;
  readonly url: string;
  readonly image_url: string;
  connected: boolean;
  accessible: boolean;
}

export interface HashtagGroupRow {
  readonly hashtag_group_id: string;
  readonly hashtag_group_name: string;
  readonly hashtag_names: readonly string[];
}

/** Social networks. Posts are kept for tests, although no operation reads them. */
export function socialStores() {
  return {
    socialConnections: new Collection<SocialConnectionRow>((row) => row.network_account_id),
    socialProfiles: new Collection<SocialProfileRow>((row) => row.profile_id),
    hashtagGroups: new Collection<HashtagGroupRow>((row) => row.hashtag_group_id),
    socialPosts: new Collection<Schema<'PostDto'> & { campaign_id: string }>((row) => row.campaign_id),
  };
}

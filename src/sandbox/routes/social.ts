import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { invalid } from '../errors.js';
import type { Handlers } from '../handler.js';
import type { SocialConnectionRow, SocialProfileRow } from '../stores/social.js';
import { instant } from '../model/instant.js';

const GROUPS = 5;
/** Maximum length of a cleaned name. */
const NAME_MAX = 80;

/** No operation reads posts. */
export const social = {
  getSocialProfilesUsingGET: ({ account, query }) => {
    const accessible = query.include?.includes('accessible') ?? false;
    return {
      status: 200,
      body: [...account.socialProfiles].map((row) => profileDto(account, row, accessible)),
    };
  },

  getSocialConnectionsUsingGET: ({ account }) => ({
    status: 200,
    body: {
      connections: [...account.socialConnections].map((row) => ({
        account_info: accountDto(row),
        connection_status: statusDto(account, row),
      })),
    },
  }),

  getSocialHashtagGroupsUsingGET: ({ account, query }) => {
    const { limit = GROUPS, page = 0 } = query;
    const groups = [...account.hashtagGroups];
    const pages = Math.ceil(groups.length / limit);
    const next =
      page + 1 < pages ? { href: `/v3/social/hashtags/groups?page=${page + 1}&limit=${limit}` } : null;
    return {
      status: 200,
      body: {
        hashtag_groups: groups.slice(page * limit, (page + 1) * limit).map((row) => ({
          ...row,
          hashtag_names: [...row.hashtag_names],
        })),
        page: { page, size: limit, total_elements: groups.length, total_pages: pages },
        _links: next ? { next } : {},
      },
    };
  },

  createSocialPostUsingPOST: ({ account, body, now }) => {
    const { status, name, scheduled_time, profile_posts } = body;
    if (status !== 'DRAFT' && status !== 'SCHEDULED') throw invalid('status must be DRAFT or SCHEDULED.');
    const at = scheduled_time === undefined ? now : instant('scheduled_time', scheduled_time);
    const scheduled = status === 'SCHEDULED';
    if (scheduled && profile_posts.some(({ profiles }) => profiles.length === 0)) {
      throw invalid('A scheduled post requires a profile.');
    }
    const post = account.socialPosts.add(
      compact<Schema<'PostDto'> & { campaign_id: string }>({
        campaign_id: account.ids.uuid('social-post'),
        name: cleanName(name) || `Social post ${account.ids.number('social-post-name')}`,
        status,
        scheduled_time: scheduled ? millis(at) : null,
        profile_posts: profile_posts.map((post) => postDto(account, post, status, scheduled ? at : now)),
      }),
    );
    return { status: 201, body: post };
  },
} satisfies Handlers;

function profileDto(account: Account, row: SocialProfileRow, accessible: boolean): Schema<'ProfileDto'> {
  const connection = account.socialConnections.get(row.network_account_id);
  const settings = {
    content: {
      comment_disabled: false,
      duet_disabled: true,
      stitch_disabled: true,
      max_video_post_duration_sec: 600,
    },
  };
  return compact<Schema<'ProfileDto'>>({
    profile_id: row.profile_id,
    network: row.network,
    network_profile_id: row.network_profile_id,
    network_user_id: row.network_account_id,
    name: row.name,
    handle: row.handle,
    url: row.url,
    image_url: row.image_url,
    connected: row.connected,
    account_info: connection && accountDto(connection),
    ...(accessible && { accessible: row.accessible }),
    ...(accessible && row.network === 'tiktok' && { settings }),
  });
}

function accountDto(row: SocialConnectionRow): Schema<'AccountInfoDto'> {
  const { network, network_account_id, display_name, username, image_url, account_url } = row;
  return compact<Schema<'AccountInfoDto'>>({
    network,
    network_account_id,
    display_name,
    username,
    image_url,
    account_url,
  });
}

function statusDto(account: Account, row: SocialConnectionRow): Schema<'ConnectionStatusDto'> {
  return compact<Schema<'ConnectionStatusDto'>>({
    has_token: true,
    token_has_scopes: true,
    token_is_valid: row.token_is_valid,
    rate_limited: row.rate_limited,
    is_active_user: [...account.socialProfiles].some(
      (profile) => profile.connected && profile.network_account_id === row.network_account_id,
    ),
    error: row.error,
    status: row.error === null ? null : 401,
  });
}

function postDto(
  account: Account,
  post: Schema<'ProfilePostDto'>,
  status: string,
  at: number,
): Schema<'ProfilePostDto'> {
  return compact<Schema<'ProfilePostDto'>>({
    post_content_id: account.ids.uuid('social-content'),
    text: post.text,
    images: post.images?.map(({ url }) => ({ url, image_id: account.ids.uuid('social-image') })),
    settings: post.settings,
    profiles: post.profiles.map(({ profile_id }) => {
      const profile = account.socialProfiles.get(profile_id);
      if (!profile) throw invalid('profile_id does not exist.');
      if (!profile.connected) throw invalid('The profile is not connected.');
      return compact<Schema<'ProfilePostProfileDto'>>({
        profile_id,
        profile_name: profile.name,
        network: profile.network,
        image_url: profile.image_url,
        account_username: account.socialConnections.get(profile.network_account_id)?.username,
        campaign_activity_id: account.ids.uuid('social-activity'),
        campaign_activity_status: status,
        campaign_activity_status_date: millis(at),
      });
    }),
  });
}

const cleanName = (name: string | undefined): string =>
  (name ?? '')
    .replace(/[<>{}]/g, '')
    .trim()
    .slice(0, NAME_MAX);

import type { Account } from '../account.js';
import { Random } from '../random.js';
import type { SocialConnectionRow } from '../stores/social.js';

const IMAGES = 'https://images.harborlight.example/social';

type Profile = readonly [name: string, handle: string | null, url: string, connected: boolean];

/** Connections and their profiles. */
const CONNECTIONS: readonly {
  readonly network: string;
  readonly username: string;
  readonly display_name: string;
  readonly account_url: string | null;
  readonly error?: string;
  readonly rate_limited?: boolean;
  readonly profiles: readonly Profile[];
}[] = [
  {
    network: 'facebook',
    username: 'harborlight.books',
    display_name: 'Harborlight Books',
    account_url: null,
    profiles: [
      ['Harborlight Books', null, 'https://social.example/facebook/harborlight', true],
      ['Harborlight Children’s Corner', null, 'https://social.example/facebook/harborlight-kids', true],
    ],
  },
  {
    network: 'instagram',
    username: 'harborlightbooks',
    display_name: 'Harborlight Books',
    account_url: null,
    profiles: [
      ['Harborlight Books', 'harborlightbooks', 'https://social.example/instagram/harborlight', true],
    ],
  },
  {
    network: 'linkedin',
    username: 'harborlight-books',
    display_name: 'Harborlight Books, Boston',
    account_url: 'https://social.example/linkedin/harborlight',
    error: 'The token has expired.',
    profiles: [['Harborlight Books', null, 'https://social.example/linkedin/harborlight-page', true]],
  },
  {
    network: 'tiktok',
    username: 'harborlight',
    display_name: 'Harborlight',
    account_url: 'https://social.example/tiktok/harborlight',
    rate_limited: true,
    profiles: [['Harborlight', 'harborlight', 'https://social.example/tiktok/harborlight', true]],
  },
  {
    network: 'facebook',
    username: 'harborlight.press',
    display_name: 'Harborlight Press',
    account_url: null,
    profiles: [['Harborlight Press', null, 'https://social.example/facebook/harborlight-press', false]],
  },
];

const GROUPS: readonly (readonly [name: string, tags: readonly string[]])[] = [
  ['New books', ['newrelease', 'bookstagram', 'tbr', 'reading']],
  ['Events', ['bookfair', 'authorevent', 'boston']],
  ['Children', ['picturebooks', 'storytime', 'readaloud']],
  ['Poetry', ['poetry', 'slam', 'openmic']],
  ['Workshops', ['letterpress', 'bookbinding', 'handmade']],
  ['Translation', ['intranslation', 'worldlit']],
  ['Fridays', ['fridayreads', 'weekend']],
  ['Crime', ['crimefiction', 'whodunit', 'noir']],
  ['Local', ['shoplocal', 'indiebookstore', 'boston', 'smallbusiness']],
  ['Second-hand', ['usedbooks', 'rarebooks']],
  ['Prizes', ['bookaward', 'shortlist']],
  ['2026', ['2026', 'bestof2026']],
];

/** Connections in different states, their profiles, and more than two pages of hashtag groups. */
export function seedSocial(account: Account): void {
  const random = new Random(account.seed, 'social');
  for (const { profiles, ...connection } of CONNECTIONS) {
    const row = account.socialConnections.add({
      network_account_id: String(100_000_000_000 + random.uint32()),
      image_url: `${IMAGES}/${connection.network}-account.png`,
      ...connection,
      error: connection.error ?? null,
      token_is_valid: connection.error === undefined,
      rate_limited: connection.rate_limited ?? false,
    });
    for (const profile of profiles) addProfile(account, random, row, profile);
  }
  for (const [hashtag_group_name, hashtag_names] of GROUPS) {
    account.hashtagGroups.add({
      hashtag_group_id: account.ids.uuid('hashtag-group'),
      hashtag_group_name,
      hashtag_names,
    });
  }
}

function addProfile(
  account: Account,
  random: Random,
  { network, network_account_id, token_is_valid }: SocialConnectionRow,
  [name, handle, url, connected]: Profile,
): void {
  account.socialProfiles.add({
    profile_id: account.ids.uuid('social-profile'),
    network_profile_id: String(200_000_000_000 + random.uint32()),
    network_account_id,
    network,
    name,
    handle,
    url,
    image_url: `${IMAGES}/${network}-profile.png`,
    connected,
    accessible: connected && token_is_valid,
  });
}

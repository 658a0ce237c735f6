import type { Account } from '../account.js';
import { DAY, SECOND } from '../dates.js';
import { Random } from '../random.js';
import type { CustomFieldRow, CustomFieldType } from '../stores/audience.js';

/** Name, description, share of the contacts in thousandths (0 for an empty list). A star marks favourites. */
const LISTS: readonly (readonly [string, string | null, number])[] = [
  ['*General Interest', 'Everybody who signed up without choosing a list', 620],
  ['*Monthly Newsletter', 'The first Tuesday of each month', 410],
  ['*Event Announcements', 'Readings, signings and workshops', 280],
  ['Customers', 'Bought at least once', 330],
  ['Volunteers', null, 45],
  ['*Donors', 'Gave in the last three years', 70],
  ['Members', null, 120],
  ['Lapsed Members', 'Did not renew', 60],
  ['Press', 'Journalists and bloggers', 20],
  ['Teachers', 'Schools and colleges', 55],
  ['Book Club – Fiction', null, 85],
  ['Book Club – History', null, 50],
  ["Children's Story Hour", 'Saturdays at ten', 65],
  ['Poetry Evenings', null, 40],
  ['Wholesale', 'Shops that buy from us', 25],
  ['Summer Sale', null, 150],
  ['Winter Sale', null, 140],
  ['Boston', 'People near the shop', 100],
  ['Online Store', 'Registered on the web site', 210],
  ['Trade Fair 2023', null, 35],
  ['Trade Fair 2024', null, 45],
  ['Survey 2024', 'Answered the reader survey', 80],
  ['Café Loyalty', null, 75],
  ['Gift Cards', null, 55],
  ['Français', 'La lettre en français', 40],
  ['Español', 'El boletín en español', 45],
  ['Deutsch', 'Der Rundbrief auf Deutsch', 30],
  ['日本語', null, 10],
  ['Students', 'Reduced prices', 60],
  ['Authors', 'Local authors and illustrators', 15],
  ['Staff', null, 8],
  ['Board', 'Minutes and invitations', 5],
  ['VIP', null, 12],
  ['Bounced Twice', 'Kept for clean-up', 18],
  ['Double Opt-In Test', null, 3],
  ['Autumn Festival', 'Not announced yet', 0],
  ['Scratch', null, 0],
  ['Import 2019', 'Moved from the old system', 90],
];

const TAGS =
  'fiction, non-fiction, poetry, history, science, travel, cooking, gardening, art, music, film, comics, crime, fantasy, biography, ' +
  'first purchase, repeat customer, big spender, gift buyer, wholesale lead, web sign-up, shop sign-up, phone order, trade fair, referral, ' +
  'instagram, facebook, google ads, flyer, local radio, ' +
  'attended 2021, attended 2022, attended 2023, attended 2024, no-show, speaker, sponsor, raffle winner, ' +
  'vegetarian, wheelchair access, parent, student, senior, teacher, librarian, ' +
  'needs call back, address checked, duplicate?, do not phone, prefers post, ' +
  'été, Ürün, ñandú, 読書, tag with spaces  inside, UPPER CASE, emoji 📚, a/b test A, a/b test B, never used';

const select = (display_type: string, ...labels: string[]): [CustomFieldRow['metadata'], string[]] => [
  { display_type },
  labels,
];

/** Label, type, metadata and choices: every type, dates in both versions. */
const FIELDS: readonly (readonly [string, CustomFieldType, CustomFieldRow['metadata']?, string[]?])[] = [
  ['Nickname', 'string'],
  ['Loyalty Card', 'string'],
  ['Referred By', 'string'],
  [
    'Preferred Branch',
    'single_select',
    ...select('dropdown', 'Harbor Road', 'Old Town', 'Airport', 'Online'),
  ],
  [
    'Favourite Genres',
    'multi_select',
    ...select('checkbox', 'Crime', 'Poetry', 'History', 'Science', 'Comics', 'Travel'),
  ],
  ['Contact Frequency', 'single_select', ...select('radio', 'Weekly', 'Monthly', 'Quarterly')],
  ['Books Bought', 'number', { integer: true, allow_negative: false }],
  ['Satisfaction', 'number', { integer: false, decimal_places: 1, allow_negative: false }],
  ['Account Balance', 'currency', { currency_code: 'USD', decimal_places: 2, allow_negative: true }],
  ['Lifetime Value', 'currency', { currency_code: 'USD', decimal_places: 2, allow_negative: false }],
  ['Pledge', 'currency', { currency_code: 'EUR', decimal_places: 2, allow_negative: false }],
  ['Member Since', 'date', { display_format: 'MM/DD/YYYY' }],
  ['Last Visit', 'date', { display_format: 'YYYY-MM-DD' }],
  ['Card Expires', 'date'],
  ['Next Appointment', 'datetime'],
  ['Last Order At', 'datetime'],
  ['Wheelchair Access', 'boolean'],
  ['Newsletter in Print', 'boolean'],
  ['Is Author', 'boolean'],
  ['About', 'text_area'],
  ['Dietary Needs', 'text_area'],
  ['Delivery Notes', 'text_area'],
  ['T-Shirt Size', 'single_select', ...select('dropdown', 'XS', 'S', 'M', 'L', 'XL', 'XXL')],
  ['Languages', 'multi_select', ...select('checkbox', 'English', 'Français', 'Español', 'Deutsch', '日本語')],
  [
    'How Did You Hear',
    'single_select',
    ...select('radio', 'Friend', 'Search', 'Social media', 'Radio', 'Other'),
  ],
  ['School', 'string'],
  ['Children', 'number', { integer: true, allow_negative: false }],
  ['Temperature Preference', 'number', { integer: false, decimal_places: 1, allow_negative: true }],
  ['Twitter Handle', 'string'],
  ['Legacy Code', 'string'],
];

/** Converts a label to a name: lower case, with underscores for other characters than letters and digits. */
export const customFieldName = (label: string): string =>
  label
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_');

/** The seeded lists with members, with the share of the contacts in thousandths. */
export const LIST_SHARES: readonly number[] = LISTS.map(([, , share]) => share);

/** 40 lists, 60 tags and 30 custom fields. */
export function seedGroups(account: Account): void {
  const random = new Random(account.seed, 'groups');
  seedLists(account, random);
  for (const name of TAGS.split(', ')) {
    const created_at = daysAgo(account, random.between(30, 1_800));
    account.tags.add({
      tag_id: account.ids.uuid('tag'),
      name: name.trim(),
      tag_source: 'Contact',
      created_at,
      updated_at: created_at + random.between(0, 20) * DAY,
    });
  }
  for (const field of FIELDS) seedField(account, random, ...field);
}

function seedLists(account: Account, random: Random): void {
  const add = (
    name: string,
    description: string | null,
    channel: 'email' | 'sms',
    deletedDaysAgo?: number,
  ): void => {
    const age = random.between(200, 2_100);
    const created_at = daysAgo(account, age);
    const sequence = account.lists.size < 30 ? String(1_000_000_001 + account.lists.size * 3) : null;
    account.lists.add({
      list_id: account.ids.uuid('list'),
      sequence_id: sequence,
      name: name.replace('*', ''),
      description,
      favorite: name.startsWith('*'),
      channel,
      created_at,
      updated_at: created_at + random.between(0, age - 190) * DAY,
      deleted_at: deletedDaysAgo === undefined ? null : daysAgo(account, deletedDaysAgo),
    });
  };
  for (const [name, description] of LISTS) add(name, description, 'email');
  add('Text Alerts', 'People who want text messages', 'sms');
  add('Spring Fair 2019', null, 'email', 150);
}

function seedField(
  account: Account,
  random: Random,
  label: string,
  type: CustomFieldType,
  metadata?: CustomFieldRow['metadata'],
  labels?: readonly string[],
): void {
  const created_at = daysAgo(account, random.between(300, 2_100));
  account.customFields.add({
    custom_field_id: account.ids.uuid('custom-field'),
    label,
    name: customFieldName(label),
    type,
    metadata: metadata ?? null,
    version: label === 'Card Expires' ? 1 : 2,
    choices:
      labels?.map((choice_label, i) => ({
        choice_id: i + 1,
        choice_label,
        display_order: i,
        created_at,
        updated_at: created_at,
      })) ?? null,
    created_at,
    updated_at: created_at + random.between(0, 200) * DAY,
  });
}

const daysAgo = (account: Account, days: number): number =>
  Math.floor((account.startedAt - days * DAY) / SECOND) * SECOND;

import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import type { Family } from './ages.js';

type Tag = (typeof operations)[OperationId]['tag'];

/**
 * Families that a write invalidates, by the vendor's name for its group of operations. Writing a contact leaves lists and
 * tags alone: it changes only how many members they have, and what is kept with such counts belongs to `contacts`. A
 * bulk activity works after its answer, so it invalidates once more when it is seen finished.
 */
export const INVALIDATED_BY: Readonly<Record<Tag, readonly Family[]>> = {
  'Account Services': ['account'],
  'Bulk Activities': ['contacts', 'lists', 'tags', 'custom-fields', 'segments'],
  Contacts: ['contacts'],
  'Contacts Custom Fields': ['custom-fields', 'contacts'],
  'Contact Lists': ['lists', 'contacts'],
  'Contact Tags': ['tags', 'contacts'],
  Segments: ['segments'],
  'Email Campaigns': ['campaigns', 'reports'],
  'Email Campaigns AB Tests': ['campaigns', 'reports'],
  'Email Scheduling': ['campaigns', 'reports'],
  'Email Reporting': [],
  'Contacts Reporting': [],
  'Landing Pages Reporting': [],
  'SMS Reporting': [],
  Events: ['events', 'campaigns', 'reports'],
  Social: ['social', 'campaigns'],
  Automations: ['automations', 'campaigns'],
  'Technology Partners': ['partner'],
  'Technology Partners Webhooks': ['partner'],
};

/** Families that a write invalidates: none for an export, the only one of its group that changes nothing. */
export function invalidatedBy(id: OperationId): readonly Family[] {
  return id === 'postContactsExport' ? [] : INVALIDATED_BY[operations[id].tag];
}

/** Family of the reads of a group. The state of a bulk activity is never cached, because its readers wait for its change. */
function familyOfReads(tag: Tag): Family | null {
  return tag === 'Bulk Activities' ? null : (INVALIDATED_BY[tag][0] ?? 'reports');
}

/** Counts of members, by the operations that tell them only when they are asked for. */
const COUNTED: Readonly<Partial<Record<OperationId, RegExp>>> = {
  getLists: /[?&]include_(?:sms_)?membership_count=/,
  getList: /[?&]include_(?:sms_)?membership_count=/,
  getTags: /[?&]include_count=true/,
  getTag: /[?&]include_count=true/,
};

/** The families of a read: the first has its age, and a write to any of them invalidates it. */
export type Families = readonly [Family, ...Family[]];

const FAMILIES_OF = new Map(
  (Object.keys(operations) as OperationId[]).map((id) => [id, familiesOfOperation(id)]),
);

function familiesOfOperation(id: OperationId): Families | null {
  const { method, path, rows }: OperationFacts = operations[id];
  const family = familyOfReads(operations[id].tag);
  if (method !== 'GET' || family === null) return null;
  // A preview has the account's address and owner.
  if (id === 'retrieveEmailCampaignActivityPreviewUsingGET') return [family, 'account'];
  // Rows of reports name contacts.
  const isOfContacts = rows === 'tracking_activities' || path.includes('{contact_id}');
  return family === 'reports' && isOfContacts ? [family, 'contacts'] : [family];
}

const OF_COUNTS: Families = ['contacts'];

/** Members of a segment follow from its criteria, which may ask for what contacts did with campaigns. */
const OF_MEMBERS: Families = ['contacts', 'segments', 'campaigns'];
const MEMBERS = /[?&]segment_id=/;

/**
 * The families of a read; null when it must not be kept.
 * @param path with its query string
 */
export function familiesOf(id: OperationId, path: string): Families | null {
  if (id === 'getContacts' && MEMBERS.test(path)) return OF_MEMBERS;
  return COUNTED[id]?.test(path) ? OF_COUNTS : (FAMILIES_OF.get(id) ?? null);
}

import type { Account } from '../account.js';
import { invalid } from '../errors.js';
import { hash } from '../random.js';
import type { ContactRow } from '../stores/audience.js';
import { hasStatus, isActive, isNewSubscriber } from './contact.js';
import { checkLists, checkTags } from './contact-parts.js';
import { segmentMembers } from './segment-criteria.js';

/** Sources of contacts for a bulk activity. */
export interface Source {
  contact_ids?: readonly string[] | undefined;
  list_ids?: readonly string[] | undefined;
  tag_ids?: readonly string[] | undefined;
  segment_id?: number | undefined;
  all_active_contacts?: boolean | undefined;
  new_subscriber?: boolean | undefined;
  engagement_level?: string | undefined;
}

export interface Selection {
  readonly rows: ContactRow[];
  /** Requested IDs that are unknown or deleted contacts. */
  readonly missing: string[];
}

type SourceName = keyof Source;

const EXCLUDING: readonly SourceName[] = ['all_active_contacts', 'list_ids', 'new_subscriber'];

/** Upper limits of the shares, in percent, for the simulated engagement of a contact. */
const ENGAGEMENT: Readonly<Record<string, readonly [number, number]>> = {
  high: [0, 25],
  medium: [25, 60],
  low: [60, 90],
  none: [90, 100],
};

/**
 * The contacts of a source, without excluded and deleted ones.
 * @throws Refusal 400 unless exactly one source is given, for an unknown list, tag or segment, and for
 * `exclude` with a source that does not support it
 */
export function select(
  account: Account,
  source: Source,
  exclude: { contact_ids?: readonly string[] } | undefined,
  now: number,
): Selection {
  const given = givenSources(source);
  const [name] = given;
  if (!name || given.length > 1) throw invalid('Exactly one source of contacts is required.');
  const excluded = new Set(exclude?.contact_ids ?? []);
  if (excluded.size > 0 && !EXCLUDING.includes(name))
    throw invalid(`exclude cannot be combined with ${name}.`);
  if (name === 'contact_ids') return selectIds(account, source.contact_ids ?? []);
  const test = sourceTest(account, source, name, now);
  const rows = account.contacts.filter(
    (row) => row.deleted_at === null && test(row) && !excluded.has(row.contact_id),
  );
  return { rows, missing: [] };
}

/** Names of the given sources: empty arrays and `false` do not count. */
export function givenSources(source: Source): SourceName[] {
  return (Object.keys(source) as SourceName[]).filter((name) => {
    const value = source[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
}

/** Returns a test for contacts of a source other than single IDs. */
export function sourceTest(
  account: Account,
  source: Source,
  name: SourceName,
  now: number,
): (row: ContactRow) => boolean {
  switch (name) {
    case 'list_ids': {
      const ids = new Set(checkLists(account, source.list_ids ?? []));
      return (row) => row.list_memberships.some((id) => ids.has(id));
    }
    case 'tag_ids': {
      const ids = new Set(checkTags(account, source.tag_ids ?? []));
      return (row) => row.taggings.some((id) => ids.has(id));
    }
    case 'segment_id': {
      const segment = account.segments.get(String(source.segment_id));
      if (segment?.deleted_at !== null) throw invalid(`segment_id ${source.segment_id} does not exist.`);
      return segmentMembers(account, segment);
    }
    case 'new_subscriber':
      return (row) => isNewSubscriber(row, now);
    case 'engagement_level':
      return engagementTest(source.engagement_level ?? '');
    case 'all_active_contacts':
      return isActive;
    case 'contact_ids': {
      const ids = new Set(source.contact_ids);
      return (row) => ids.has(row.contact_id);
    }
  }
}

/**
 * The status filter of exports: `active`, `unsubscribed`, `removed` (deleted), or one of the collection's.
 */
export function exportStatusTest(status: string | undefined): (row: ContactRow) => boolean {
  if (status === undefined) return (row) => row.deleted_at === null;
  const name = status.toLowerCase();
  return (row) => hasStatus(row, name === 'removed' ? 'deleted' : name);
}

function selectIds(account: Account, ids: readonly string[]): Selection {
  const rows: ContactRow[] = [];
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const row = account.contacts.get(id);
    if (row?.deleted_at === null) rows.push(row);
    else missing.push(id);
  }
  return { rows, missing };
}

function engagementTest(level: string): (row: ContactRow) => boolean {
  const range = ENGAGEMENT[level.toLowerCase()];
  if (!range) throw invalid(`${level} is not an engagement_level.`);
  const [low, high] = range;
  return (row) => {
    const place = (hash(`${row.contact_id}:engagement`) >>> 0) % 100;
    return isActive(row) && place >= low && place < high;
  };
}

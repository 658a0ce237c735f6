import { parseDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { contacts, type Contact, type ContactFilter, type Contacts } from './contact.js';
import type { Loader } from './makers/loader.js';
import type { PageSource } from './makers/page-source.js';
import type { CostOf } from './cost.js';

/** Kinds of changes, in the order in which the collections are read. */
const CONTACT_CHANGE_KINDS = ['CREATED', 'UPDATED', 'OPTED_OUT', 'DELETED'] as const;
type ContactChangeKind = (typeof CONTACT_CHANGE_KINDS)[number];

export interface ContactChange {
  contact: Contact;
  kinds: readonly ContactChangeKind[];
  /** Time of the last of these changes. */
  changedAt: Date;
}

/** From `since` (inclusive) to `end` (exclusive), in milliseconds since the epoch, whole seconds. */
interface ChangeWindow {
  since: number;
  end: number;
}

export interface ContactChangeSource extends PageSource<ContactChange> {
  /** Position of the first page of a walk through the changes before `end`. */
  start(end: number): string;
  /** End of the window of a position; NaN for an invalid position. */
  endOf(position: string): number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** It is not documented whether the API's date limits are inclusive, so slightly more is read. */
const MARGIN_MS = 1_000;
const POSITION = /^([0-3]):(\d{1,15}):(.*)$/s;

/**
 * Contacts that were created, updated, opted out or deleted since a time. No filter of the API finds all of
 * them, so four collections are read in sequence. Each contact shows which of them it is in, and is returned
 * in the first one only, so there are no duplicates and no state between pages. For that the window also has
 * a fixed end, set when the first page is read; later changes belong to the next window. A position consists
 * of the collection, that end and the place. Cost: 1 REST call per 500 created, per 500 updated and per 500
 * opted-out contacts, and 1 per 500 deleted contacts of the account, whenever they were deleted, because the
 * API cannot filter those.
 */
export const contactChanges: Loader<ContactChangesLoader, CostOf<'PAGES'>> = {
  cost: {
    costClass: 'PAGES',
    rows: 'contacts',
    reads: contacts.cost.reads,
    pageSize: contacts.cost.pageSize,
  },
  create: (scope) => ({ since: (time) => changesSince(scope.use(contacts), time) }),
};

export interface ContactChangesLoader {
  since(time: number): ContactChangeSource;
}

function changesSince(all: Contacts, since: number): ContactChangeSource {
  const sourceOf = (step: number, end: number) =>
    all.list(filterOf(step, { since, end }), { count: false, isContinuation: step > 0 });

  const read = (position: string): { step: number; end: number; place: string | null } => {
    const [, step = '', end = '', place = ''] = POSITION.exec(position) ?? [];
    if (step === '')
      throw new ConstantContactError('invalidRequest', 'This is not a position in the changes of contacts.');
    return { step: Number(step), end: Number(end), place: place || null };
  };

  const { maxPage } = sourceOf(0, since);
  return {
    maxPage,
    scope: ['contactChanges', since],
    key: ({ contact }) => contact.contact_id,
    start: (end) => positionOf(0, end, null),
    endOf: (position) => Number(POSITION.exec(position)?.[2] ?? NaN),
    check: (position, limit) => {
      const { step, end, place } = read(position);
      if (
        end % 1_000 !== 0 ||
        position !== positionOf(step, end, place) ||
        (place === null && limit !== maxPage)
      )
        throw new ConstantContactError(
          'invalidRequest',
          'This is not a position in the changes of contacts.',
        );
      if (place !== null) sourceOf(step, end).check(place, limit);
      return position;
    },
    sizeAt: (position) => {
      const { step, end, place } = read(position);
      return place === null ? maxPage : sourceOf(step, end).sizeAt?.(place);
    },
    async fetch(position) {
      if (position === null) throw new Error('a walk through changes requires a position to start from');
      const { step, end, place } = read(position);
      const page = await sourceOf(step, end).fetch(place, maxPage);
      const rows = [...page.rows]
        .map((contact) => changeOf(contact, { since, end }))
        .filter((change) => change?.kinds[0] === CONTACT_CHANGE_KINDS[step]) as ContactChange[];
      return {
        ...page,
        rows,
        next: nextOf(step, end, page.next),
        total: null,
        limit: maxPage,
        // Each collection may begin with a page without any of the changes.
        allKeys: [
          ...(place === null ? [String(step)] : []),
          ...page.rows.map((row) => `${String(step)} ${row.contact_id ?? ''}`),
        ],
      };
    },
  };
}

function nextOf(step: number, end: number, place: string | null): string | null {
  if (place !== null) return positionOf(step, end, place);
  return step + 1 < CONTACT_CHANGE_KINDS.length ? positionOf(step + 1, end, null) : null;
}

function positionOf(step: number, end: number, place: string | null): string {
  return [step, end, place ?? ''].join(':');
}

function filterOf(step: number, { since, end }: ChangeWindow): ContactFilter {
  const after = new Date(since - MARGIN_MS).toISOString();
  const before = new Date(end + MARGIN_MS).toISOString();
  switch (CONTACT_CHANGE_KINDS[step]) {
    case 'CREATED':
      return { status: 'all', created_after: after, created_before: before };
    case 'UPDATED':
      return { status: 'all', updated_after: after, updated_before: before };
    case 'OPTED_OUT':
      return { status: 'all', optout_after: after, optout_before: before };
    default:
      return { status: 'deleted' };
  }
}

/** Changes of a contact within a window; null when there are none. */
function changeOf(contact: Contact, { since, end }: ChangeWindow): ContactChange | null {
  const times = new Map<ContactChangeKind, number>();
  const note = (kind: ContactChangeKind, text: string | undefined, from: number, to: number): void => {
    const at = parseDate(text)?.getTime();
    if (at !== undefined && at >= from && at < to) times.set(kind, at);
  };
  note('CREATED', contact.created_at, since, end);
  note('UPDATED', contact.updated_at, since, end);
  // A new contact counts as updated only when it was changed after its creation.
  if (times.get('UPDATED') === times.get('CREATED')) times.delete('UPDATED');
  note('OPTED_OUT', contact.email_address?.opt_out_date, since, end);
  // Only the day of a deletion is known, perhaps in the time zone of the vendor. It counts from the day before the window, so it
  // is never missed.
  note('DELETED', contact.deleted_at, (Math.floor(since / DAY_MS) - 1) * DAY_MS, Infinity);
  if (times.size === 0) return null;
  return { contact, kinds: [...times.keys()], changedAt: new Date(Math.max(...times.values())) };
}

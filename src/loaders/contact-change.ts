import { parseDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { contacts, type Contact, type ContactFilter, type Contacts } from './contact.js';
import type { Clearable, Loader } from './makers/loader.js';
import type { PageSource } from './makers/page-source.js';
import type { CostOf } from './cost.js';

/** What can have happened to a contact, in the order in which it is looked for. */
const CONTACT_CHANGE_KINDS = ['CREATED', 'UPDATED', 'OPTED_OUT', 'DELETED'] as const;
type ContactChangeKind = (typeof CONTACT_CHANGE_KINDS)[number];

export interface ContactChange {
  contact: Contact;
  kinds: readonly ContactChangeKind[];
  /** When the last of them happened. */
  changedAt: Date;
}

/** From `since` on, up to and without `end`. Milliseconds since the epoch, whole seconds. */
interface ChangeWindow {
  since: number;
  end: number;
}

export interface ContactChangeSource extends PageSource<ContactChange> {
  /** Position of the first page of a walk through the changes before `end`. */
  start(end: number): string;
  /** The end of the window that a position belongs to; NaN for what is no position. */
  endOf(position: string): number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** It is not documented whether the API's bounds are part of what they bound: it is asked for a little more. */
const MARGIN_MS = 1_000;
const POSITION = /^([0-3]):(\d{1,15}):(.*)$/s;

/**
 * Contacts that changed since a time: made, changed, opted out or deleted. No filter of the API finds all of them, so
 * four collections are read one after the other. Every contact tells by itself which of them it is in, and is given in
 * the first of those only: none comes twice, and nothing has to be remembered from page to page. For that the window is
 * closed at its end, too, when the first page is read: what changes later belongs to the next one. A position names the
 * collection, that end, and the place.
 *
 * Cost: one call for each 500 contacts made, for each 500 changed and for each 500 that opted out, and one for each 500
 * deleted contacts of the account, whenever they were deleted: the API cannot filter those.
 */
export const contactChanges: Loader<ContactChangesLoader, CostOf<'PAGES'>> = {
  cost: { costClass: 'PAGES', rows: 'contacts', pageSize: contacts.cost.pageSize },
  create: (scope) => ({
    since: (time) => changesSince(scope.use(contacts), time),
    clear: () => undefined,
  }),
};

export interface ContactChangesLoader extends Clearable {
  since(time: number): ContactChangeSource;
}

function changesSince(all: Contacts, since: number): ContactChangeSource {
  const sourceOf = (step: number, end: number) => all.list(filterOf(step, { since, end }), { count: false });

  const read = (position: string): { step: number; end: number; place: string | null } => {
    const [, step = '', end = '', place = ''] = POSITION.exec(position) ?? [];
    if (step === '')
      throw new ConstantContactError('invalidRequest', 'This is not a position among changes.');
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
      if (end % 1_000 !== 0 || position !== positionOf(step, end, place) || limit !== maxPage)
        throw new ConstantContactError('invalidRequest', 'This is not a position among changes.');
      if (place !== null) sourceOf(step, end).check(place, maxPage);
      return position;
    },
    async fetch(position) {
      if (position === null) throw new Error('a walk through changes starts at a position');
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
        // Each collection may begin with a page that has none of the changes.
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

/** What happened to a contact within a window; null when nothing did. */
function changeOf(contact: Contact, { since, end }: ChangeWindow): ContactChange | null {
  const times = new Map<ContactChangeKind, number>();
  const note = (kind: ContactChangeKind, text: string | undefined, from: number, to: number): void => {
    const at = parseDate(text)?.getTime();
    if (at !== undefined && at >= from && at < to) times.set(kind, at);
  };
  note('CREATED', contact.created_at, since, end);
  note('UPDATED', contact.updated_at, since, end);
  // What is new counts as changed only when it was changed after it was made.
  if (times.get('UPDATED') === times.get('CREATED')) times.delete('UPDATED');
  note('OPTED_OUT', contact.email_address?.opt_out_date, since, end);
  // Only the day of a deletion is known: it counts from the start of the first day on, and is never too late.
  note('DELETED', contact.deleted_at, Math.floor(since / DAY_MS) * DAY_MS, Infinity);
  if (times.size === 0) return null;
  return { contact, kinds: [...times.keys()], changedAt: new Date(Math.max(...times.values())) };
}

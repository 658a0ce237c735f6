import type { Account } from '../account.js';
import { MINUTE, SECOND } from '../dates.js';
import { hash, Random } from '../random.js';
import type { ContactRow } from '../stores/audience.js';
import type { LandingPageRow } from '../stores/report.js';
import { DEVICES, type Device } from './engagement.js';

/** Kinds of activity on a landing page, in the terms of the contact reports. */
export type VisitKind =
  'p_contact_open' | 'p_contact_click' | 'p_contact_add' | 'p_contact_update' | 'p_contact_sms_optin';

/** An activity of a contact on a landing page. */
export interface Visit {
  readonly key: string;
  readonly kind: VisitKind;
  readonly contact: ContactRow;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly device?: Device;
  readonly link?: LandingPageRow['links'][number];
}

/** Percentage of the existing contacts that visit a landing page. */
const VISITORS = 9;

/**
 * Visits of a seeded contact to a landing page, oldest first. Derived from the IDs, so that they are always
 * the same. Contacts that created themselves did so on one of the pages; some others visited later.
 */
export function visitsOf(account: Account, page: LandingPageRow, contact: ContactRow): Visit[] {
  const { campaign_activity_id, created_at, links } = page;
  const since = Math.max(created_at, contact.created_at);
  if (since >= account.startedAt) return [];
  const label = `${campaign_activity_id}:${contact.contact_id}`;
  const isNew = contact.created_at >= created_at && originOf(account, contact) === page;
  if (!isNew && (hash(label) >>> 0) % 100 >= VISITORS) return [];
  const random = new Random(0, label);
  const device = random.pick(DEVICES);
  const visits: Visit[] = [];
  const add = (kind: VisitKind, at: number, more: Pick<Visit, 'device' | 'link'> = {}): void => {
    const key = `${contact.contact_id}:${String(visits.length)}`;
    visits.push({ key, kind, contact, at: Math.floor(at), ...more });
  };
  const at = isNew ? contact.created_at : since + random.next() * (account.startedAt - since - MINUTE);
  if (random.chance(0.3) && at - HALF_HOUR > created_at) add('p_contact_open', at - HALF_HOUR, { device });
  add('p_contact_open', isNew ? at - 40 * SECOND : at, { device });
  if (isNew) add('p_contact_add', at);
  else if (random.chance(0.3)) add('p_contact_update', at + 30 * SECOND);
  if (isNew && contact.sms?.permission === 'explicit') add('p_contact_sms_optin', at);
  if (links.length > 0 && random.chance(0.4)) {
    add('p_contact_click', at + 20 * SECOND, { device, link: random.pick(links) });
  }
  return visits;
}

const HALF_HOUR = 30 * MINUTE;

/** The page on which a contact was created, if any. */
function originOf({ landingPages }: Account, contact: ContactRow): LandingPageRow | undefined {
  if (contact.create_source !== 'Contact') return undefined;
  const open = landingPages.filter((page) => page.created_at <= contact.created_at);
  return open[(hash(`${contact.contact_id}:origin`) >>> 0) % Math.max(open.length, 1)];
}

import type { ResponseBody } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { seconds, spaced } from '../dates.js';
import { conflict, invalid, notFound } from '../errors.js';
import { csv, type Call, type Handlers, type Reply } from '../handler.js';
import { contactFilter, hasOtherFilters } from '../model/contact-filter.js';
import { checkLists } from '../model/contact-parts.js';
import { contactResource, INCLUDES, isNewSubscriber, softDelete } from '../model/contact.js';
import { createContact, putContact, signUp } from '../model/contact-write.js';
import { segmentMembers } from '../model/segment-criteria.js';
import type { ContactRow } from '../stores/audience.js';

const PAGE = 50;
const ALL = new Set<string>(INCLUDES);
const NONE: ReadonlySet<string> = new Set();

/** Contacts: collection, reads by ID, writes, sign-ups, counts and histories. */
export const contact = {
  getContacts: (call) => {
    if (call.query.segment_id !== undefined) return segmentContacts(call, call.query.segment_id);
    const where = contactFilter(call.query);
    const include = new Set(csv(call.query.include));
    const page = call.page.take(call.account.contacts, { limit: call.query.limit ?? PAGE, where });
    return {
      status: 200,
      body: {
        contacts: page.rows.map((row) => contactResource(row, include)),
        ...(call.query.include_count ? { contacts_count: call.account.contacts.count(where) } : {}),
        ...page.links,
      },
    };
  },

  getContact: (call) => {
    const row = find(call.account, call.path.contact_id);
    return { status: 200, body: contactResource(row, new Set(csv(call.query.include))) };
  },

  createContact: (call) => {
    const row = createContact(call.account, call.body, call.now);
    return { status: 201, body: contactResource(row, ALL) };
  },

  putContact: (call) => {
    const row = find(call.account, call.path.contact_id);
    putContact(call.account, row, call.body, call.now);
    const { sms_channel, ...rest } = contactResource(row, ALL);
    // A number that was not sent is kept, but the response leaves it out.
    return { status: 200, body: call.body.sms_channel ? { ...rest, sms_channel } : rest };
  },

  deleteContact: (call) => {
    const row = find(call.account, call.path.contact_id);
    if (row.deleted_at !== null) throw notFound('The contact is deleted.');
    softDelete(row, call.now);
    return { status: 204 };
  },

  createOrUpdateContact: (call) => {
    const { row, created } = signUp(call.account, call.body, call.now);
    const action = created ? 'created' : 'updated';
    return { status: created ? 201 : 200, body: { contact_id: row.contact_id, action } };
  },

  countContact: (call) => {
    const live = call.account.contacts.filter((row) => row.deleted_at === null);
    const having = (permission: string): number =>
      live.filter((row) => row.email?.permission_to_send === permission).length;
    return {
      status: 200,
      body: {
        total: live.length,
        explicit: having('explicit'),
        implicit: having('implicit'),
        pending: having('pending_confirmation'),
        unsubscribed: having('unsubscribed'),
        ...(call.query.include === 'new_subscriber'
          ? { new_subscriber: live.filter((row) => isNewSubscriber(row, call.now)).length }
          : {}),
      },
    };
  },

  resubscribeContact: (call) => {
    const row = find(call.account, call.path.contact_id);
    if (row.email?.permission_to_send !== 'unsubscribed') throw invalid('The contact is not unsubscribed.');
    if (row.resubscribe_asked_at !== null) throw conflict('The contact was asked to resubscribe before.');
    checkLists(call.account, call.body.list_ids);
    row.resubscribe_asked_at = call.now;
    return { status: 200 };
  },

  getSmsEngagementHistory: (call) => {
    const { contact_id, sms } = find(call.account, call.path.contact_id);
    const body = (sms?.history ?? []).map((entry) => ({
      contact_id,
      sms_channel_id: sms?.sms_channel_id ?? '',
      sms_channel_history_id: entry.sms_channel_history_id,
      insert_time: seconds(entry.insert_time),
      history_details: compact<HistoryDetails>({
        state: entry.state,
        source: entry.source,
        consent_type: 'P',
        consent_action_type: entry.consent_action_type,
        consent_action_time: spaced(entry.insert_time),
      }),
    }));
    return { status: 200, body };
  },

  getContactIdXrefs: (call) => {
    const ids = [...new Set(csv(call.query.sequence_ids))].sort((a, b) => Number(a) - Number(b));
    const xrefs = ids.flatMap((sequence_id) => {
      const row = call.account.contacts.first('sequence', sequence_id);
      return row ? [{ sequence_id, contact_id: row.contact_id }] : [];
    });
    return { status: 200, body: { xrefs } };
  },
} satisfies Handlers;

type HistoryDetails = NonNullable<ResponseBody<'getSmsEngagementHistory'>[number]['history_details']>;

/**
 * Members of a segment. They are computed on request: the first request since the start, or since the
 * criteria changed, is answered with 202 and must be repeated.
 */
function segmentContacts(call: Call<'getContacts'>, id: string): Reply<ResponseBody<'getContacts'>> {
  if (hasOtherFilters(call.query)) throw invalid('segment_id can be combined with limit only.');
  const segment = call.account.segments.get(id);
  if (segment?.deleted_at !== null) throw notFound('The segment does not exist.');
  if (!segment.computed) {
    segment.computed = true;
    return { status: 202, body: { contacts: [], status: 'processing' } };
  }
  const where = segmentMembers(call.account, segment);
  const page = call.page.take(call.account.contacts, { limit: call.query.limit ?? PAGE, where });
  const contacts = page.rows.map((row) => contactResource(row, NONE));
  return { status: 200, body: { contacts, ...page.links } };
}

function find(account: Account, id: string): ContactRow {
  const row = account.contacts.get(id);
  if (!row) throw notFound('contact_id does not exist.');
  return row;
}

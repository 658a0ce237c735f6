import type { OperationId, Schema } from '../../constant-contact/contract/operations.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { notFound } from '../errors.js';
import type { Call, Handlers, Reply } from '../handler.js';
import { visitsOf, type Visit, type VisitKind } from '../model/landing-visit.js';
import { contactPart, deviceText } from '../model/tracking-row.js';
import type { ContactRow } from '../stores/audience.js';

const PAGE = 50;

type Row = Schema<'PContactAddTrackingActivity'>;
type LandingPageId = Extract<
  OperationId,
  | 'getUniqueContactClicks'
  | 'getUniqueContactOpens'
  | 'getContactOpens'
  | 'getUniqueContactUpdates'
  | 'getContactAdds'
  | 'getUniqueContactSMSOptIns'
>;

/** Newest activity first. */
export const landingPageReport = {
  getContactOpens: (call) => visits(call, 'p_contact_open', { each: true }),
  getUniqueContactOpens: (call) => visits(call, 'p_contact_open'),
  getUniqueContactClicks: (call) =>
    visits<'getUniqueContactClicks', Schema<'PContactClickTrackingActivity'>>(call, 'p_contact_click'),
  getUniqueContactUpdates: (call) => visits(call, 'p_contact_update'),
  getContactAdds: (call) => visits(call, 'p_contact_add'),
  getUniqueContactSMSOptIns: (call) => visits(call, 'p_contact_sms_optin'),
} satisfies Handlers;

/** One page of a report: every visit of that kind, or the first one of each contact. */
function visits<Id extends LandingPageId, More extends Row = Row>(
  call: Call<Id>,
  kind: VisitKind,
  { each = false } = {},
): Reply<{ tracking_activities: More[] }> {
  const { account, page } = call;
  const { campaign_activity_id } = call.path as { campaign_activity_id: string };
  const { limit = PAGE, contacts_filter = '' } = call.query as { limit?: number; contacts_filter?: string };
  const landingPage = account.landingPages.get(campaign_activity_id);
  if (!landingPage) throw notFound('campaign_activity_id does not exist.');
  const found: Visit[] = [];
  for (const contact of account.contacts) {
    if (!isMeant(contact, contacts_filter.toLowerCase())) continue;
    const some = visitsOf(account, landingPage, contact).filter((visit) => visit.kind === kind);
    found.push(...(each ? some : some.slice(0, 1)));
  }
  const { rows, links } = page.take(
    found.sort((a, b) => b.at - a.at),
    { limit, key: ({ key }) => key },
  );
  const tracking_activities = rows.map(({ contact, at, device, link }) =>
    compact<Schema<'PContactClickTrackingActivity'>>({
      contact_id: contact.contact_id,
      campaign_activity_id,
      tracking_activity_type: kind,
      ...contactPart(contact),
      created_time: millis(at),
      device_type: deviceText(device),
      ...link,
      sms_channel: smsPart(contact),
    }),
  ) as Row[] as More[];
  return { status: 200, body: { tracking_activities, ...links } };
}

function isMeant({ first_name, last_name, email }: ContactRow, text: string): boolean {
  const names = `${first_name ?? ''} ${last_name ?? ''}`;
  return [names, email?.address ?? ''].some((value) => value.toLowerCase().includes(text));
}

function smsPart({ sms }: ContactRow): Schema<'TrackingActivitySmsChannelDTO'> | null {
  if (!sms) return null;
  return {
    country_code: sms.country_code,
    state: sms.permission,
    formatted_international: `+${sms.dial_code} ${sms.sms_address}`,
    formatted_national: sms.sms_address,
  };
}

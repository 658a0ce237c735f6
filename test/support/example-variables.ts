import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import type { CampaignActivityRow } from '../../src/sandbox/stores/campaigns.js';
import type { TestApp } from './app.js';
import { activityWith, contactWith, emailIn, exportActivity, exportedFile } from './records.js';

type Variables = Record<string, unknown>;

/**
 * Variables of an example with ids of the sandbox's records instead of the sample ones. Most are filled by
 * name; `SPECIAL` lists operations that need a record in a certain state.
 */
export async function variablesFor(id: OperationId, variables: Variables, app: TestApp): Promise<Variables> {
  const known: Variables = { ...recordIds(app), ...(await SPECIAL[id]?.(app)) };
  app.resetCalls();
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, known[name] ?? value]));
}

/** Ids of records that belong together. */
export function recordIds({ sandbox }: TestApp): Variables {
  const account = sandbox.account();
  const contacts = [...account.contacts]
    .filter((row) => row.deleted_at === null)
    .map((row) => row.contact_id);
  const lists = [...account.lists].filter((row) => row.deleted_at === null && row.channel === 'email');
  const tags = [...account.tags].map((row) => row.tag_id);
  const fields = [...account.customFields].map((row) => row.custom_field_id);
  const campaign = [...account.campaigns].find((row) => row.status === 'DONE' && !row.phantom);
  const activity = account.campaignActivities
    .where('campaign', campaign?.campaign_id ?? '')
    .find((row) => row.role === 'primary_email');
  const event = [...account.events].find(
    (row) => account.registrations.where('event', row.event_id).length > 0,
  );
  const registrations = account.registrations.where('event', event?.event_id ?? '');
  return {
    contactId: contacts[0],
    contactIds: contacts.slice(1, 3),
    listId: lists[0]?.list_id,
    listIds: lists.slice(0, 2).map((row) => row.list_id),
    tagId: tags[0],
    tagIds: tags.slice(0, 2),
    customFieldId: fields[0],
    customFieldIds: fields.slice(0, 2),
    segmentId: String([...account.segments][0]?.segment_id),
    campaignId: campaign?.campaign_id,
    campaignIds: [campaign?.campaign_id],
    campaignActivityId: activity?.campaign_activity_id,
    campaignActivityIds: [activity?.campaign_activity_id],
    landingPageId: [...account.landingPages][0]?.campaign_activity_id,
    eventId: event?.event_id,
    trackId: event?.track.track_id,
    registrationId: registrations[0]?.registration_id,
    registrationIds: registrations.slice(0, 2).map((row) => row.registration_id),
    orderTicketKeys: registrations[0]?.tickets.map((row) => row.order_ticket_key),
    accountId: [...account.partnerAccounts][0]?.encoded_account_id,
    automationFlowId: [...account.automations][0]?.id,
    profileId: [...account.socialProfiles][0]?.profile_id,
  };
}

const idsOf = ({ campaign_id, campaign_activity_id, resend }: CampaignActivityRow): Variables => ({
  campaignId: campaign_id,
  campaignActivityId: campaign_activity_id,
  resendRequestId: resend?.resend_request_id,
});

const draft = (app: TestApp) => idsOf(emailIn(app, 'DRAFT'));

const SPECIAL: Partial<Record<OperationId, (app: TestApp) => Variables | Promise<Variables>>> = {
  createContact: () => ({ email: 'nobody.has.this@example.com' }),
  resubscribeContact: (app) => ({
    contactId: contactWith(app, (row) => row.email?.permission_to_send === 'unsubscribed'),
  }),
  getActivity: async (app) => ({ activityId: await exportActivity(app) }),
  getContactsExport: async (app) => ({ fileExportId: await exportedFile(app) }),
  addPhysicalAddress: ({ sandbox }) => {
    sandbox.account().profile.address = null;
    return {};
  },
  removeEmailCampaignUsingDELETE: draft,
  updateEmailCampaignActivityUsingPUT: draft,
  scheduleEmailCampaignActivityUsingPOST: draft,
  createEmailCampaignABTestUsingPOST: draft,
  createResendToNonOpenersUsingPOST: draft,
  deleteEmailCampaignABTestUsingDELETE: (app) =>
    idsOf(activityWith(app, (row) => row.status === 'DRAFT' && row.ab_test !== null)),
  retrieveEmailCampaignABTestUsingGET: (app) => idsOf(activityWith(app, (row) => row.ab_test !== null)),
  deleteResendToNonOpenersUsingDELETE: (app) =>
    idsOf(
      activityWith(
        app,
        (row) => row.resend !== null && (row.status === 'DRAFT' || row.status === 'SCHEDULED'),
      ),
    ),
  retrieveResendToNonOpenersUsingGET: (app) => idsOf(activityWith(app, (row) => row.resend !== null)),
  retrieveEmailSchedulesUsingGET: (app) => idsOf(emailIn(app, 'SCHEDULED')),
  unscheduleEmailCampaignActivityUsingDELETE: (app) => idsOf(emailIn(app, 'SCHEDULED')),
};

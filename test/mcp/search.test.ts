import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { startAgentServer, type Agent, type AgentServer } from '../support/agents.js';

const writer = generateAccessKey('writer', false);
const reader = generateAccessKey('reader', true);

let server: AgentServer;
let agent: Agent;
let reading: Agent;
beforeAll(async () => {
  server = await startAgentServer({ ACCESS_KEYS: `${writer.entry},${reader.entry}` });
  [agent, reading] = await Promise.all([
    server.connect({ 'x-api-key': writer.key }),
    server.connect({ 'x-api-key': reader.key }),
  ]);
});
afterAll(() => server.close());
beforeEach(() => server.resetCalls());

/** Requests in the words of agents, by the action that does it. */
const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  add_account_email_address: ['verify a new sender address', 'add email address to the account'],
  add_contact_taggings: [
    'tag contacts',
    'add a tag to everyone on a list',
    'label contacts with a tag',
    'assign tags to contacts',
    'I want to tag a contact',
    'add tag to contact',
    'tagging people',
  ],
  add_list_memberships: ['add contacts to a list', 'put a segment on a list', 'subscribe contacts to a list'],
  check_in_event_tickets: ['check in an attendee'],
  copy_event: ['duplicate an event', 'clone event', 'copy an event'],
  count_contact_consents: ['how many contacts are subscribed', 'count contacts by consent'],
  create_contact: [
    'add a contact',
    'create contact with email and name',
    'create new contact',
    'contact create',
    'add subscriber',
  ],
  create_contact_from_sign_up_form: ['record a sign-up', 'sign up a person'],
  create_contact_list: ['make a new mailing list', 'create list'],
  create_contact_tag: ['create a tag'],
  create_custom_field: ['add a custom field', 'create custom field'],
  create_email_campaign: [
    'draft a newsletter',
    'create email campaign',
    'new campaign',
    'create newsletter campaign',
  ],
  create_event: ['create an event'],
  create_resend_to_non_openers: ['resend a campaign to people who did not open it'],
  create_social_post: [
    'publish a post on Facebook',
    'schedule a social post',
    'post to Instagram',
    'create social media post',
  ],
  delete_contact: ['delete a contact', 'erase a contact', 'remove subscriber'],
  delete_contact_list: ['delete a list', 'please delete this list'],
  delete_contact_tag: ['delete a tag'],
  delete_contact_tags: ['delete tags'],
  delete_contacts_activity: ['delete many contacts', 'bulk delete contacts', 'delete multiple contacts'],
  delete_custom_field: ['delete a custom field', 'remove custom field'],
  delete_custom_fields: ['delete several custom fields'],
  delete_email_campaign: ['delete a draft campaign', 'remove campaign'],
  delete_list_activity: ['delete several lists'],
  delete_segment: ['delete a segment'],
  export_contacts: ['export contacts to CSV', 'export all contacts'],
  get_account_physical_address: ['postal address of the account', 'get physical address'],
  get_account_summary: ['account name and time zone', 'get account info'],
  get_activity_status: [
    'status of an import',
    'check whether a bulk job is done',
    'check status of bulk activity',
  ],
  get_contact: ['show one contact', 'get contact', 'contact details', 'lookup contact'],
  get_contact_activity_summary_report: ['activity of one contact'],
  get_contact_list: ['get list details'],
  get_contact_open_and_click_rates_report: ['open rate of a contact', 'get open rate'],
  get_contact_sms_engagement_history: ['sms opt-ins of a contact', 'sms opt outs'],
  get_contact_tag: ['get a tag'],
  get_contacts_export_file: ['download the exported file'],
  get_custom_field: ['choices of a custom field'],
  get_email_campaign: ['get a campaign by its ID'],
  get_email_campaign_activity: ['read the HTML of an email'],
  get_email_campaign_activity_preview: ['preview an email', 'email preview'],
  get_email_campaign_activity_schedule: ['when is the email scheduled'],
  get_email_campaign_activity_send_history: ['when was an email sent'],
  get_email_campaign_id_xrefs: ['convert V2 campaign IDs'],
  get_email_campaigns_stats_report: ['campaign statistics'],
  get_event: ['show an event', 'get event details'],
  get_list_id_xrefs: ['convert V2 list IDs'],
  get_partner_webhook_subscription: ['webhook of a partner'],
  get_resend_to_non_openers: ['is there a resend of an email'],
  get_segment: ['criteria of a segment'],
  import_contacts_from_file: [
    'import a CSV file',
    'upload contacts from a spreadsheet',
    'import contacts',
    'bulk import contacts',
  ],
  import_contacts_from_json: ['import contacts from JSON'],
  list_account_email_addresses: ['which sender addresses are confirmed'],
  list_account_user_privileges: ['privileges of this user', 'user permissions'],
  list_activity_statuses: ['list bulk jobs'],
  list_contact_lists: ['list my lists', 'show lists', 'list favorite lists'],
  list_contact_tags: ['all tags', 'list tags', 'tags'],
  list_contacts: [
    'find a contact by email',
    'search contacts',
    'list contacts in a segment',
    'contacts with a tag',
    'fetch all contacts',
    'contacts',
    'get contact by email address',
    'find contacts in list',
  ],
  list_custom_fields: ['which custom fields exist'],
  list_email_campaign_summaries_report: [
    'opens and clicks of each campaign',
    'compare all campaigns',
    'show campaign results',
    'campaign performance',
  ],
  list_email_campaigns: ['list campaigns', 'campaigns', 'get all email campaigns'],
  list_email_did_not_opens_report: ['who did not open the email'],
  list_email_forwards_report: ['who forwarded the email', 'emails that were forwarded'],
  list_email_optouts_report: ['who unsubscribed', 'opt-outs of an email'],
  list_email_unique_opens_report: ['who opened the email', 'email opens'],
  list_event_track_registrations: [
    'who registered for an event',
    'registrations',
    'list event registrations',
  ],
  list_events: ['upcoming events', 'events'],
  list_landing_page_contact_opens_report: ['visits of a landing page'],
  list_landing_page_unique_contact_adds_report: ['contacts added by a landing page'],
  list_landing_page_unique_contact_clicks_report: ['who clicked on a landing page', 'landing page clicks'],
  list_landing_page_unique_contact_opens_report: ['unique opens of a landing page'],
  list_landing_page_unique_contact_updates_report: ['contacts updated by a landing page'],
  list_segments: ['list segments', 'segments'],
  list_sms_campaign_summaries_report: ['results of text messages', 'sms campaign report'],
  list_social_connections: ['connected social accounts', 'social media accounts'],
  list_social_hashtag_groups: ['saved hashtags'],
  list_social_profiles: ['social profiles to post to'],
  remove_contact_tagging: ['untag a contact', 'remove tag from contact'],
  remove_contact_taggings: ['remove tags from contacts', 'untag contacts'],
  remove_list_memberships: [
    'remove contacts from a list',
    'take a person off a list',
    'remove a contact from a list',
    'remove contact from list',
    'unsubscribe people from a list',
  ],
  rename_email_campaign: ['rename a campaign'],
  rename_segment: ['rename a segment', 'new segment name'],
  resubscribe_contact: ['ask a contact to subscribe again', 'resubscribe a contact', 're-subscribe contact'],
  send_email_campaign: ['send a campaign', 'schedule a campaign', 'send test email', 'send newsletter'],
  undo_check_in_event_tickets: ['undo the check-in of a ticket', 'undo check in'],
  update_account_details: ['change the website of the account', 'update account phone'],
  update_account_physical_address: ['change the postal address of the account', 'update physical address'],
  update_contact: [
    'unsubscribe contact',
    'change the name of a contact',
    'opt a contact out',
    'unsubscribe a contact from emails',
    'update contact phone number',
    'change the email address of a contact',
    'unsubscribe',
    'opt out contact',
    'unsubscribe someone',
  ],
  update_contact_list: ['rename a list', 'modify list description'],
  update_contact_tag: ['rename a tag', 'rename tag'],
  update_custom_field: ['edit a custom field'],
  update_email_campaign_activity: [
    'set the subject and recipients of an email',
    'change the content of a newsletter',
    'update campaign subject',
  ],
  update_event: ['publish an event', 'move an event to another date', 'change event', 'cancel an event'],
  update_event_track_registration_payment_status: [
    'mark registrations as paid',
    'set payment status',
    'refund registration',
  ],
  update_event_track_registrations: ['cancel registrations of an event', 'approve a registration'],
  update_segment: ['edit a segment', 'update segment criteria'],
};

describe('search_actions', () => {
  const search = async (words: string, by = agent): Promise<{ name: string; operation: string }[]> =>
    (await by.call('search_actions', { words })).data.actions;

  it.each([
    ['unsubscribed contacts', 'list_email_optouts_report'],
    ['who opted out?', 'list_email_optouts_report'],
    ['bounced contacts', 'list_bounced_contacts'],
    ['bounces', 'list_bounced_contacts'],
    ['send campaign', 'send_email_campaign'],
    ['scheduling campaigns', 'send_email_campaign'],
    ['schedule', 'send_email_campaign'],
    ['template', 'get_email_campaign'],
    ['activities', 'get_activity_status'],
    ['statuses of jobs', 'list_activity_statuses'],
    ['list of contacts', 'list_contacts'],
    ['renaming a segment', 'rename_segment'],
    ['checked in tickets', 'check_in_event_tickets'],
    ['addresses of the account', 'list_account_email_addresses'],
    ['birthdays', 'create_contact_from_sign_up_form'],
    ['notes', 'get_contact'],
    ['send newsletter to a segment', 'send_email_campaign'],
    ['attendees', 'list_event_track_registrations'],
    ['event registrants', 'list_event_track_registrations'],
    ['GDPR erase person', 'delete_contact'],
    ['move contacts between lists', 'add_list_memberships'],
    ['remove contacts from a list', 'remove_list_memberships'],
    ['add contact to list', 'add_list_memberships'],
    ['openers', 'list_email_unique_opens_report'],
    ['tag openers', 'add_contact_taggings'],
    ['did not open', 'list_email_did_not_opens_report'],
    ['non-openers', 'get_resend_to_non_openers'],
  ])('for %j finds %s first', async (words, name) => {
    expect((await search(words))[0]?.name).toBe(name);
    expect(server.calls()).toEqual([]);
  });

  it('has a request for each action', async () => {
    const actions = (await agent.tools()).slice(3).map(({ name }) => name);
    expect(Object.keys(REQUESTS)).toEqual(expect.arrayContaining(actions));
  });

  it.each(Object.entries(REQUESTS))('finds %s first for %j', async (name, requests) => {
    const found = await Promise.all(requests.map(async (words) => [words, (await search(words))[0]?.name]));
    expect(found).toEqual(requests.map((words) => [words, name]));
    expect(server.calls()).toEqual([]);
  });

  it('finds an action for each word of a task that no action does', async () => {
    const names = (await search('tag openers')).slice(0, 2).map(({ name }) => name);
    expect(names).toEqual([expect.stringContaining('tag'), expect.stringContaining('open')]);
    expect(server.calls()).toEqual([]);
  });

  it.each([
    ['who clicked a link', 'EmailLink.clicks'],
    ['A/B test result', 'EmailCampaignActivity.abTest'],
    ['contact activity details', 'Contact.activityDetails'],
    ['landing page sms opt ins', 'LandingPageReport.uniqueSmsOptIns'],
    ['quota remaining calls', 'Query.rateLimit'],
    ['how many calls are left today', 'Query.rateLimit'],
  ])('for %j finds the field %s', async (words, name) => {
    const { data } = await reading.call('search_actions', { words });
    expect(data.fields.map((field: { name: string }) => field.name)).toContain(name);
    expect(server.calls()).toEqual([]);
  });

  it('also finds fields that no action uses, without mutations for a read-only key', async () => {
    const fieldsFor = async (words: string, by: Agent) =>
      (await by.call('search_actions', { words })).data.fields as { name: string; readOnly: boolean }[];
    const name = 'Mutation.unscheduleEmailCampaignActivity';
    expect(await fieldsFor('unscheduling a campaign', agent)).toEqual([
      {
        name,
        description: expect.stringContaining('Cost: '),
        readOnly: false,
        runnable: false,
        todo: 'Ask the operator of the server to set MCP_ALLOW_MUTATIONS=on.',
      },
    ]);
    expect(await fieldsFor('unscheduling a campaign', reading)).toEqual([]);
    const automations = await fieldsFor('automations', reading);
    expect(automations.map((field) => field.name)).toEqual(['Query.automation', 'Query.automations']);
    expect(await reading.call('describe_type', { name })).toMatchObject({ successful: true });
    expect(server.calls()).toEqual([]);
  });

  it('returns operations for what no action does, without writes for a read-only key', async () => {
    expect((await search('send campaign', reading)).map(({ name }) => name)).not.toContain(
      'send_email_campaign',
    );
    const [bounces] = await search('bounced contacts', reading);
    expect(bounces).toMatchObject({ domain: 'reports', readOnly: true, isTool: false, arguments: [] });
    const answer = await reading.call('run_query', { query: bounces?.operation });
    expect(answer).toMatchObject({ successful: true, data: { emailCampaignSummaries: expect.anything() } });
    const { data } = await agent.call('search_actions', { words: 'zzz of the' });
    expect(data).toEqual({ actions: [], fields: [], hint: expect.stringContaining('describe_type') });
  });
});

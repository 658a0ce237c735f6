import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Rows and references that have properties, with or without a value, that the contract gives to the detail only. */
const { answering, ask, query, requests, sent, start: startWith } = scripted();

const ID = (n: number) => `00000000-0000-11ee-8000-${String(n).padStart(12, '0')}`;
const calls = () => requests().map(({ method, url }) => `${method} ${url.replace(/^\/v3|\?.*/g, '')}`);

describe('an event of the collection', () => {
  const ROW = { event_id: ID(1), name: 'Fair', start_time: '2026-01-01T00:00:00Z' };
  const DETAIL = {
    event_id: ID(1),
    campaign_id: ID(1),
    name: 'Fair',
    event_start: '2026-01-01T00:00:00Z',
    time_zone: 'US/Eastern',
    currency_type: 'EUR',
    default_track: { track_id: 's8zabc' },
  };

  it.each([
    {},
    { campaign_id: ID(1) },
    { campaign_id: null },
    { event_start: null },
    { default_track: null, event_start: '2026-01-01T00:00:00Z' },
    { time_zone: null, currency_type: null },
  ])('is read by its ID for further fields: %j', async (extra) => {
    await answering(({ pathname }) => {
      if (pathname === '/v3/events') return { records: [{ ...ROW, ...extra }], total_records: 1 };
      if (pathname === `/v3/events/${ID(1)}`) return DETAIL;
      return { records: [{ registration_id: ID(2) }], total_records: 1 };
    });
    const { events } = await ask(
      '{ events { nodes { timeZone currency track { trackId } registrations { nodes { registrationId } } } } }',
    );
    expect(events.nodes).toEqual([
      {
        timeZone: 'US/Eastern',
        currency: 'EUR',
        track: { trackId: 's8zabc' },
        registrations: { nodes: [{ registrationId: ID(2) }] },
      },
    ]);
    expect(calls()).toEqual([
      'GET /events',
      `GET /events/${ID(1)}`,
      `GET /events/${ID(1)}/tracks/s8zabc/registrations`,
    ]);
  });
});

describe('the activity that a campaign refers to', () => {
  it.each([{}, { current_status: 'DRAFT' }, { current_status: null }, { subject: null, role: null }])(
    'is read for its content: %j',
    async (extra) => {
      const reference = { campaign_activity_id: ID(2), role: 'primary_email' };
      await answering(({ pathname }) =>
        pathname === `/v3/emails/${ID(1)}`
          ? { campaign_id: ID(1), campaign_activities: [{ ...reference, ...extra }] }
          : { ...reference, current_status: 'DRAFT', subject: 'News', contact_list_ids: [ID(3)] },
      );
      const { emailCampaign } = await ask(
        `{ emailCampaign(id: "${ID(1)}") { activities { role status subject recipients { lists { listId } } } } }`,
      );
      expect(emailCampaign.activities).toEqual([
        {
          role: 'PRIMARY_EMAIL',
          status: 'DRAFT',
          subject: 'News',
          recipients: { lists: [{ listId: ID(3) }] },
        },
      ]);
      expect(calls()).toEqual([`GET /emails/${ID(1)}`, `GET /emails/activities/${ID(2)}`]);
    },
  );

  it.each([[], null])(
    'is read with its campaign where the collection has no activities: %j',
    async (extra) => {
      const campaign = { campaign_id: ID(1), name: 'June' };
      await answering(({ pathname }) =>
        pathname === '/v3/emails'
          ? { campaigns: [{ ...campaign, campaign_activities: extra }] }
          : { ...campaign, campaign_activities: [{ campaign_activity_id: ID(2), role: 'primary_email' }] },
      );
      const { emailCampaigns } = await ask('{ emailCampaigns { nodes { activities { role } } } }');
      expect(emailCampaigns.nodes).toEqual([{ activities: [{ role: 'PRIMARY_EMAIL' }] }]);
      expect(calls()).toEqual(['GET /emails', `GET /emails/${ID(1)}`]);
    },
  );
});

describe('an automation', () => {
  const SUMMARY = {
    id: ID(1),
    name: 'Welcome',
    created_date: '2026-01-01T00:00:00.000+00:00',
    template_id: 't',
  };
  const DETAIL = { id: ID(1), name: 'Welcome', active_definition: { a: 1 }, name_explicitly_set: true };
  const start = (summary: object, detail: object) =>
    answering(({ pathname }) =>
      pathname === '/v3/automations/workflows' ? { flow_summaries: [summary] } : detail,
    );

  it.each([{}, { active_definition: null }, { draft_definition: {}, name_explicitly_set: null }])(
    'of the listing is read by its ID for its definitions: %j',
    async (extra) => {
      await start({ ...SUMMARY, ...extra }, DETAIL);
      const { automations } = await ask('{ automations { nodes { nameExplicitlySet createdAt } } }');
      expect(automations.nodes).toEqual([{ nameExplicitlySet: true, createdAt: '2026-01-01T00:00:00.000Z' }]);
      expect(calls()).toEqual(['GET /automations/workflows', `GET /automations/workflows/${ID(1)}`]);
    },
  );

  it.each([{}, { update_date: '2026-01-02T00:00:00Z' }, { template_id: null }])(
    'of a read by its ID has the dates of the listing: %j',
    async (extra) => {
      await start(SUMMARY, { ...DETAIL, ...extra });
      const { automation } = await ask(
        `{ automation(id: "${ID(1)}") { nameExplicitlySet createdAt templateId } }`,
      );
      expect(automation).toEqual({
        nameExplicitlySet: true,
        createdAt: '2026-01-01T00:00:00.000Z',
        templateId: 't',
      });
      expect(calls()).toEqual([`GET /automations/workflows/${ID(1)}`, 'GET /automations/workflows']);
    },
  );

  it('of a filtered listing without dates is not looked for in the whole listing', async () => {
    await start({ id: ID(1), name: 'Welcome' }, DETAIL);
    const { automations } = await ask(
      '{ automations(filter: { name: "Welcome" }) { nodes { createdAt templateId } } }',
    );
    expect(automations.nodes).toEqual([{ createdAt: null, templateId: null }]);
    expect(calls()).toEqual(['GET /automations/workflows']);
  });
});

it('a webhook subscription of the collection has its texts, or none', async () => {
  await answering(() => [{ topic_id: 1, hook_uri: 'https://example.com/hook' }]);
  const { partnerWebhookSubscriptions } = await ask('{ partnerWebhookSubscriptions { hookUri topicName } }');
  expect(partnerWebhookSubscriptions).toEqual([{ hookUri: 'https://example.com/hook', topicName: null }]);
  expect(requests()).toHaveLength(1);
});

describe('an answer that leaves out the ID, which the contract does not require,', () => {
  const EVENT = {
    campaign_id: ID(1),
    name: 'Fair',
    time_zone: 'US/Eastern',
    default_track: { track_id: 's8zabc' },
  };

  it.each([{}, { event_id: null }, { event_id: '' }])('is the event of the request: %j', async (extra) => {
    await answering(() => ({ ...EVENT, ...extra }));
    const { event } = await ask(`{ event(id: "${ID(1)}") { eventId timeZone track { trackId } } }`);
    expect(event).toEqual({ eventId: ID(1), timeZone: 'US/Eastern', track: { trackId: 's8zabc' } });
    expect(calls()).toEqual([`GET /events/${ID(1)}`]);
  });

  it('is the object of the request for campaigns, activities, automations and registrations', async () => {
    await answering(({ pathname }) => {
      if (pathname.includes('/activities/'))
        return { from_email: 'a@b.co', from_name: 'B', reply_to_email: 'a@b.co', subject: 'News' };
      if (pathname.startsWith('/v3/events/')) return { registration_status: 'REGISTERED' };
      return { name: 'June' };
    });
    const data = await ask(`{
      emailCampaign(id: "${ID(1)}") { campaignId name primaryActivity { role } }
      emailCampaignActivity(id: "${ID(2)}") { campaignActivityId subject }
      automation(id: "${ID(3)}") { automationFlowId name }
      eventRegistration(eventId: "${ID(4)}", trackId: "s8zabc", registrationId: "${ID(5)}") { registrationId status }
    }`);
    expect(data).toEqual({
      emailCampaign: { campaignId: ID(1), name: 'June', primaryActivity: null },
      emailCampaignActivity: { campaignActivityId: ID(2), subject: 'News' },
      automation: { automationFlowId: ID(3), name: 'June' },
      eventRegistration: { registrationId: ID(5), status: 'REGISTERED' },
    });
    expect(requests()).toHaveLength(4);
  });

  it('is enough for a write that keeps the rest of the event', async () => {
    await startWith((response, { method }) => {
      if (method === 'GET') json(response, 200, { ...EVENT, address: { city: 'Rome' } });
      else response.writeHead(204).end();
    });
    const { updateEvent } = await ask(
      `mutation { updateEvent(input: { id: "${ID(1)}", location: { line1: "Via 1" } }) { event { eventId } userErrors { code } } }`,
    );
    expect(updateEvent).toEqual({ event: { eventId: ID(1) }, userErrors: [] });
    expect(sent(1)).toEqual({ address: { address_type: 'EVENT', city: 'Rome', line1: 'Via 1' } });
    expect(calls()).toEqual([`GET /events/${ID(1)}`, `PATCH /events/${ID(1)}`]);
  });

  it('is not what a write replaces an object with', async () => {
    await answering(() => ({ name: 'gateway', status: 'up' }));
    const { data, errors } = await query(
      `mutation { updateAutomation(input: { id: "${ID(1)}", name: "June" }) { automation { name } userErrors { code } } }`,
    );
    expect(data?.updateAutomation ?? null).toBeNull();
    expect(errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(calls()).toEqual([`GET /automations/workflows/${ID(1)}`]);
  });
});

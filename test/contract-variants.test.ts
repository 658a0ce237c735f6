import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Answers that the contract allows and the sandbox does not give. */
const { answering, ask, query, requests, sent, start } = scripted();

const ID = (n: number) => `00000000-0000-11ee-8000-${String(n).padStart(12, '0')}`;
const calls = () => requests().map(({ method, url }) => `${method} ${url.replace(/^\/v3|\?.*/g, '')}`);

const ACTIVITY = {
  campaign_activity_id: ID(1),
  campaign_id: ID(2),
  role: 'primary_email',
  current_status: 'DRAFT',
  format_type: 2,
  from_email: 'a@example.com',
  from_name: 'A',
  reply_to_email: 'a@example.com',
  subject: 'Old',
};

describe('the parts of an activity after an update', () => {
  const FOOTER = {
    address_line1: '1 Main St',
    organization_name: 'Garden',
    state_code: 'MA',
    state_name: 'Massachusetts',
    country_code: 'US',
    country_name: 'United States',
  };
  const CURRENT = {
    ...ACTIVITY,
    physical_address_in_footer: FOOTER,
    document_properties: { letter_format: 'HTML', style_content: 'x' },
  };
  const update = (changes: string) =>
    ask(`mutation { updateEmailCampaignActivity(input: { activityId: "${ID(1)}", ${changes} }) {
      activity { subject physicalAddressInFooter { addressLine1 stateCode stateName countryName }
        documentProperties { letterFormat styleContent } } userErrors { code } } }`);
  const startWith = (answer: (body: any) => object) =>
    answering((_url, { method, body }) =>
      method === 'GET' ? CURRENT : { ...ACTIVITY, subject: 'New', ...answer(JSON.parse(body)) },
    );
  const READ = { letterFormat: 'HTML', styleContent: 'x' };

  it.each<[string, (body: any) => object]>([
    ['leaves them out', () => ({})],
    ['echoes what was sent', (body) => body],
    [
      'has nulls',
      ({ physical_address_in_footer: footer }) => ({
        physical_address_in_footer: { ...footer, state_name: null, country_name: null },
        document_properties: { letter_format: null },
      }),
    ],
  ])('keep their read-only values when the response %s', async (_what, answer) => {
    await startWith(answer);
    const { updateEmailCampaignActivity: payload } = await update('subject: "New"');
    expect(payload).toEqual({
      activity: {
        subject: 'New',
        physicalAddressInFooter: {
          addressLine1: '1 Main St',
          stateCode: 'MA',
          stateName: 'Massachusetts',
          countryName: 'United States',
        },
        documentProperties: READ,
      },
      userErrors: [],
    });
    expect(sent(1)['physical_address_in_footer']).not.toHaveProperty('state_name');
    expect(requests()).toHaveLength(2);
  });

  it('lose the names of codes that the update changed', async () => {
    await startWith(() => ({}));
    const { updateEmailCampaignActivity: payload } = await update(
      'physicalAddressInFooter: { stateCode: "NY" }',
    );
    expect(payload.activity.physicalAddressInFooter).toEqual({
      addressLine1: '1 Main St',
      stateCode: 'NY',
      stateName: null,
      countryName: 'United States',
    });
    expect(requests()).toHaveLength(2);
  });
});

describe('links of an email', () => {
  const LINKS = [
    { url_id: '101', link_url: 'https://example.com/1', unique_clicks: 7 },
    { url_id: '102', link_url: 'https://example.com/2', unique_clicks: 12 },
    { url_id: '103', link_url: 'https://example.com/3', unique_clicks: 0 },
  ];
  const click = (url_id: string) => ({
    contact_id: ID(5),
    url_id,
    link_url: `https://example.com/${url_id}`,
  });
  const startWith = (links: readonly object[]) =>
    answering(({ pathname, searchParams }) => {
      if (pathname.endsWith('/links')) return { link_click_counts: links };
      const rows = ['101', '102'].map(click);
      const only = searchParams.get('url_id');
      return { tracking_activities: rows.filter(({ url_id }) => only === null || url_id === only) };
    });

  it.each([
    ['numbers', LINKS],
    ['texts', LINKS.map((link) => ({ ...link, unique_clicks: String(link.unique_clicks) }))],
  ])('count clicks that are %s', async (_kind, links) => {
    await startWith(links);
    const { emailCampaignActivity: email } = await ask(`{ emailCampaignActivity(id: "${ID(1)}") {
      links { urlId uniqueClicks clicks { nodes { urlId } } } all: links(includeUnclicked: true) { urlId } } }`);
    expect(email.links).toEqual([
      { urlId: '101', uniqueClicks: 7, clicks: { nodes: [{ urlId: '101' }] } },
      { urlId: '102', uniqueClicks: 12, clicks: { nodes: [{ urlId: '102' }] } },
    ]);
    expect(email.all).toHaveLength(3);
    // The links, and one report for the clicks of both.
    expect(requests()).toHaveLength(2);
  });

  it('keep the address of a click where the links lack it', async () => {
    await startWith([{ url_id: '101', link_url: null, unique_clicks: 3 }]);
    const { emailCampaignActivity: email } = await ask(
      `{ emailCampaignActivity(id: "${ID(1)}") { clicks(first: 1) { nodes { link { url uniqueClicks } } } } }`,
    );
    expect(email.clicks.nodes).toEqual([{ link: { url: 'https://example.com/101', uniqueClicks: 3 } }]);
    expect(requests()).toHaveLength(2);
  });
});

it('nulls of an activity do not replace what its campaign says', async () => {
  await answering(({ pathname }) =>
    pathname.includes('/activities/')
      ? { ...ACTIVITY, role: null, document_id: null, campaign_id: null }
      : {
          campaign_id: ID(2),
          campaign_activities: [{ campaign_activity_id: ID(1), role: 'primary_email', document_id: ID(7) }],
        },
  );
  const { emailCampaign } = await ask(
    `{ emailCampaign(id: "${ID(2)}") { activities { role documentId campaignId subject } } }`,
  );
  expect(emailCampaign.activities).toEqual([
    { role: 'PRIMARY_EMAIL', documentId: ID(7), campaignId: ID(2), subject: 'Old' },
  ]);
  expect(requests()).toHaveLength(2);
});

it.each(['b', 'B', ' b '])('bounces are found by their reason in the spelling %j', async (bounce_code) => {
  const rows = [
    { contact_id: ID(5), bounce_code },
    { contact_id: ID(6), bounce_code: 'D' },
  ];
  await answering(() => ({ tracking_activities: rows }));
  const { emailCampaignActivity: email } = await ask(`{ emailCampaignActivity(id: "${ID(1)}") {
    b: bounces(bounceCodes: [NONEXISTENT]) { nodes { contactId bounceReason } }
    d: bounces(bounceCodes: [UNDELIVERABLE]) { nodes { contactId bounceReason } } } }`);
  expect(email).toEqual({
    b: { nodes: [{ contactId: ID(5), bounceReason: 'NONEXISTENT' }] },
    d: { nodes: [{ contactId: ID(6), bounceReason: 'UNDELIVERABLE' }] },
  });
  expect(requests()).toHaveLength(1);
});

describe('an event', () => {
  const EVENT = { event_id: ID(1), campaign_id: ID(1), name: 'Fair' };

  it.each([
    { name: '', organization_name: '' },
    { name: 'Zara', organization_name: '' },
  ])('with the contact %j can have another email address', async (contact) => {
    await start((response, { method }) => {
      if (method === 'GET') json(response, 200, { ...EVENT, contact });
      else response.writeHead(204).end();
    });
    const { updateEvent } = await ask(
      `mutation { updateEvent(input: { id: "${ID(1)}", contact: { email: "z@example.com" } }) { event { eventId } userErrors { code field } } }`,
    );
    expect(updateEvent).toEqual({ event: { eventId: ID(1) }, userErrors: [] });
    expect(sent(1)).toEqual({ contact: { ...contact, email_address: 'z@example.com' } });
    expect(requests()).toHaveLength(2);
  });

  it('without a contact requires its names', async () => {
    await answering(() => EVENT);
    const { updateEvent } = await ask(
      `mutation { updateEvent(input: { id: "${ID(1)}", contact: { email: "z@example.com" } }) { userErrors { code field } } }`,
    );
    expect(updateEvent.userErrors).toEqual([
      { code: 'REQUIRED', field: ['input', 'contact', 'name'] },
      { code: 'REQUIRED', field: ['input', 'contact', 'organizationName'] },
    ]);
    expect(requests()).toHaveLength(1);
  });

  it.each([200, 207])('is copied partly when the response (%i) names activities', async (status) => {
    await start((response) => {
      json(response, status, { ...EVENT, failed_campaign_activities: [ID(8)] });
    });
    const { copyEvent } = await ask(
      `mutation { copyEvent(input: { id: "${ID(3)}", name: "Fair" }) { event { eventId } failedCampaignActivityIds userErrors { code } } }`,
    );
    expect(copyEvent).toEqual({
      event: { eventId: ID(1) },
      failedCampaignActivityIds: [ID(8)],
      userErrors: [{ code: 'PARTLY_DONE' }],
    });
    expect(requests()).toHaveLength(1);
  });
});

describe('a write whose response cannot be read has the object of the input', () => {
  const unread = (text: string) =>
    start((response, { method }) => {
      if (method === 'GET') json(response, 404, [{ error_key: 'not_found', error_message: 'no' }]);
      else response.writeHead(201, { 'content-type': 'text/plain' }).end(text);
    });
  const DONE = { code: 'DONE_UNREAD', message: expect.stringMatching(/Do not send it again/) as string };

  it.each(['', 'created'])('createAbTest: %j', async (text) => {
    await unread(text);
    const { createAbTest } = await ask(`mutation { createAbTest(input: { activityId: "${ID(1)}",
      alternativeSubject: "Alt", testSize: 10, winnerWaitHours: 6 }) {
      abTest { testSize } activity { campaignActivityId } userErrors { code message } } }`);
    expect(createAbTest).toEqual({
      abTest: null,
      activity: { campaignActivityId: ID(1) },
      userErrors: [DONE],
    });
    expect(createAbTest.userErrors[0].message).not.toContain('Look the object up');
    expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it.each(['', 'created'])('resendToNonOpeners: %j', async (text) => {
    await unread(text);
    const { resendToNonOpeners } = await ask(`mutation { resendToNonOpeners(input: { activityId: "${ID(1)}",
      subject: "Again", delay: { days: 1 } }) {
      resend { subject } activity { campaignActivityId } userErrors { code message } } }`);
    expect(resendToNonOpeners).toEqual({
      resend: null,
      activity: { campaignActivityId: ID(1) },
      userErrors: [DONE],
    });
    expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it('testPartnerWebhook', async () => {
    await unread('sent');
    const { testPartnerWebhook } = await ask(
      'mutation { testPartnerWebhook(input: { topic: TIER_UPGRADE }) { subscription { topic } userErrors { code message } } }',
    );
    expect(testPartnerWebhook).toEqual({ subscription: { topic: 'TIER_UPGRADE' }, userErrors: [DONE] });
    expect(calls().filter((call) => !call.startsWith('GET'))).toHaveLength(1);
  });
});

it('an activity in conflict with its A/B test has none', async () => {
  await start((response) => {
    json(response, 409, [{ error_key: 'conflict', error_message: 'The activity has no test' }]);
  });
  const { emailCampaignActivity: email } = await ask(
    `{ emailCampaignActivity(id: "${ID(1)}") { campaignActivityId abTest { testSize } } }`,
  );
  expect(email).toEqual({ campaignActivityId: ID(1), abTest: null });
  expect(requests()).toHaveLength(1);
});

it('a refusal with 415 is passed on with its sentence', async () => {
  const message = 'The type of this image is not supported';
  await start((response) => {
    json(response, 415, [{ error_key: 'media.type', error_message: message }]);
  });
  const { createTag } = await ask(
    'mutation { createTag(input: { name: "x" }) { userErrors { code upstreamMessages } } }',
  );
  expect(createTag.userErrors).toEqual([{ code: 'REJECTED', upstreamMessages: [message] }]);
  const { errors } = await query('{ bulkActivities { nodes { activityId } } }');
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    upstream: { status: 415, messages: [message] },
  });
  expect(requests()).toHaveLength(2);
});

it.each([
  ['a control character', 'a\u0000b'],
  ['9,000 characters', 'x'.repeat(9_000)],
])('a cursor of the API with %s is an error of the API', async (_what, next_cursor) => {
  await answering(() => ({ records: [{ event_id: ID(1), name: 'Fair' }], next_cursor }));
  const { errors } = await query('{ events(first: 1) { nodes { eventId } pageInfo { hasNextPage } } }');
  expect(errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
  expect(requests()).toHaveLength(1);
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 5 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

async function run(document: string) {
  const { data, errors } = await app.query(document);
  expect(errors).toBeUndefined();
  return data;
}

const hooks = () => app.sandbox.account().partnerWebhooks;

it('lists the subscriptions in one call', async () => {
  const { partnerWebhookSubscriptions } = await run(
    '{ partnerWebhookSubscriptions { topic topicId hookUri topicName topicDescription } }',
  );
  expect(partnerWebhookSubscriptions).toEqual([
    {
      topic: 'TIER_UPGRADE',
      topicId: 1,
      hookUri: hooks().get(1),
      topicName: expect.any(String),
      topicDescription: expect.any(String),
    },
    expect.objectContaining({ topic: 'ACCOUNT_CANCELLED', topicId: 3, hookUri: hooks().get(3) }),
  ]);
  expect(app.calls()).toEqual(['getWebhooksCollection']);
});

it('returns one by its topic, and null when there is none', async () => {
  const data = await run(
    '{ a: partnerWebhookSubscription(topic: ACCOUNT_CANCELLED) { topicId topicName } b: partnerWebhookSubscription(topic: ACCOUNT_DISABLED) { topicId } }',
  );
  expect(data).toEqual({ a: { topicId: 3, topicName: 'account.cancelled' }, b: null });
  expect(app.calls()).toEqual(['getWebhooksCollection']);
  app.resetCalls();
  expect(await run('{ partnerWebhookSubscription(topic: ACCOUNT_DISABLED) { topicId } }')).toEqual({
    partnerWebhookSubscription: null,
  });
  expect(app.calls()).toEqual(['getWebhooksTopic']);
  app.resetCalls();
  await run(
    '{ partnerWebhookSubscriptions { topicId } partnerWebhookSubscription(topic: ACCOUNT_CANCELLED) { topicId } }',
  );
  expect(app.calls()).toEqual(['getWebhooksCollection']);
});

it('reads unknown topics', async () => {
  app.sandbox.faults.script({
    operationId: 'getWebhooksCollection',
    fault: {
      kind: 'status',
      status: 200,
      body: [{ topic_id: 9, hook_uri: 'https://x.example', more: 1 }, {}],
    },
  });
  const { partnerWebhookSubscriptions } = await run(
    '{ partnerWebhookSubscriptions { topic topicId hookUri } }',
  );
  expect(partnerWebhookSubscriptions).toEqual([
    { topic: 'UNKNOWN', topicId: 9, hookUri: 'https://x.example' },
    { topic: null, topicId: null, hookUri: null },
  ]);
});

const set = (uri: string, fields = 'topic hookUri') =>
  run(
    `mutation { setPartnerWebhook(input: { topic: TIER_DOWNGRADE, hookUri: "${uri}" }) {
      subscription { ${fields} } userErrors { code field message } } }`,
  ).then((data) => data.setPartnerWebhook);

it('subscribes, and changes the URL of a subscription', async () => {
  for (const uri of ['https://a.example/hook', 'https://b.example/hook']) {
    expect(await set(uri)).toEqual({
      subscription: { topic: 'TIER_DOWNGRADE', hookUri: uri },
      userErrors: [],
    });
    expect(hooks().get(2)).toBe(uri);
  }
  expect(app.calls()).toEqual(['putWebhooksTopic', 'putWebhooksTopic']);
  app.resetCalls();
  const { subscription } = await set('https://c.example/hook', 'topicName topicDescription');
  expect(subscription.topicName).toBe('tier.decrease');
  expect(app.calls()).toEqual(['putWebhooksTopic', 'getWebhooksTopic']);
});

it('accepts only https URLs of at most 512 characters', async () => {
  for (const [uri, code] of [
    ['http://a.example', 'INVALID'],
    ['a.example', 'INVALID'],
    ['', 'REQUIRED'],
    [`https://a.example/${'x'.repeat(500)}`, 'TOO_LONG'],
  ] as const) {
    const { subscription, userErrors } = await set(uri);
    expect(subscription).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code, field: ['input', 'hookUri'] })]);
  }
  expect(app.calls()).toEqual([]);
});

it('unsubscribes once', async () => {
  const remove = () =>
    run(
      'mutation { deletePartnerWebhook(input: { topic: TIER_UPGRADE }) { deletedTopic userErrors { code } } }',
    ).then((data) => data.deletePartnerWebhook);
  expect(await remove()).toEqual({ deletedTopic: 'TIER_UPGRADE', userErrors: [] });
  expect(hooks().has(1)).toBe(false);
  expect(await remove()).toEqual({ deletedTopic: null, userErrors: [{ code: 'NOT_FOUND' }] });
  expect(app.calls()).toEqual(['deleteWebhooksSubscriptions', 'deleteWebhooksSubscriptions']);
});

it('sends a test notification', async () => {
  const test = (topic: string) =>
    run(
      `mutation { testPartnerWebhook(input: { topic: ${topic} }) { subscription { topic hookUri topicName } userErrors { code } } }`,
    ).then((data) => data.testPartnerWebhook);
  expect(await test('TIER_UPGRADE')).toEqual({
    subscription: { topic: 'TIER_UPGRADE', hookUri: hooks().get(1), topicName: 'tier.increase' },
    userErrors: [],
  });
  expect(await test('ACCOUNT_DISABLED')).toEqual({ subscription: null, userErrors: [{ code: 'NOT_FOUND' }] });
  expect(app.calls()).toEqual(['testSendWebhooksTopic', 'testSendWebhooksTopic']);
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { connectSharedState, type SharedState } from '../../src/constant-contact/redis/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import type { EventStream } from '../support/events.js';
import { lastProgress, reportedCalls, startFollower } from '../support/follower.js';
import { draftIn } from '../support/campaigns.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';

const SECRET_NAME = 'customers-of-jane-doe.csv';

/** One process of several, as far as they share what they watch. */
interface Process {
  state: SharedState;
  subscribe(token?: string): Promise<EventStream>;
  /** Follows the status of a campaign. */
  follow(campaignId: string): Promise<EventStream>;
  query(document: string, variables: Record<string, unknown>): Promise<any>;
  close(): Promise<void>;
}

interface Fixtures {
  redis: RedisServer;
  /** Time in the account, which stands still until a test begins it: a job must not end before it is followed. */
  clock: { now(): number; begin(): void };
  sandbox: Sandbox;
  /** Progress of a bulk activity that has just started. */
  id: string;
  join(secret?: Buffer | null): Promise<Process>;
}

/** They wait rather than work, so they run side by side, each with a Redis and an account of its own. */
const it = test.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Vitest insists on a pattern, be it an empty one.
  redis: async ({}, use) => {
    const redis = await startRedis();
    await use(redis);
    await redis.close();
  },
  // eslint-disable-next-line no-empty-pattern -- Likewise.
  clock: async ({}, use) => {
    const start = Date.now();
    let began: number | undefined;
    await use({
      now: () => start + (began === undefined ? 0 : Date.now() - began),
      begin: () => {
        began = Date.now();
      },
    });
  },
  sandbox: async ({ clock }, use) => {
    const options = { contacts: 60, activitySeconds: 8, requestsPerSecond: 0, requestsPerDay: 0, clock };
    const sandbox = await createSandbox(options);
    await use(sandbox);
    await sandbox.close();
  },
  id: async ({ clock, sandbox }, use) => {
    const job = {
      operationId: 'contactsCSVImport',
      items: 1,
      sourceFileName: SECRET_NAME,
      run: () => ({}),
    } as const;
    await use(sandbox.account().jobs.submit(job, clock.now()).activity_id);
  },
  join: async ({ redis, sandbox, id }, use) => {
    const processes: Process[] = [];
    await use(async (secret = null) => {
      const state = connectSharedState({
        url: redis.url,
        namespace: 'watches',
        processes: 3,
        requestsPerSecond: 0,
        requestsPerDay: 0,
        referenceCacheSeconds: 0,
        scope: 'test',
        secret,
      });
      await until(() => state.status().connected, 'the connection');
      const { governor, reads, watches } = state;
      const follower = startFollower(sandbox, { governor, reads, watches });
      const process: Process = {
        state,
        subscribe: (token) => follower.subscribe(id, token),
        follow: (campaignId) => follower.follow(campaignId),
        query: (document, variables) => follower.query(document, variables),
        close: async () => {
          await follower.close();
          await state.close();
        },
      };
      processes.push(process);
      return process;
    });
    await Promise.all(processes.map((one) => one.close()));
  },
}).concurrent;

it('one process polls for the subscribers of several', async ({ clock, join, sandbox }) => {
  const [a, b, c] = await Promise.all([join(), join(), join()]);
  const first = await a.subscribe();
  const begin = await first.next();
  expect(begin.extensions.upstream).toMatchObject({ calls: 1, coalesced: 0 });
  // Those that come later get what is known, without a call.
  const others = [await b.subscribe(), await c.subscribe()];
  const begins = await Promise.all(others.map((events) => events.next()));
  expect(begins.map(({ data }) => data)).toEqual([begin.data, begin.data]);
  for (const { extensions } of begins) expect(extensions.upstream).toMatchObject({ calls: 0, coalesced: 1 });

  clock.begin();
  const [own, ...theirs] = await Promise.all([first, ...others].map((events) => events.rest()));
  for (const events of [own!, ...theirs])
    expect(lastProgress(events)).toMatchObject({ state: 'COMPLETED', percentDone: 100 });
  expect(reportedCalls(theirs.flat())).toBe(0);
  expect(reportedCalls([begin, ...own!])).toBe(sandbox.journal.count('getActivity'));
});

it.for(['leaves', 'dies'])('another process takes over from one that %s', async (how, { clock, join }) => {
  const [a, b] = await Promise.all([join(), join()]);
  const [reading, following] = [await a.subscribe(), await b.subscribe()];
  await reading.next();
  await following.next();
  // A killed process does not release its lease, which then expires.
  if (how === 'leaves') await reading.leave();
  else await a.state.close();
  clock.begin();
  const events = await following.rest();
  expect(lastProgress(events).state).toBe('COMPLETED');
  expect(reportedCalls(events)).toBeGreaterThan(0);
});

it('each process polls for itself while Redis is away', async ({ clock, join, redis }) => {
  const [a, b] = await Promise.all([join(), join()]);
  const [one, two] = [await a.subscribe(), await b.subscribe()];
  await Promise.all([one.next(), two.next()]);
  await redis.kill();
  clock.begin();
  const endings = await Promise.all([one.rest(), two.rest()]);
  for (const events of endings) {
    expect(lastProgress(events).state).toBe('COMPLETED');
    expect(reportedCalls(events)).toBeGreaterThan(0);
  }
});

it('a campaign that one process has scheduled is not a draft for any', async ({ join, sandbox }) => {
  const [a, b, c] = await Promise.all([join(), join(), join()]);
  const { campaign, activity } = draftIn({ sandbox });
  const statusIn = (event: any): string => event.data.emailCampaignStatus.status;
  const draft = await (await a.follow(campaign.campaign_id)).rest();
  expect(draft.map(statusIn)).toEqual(['DRAFT']);
  const { data } = await b.query(
    'mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) { userErrors { code } } }',
    {
      input: {
        activityId: activity.campaign_activity_id,
        scheduledAt: new Date(Date.now() + 86_400_000).toISOString(),
      },
    },
  );
  expect(data).toEqual({ scheduleEmailCampaignActivity: { userErrors: [] } });
  // The draft is shared for five seconds.
  const streams = [];
  const polls: number[] = [];
  for (const process of [b, c, a]) {
    sandbox.journal.clear();
    const events = await process.follow(campaign.campaign_id);
    expect(statusIn(await events.next())).toBe('SCHEDULED');
    polls.push(sandbox.journal.count('retrieveEmailCampaignUsingGET'));
    streams.push(events);
  }
  expect(polls[0]).toBe(1);
  await Promise.all(streams.map((events) => events.leave()));
});

it('polls are not shared with other credentials', async ({ join }) => {
  const [a, b] = await Promise.all([join(), join()]);
  const [one, two] = [await a.subscribe(), await b.subscribe('somebody-else')];
  await one.next();
  expect((await two.next()).extensions.upstream).toMatchObject({ calls: 1, coalesced: 0 });
  await Promise.all([one.leave(), two.leave()]);
});

it.for([true, false])(
  'shared results are encrypted when there is a key: %s',
  async (encrypted, { join, redis, id }) => {
    const secret = encrypted ? randomBytes(32) : null;
    const [a, b] = await Promise.all([join(secret), join(secret)]);
    const [one, two] = [await a.subscribe(), await b.subscribe()];
    await one.next();
    expect((await two.next()).data.bulkActivityProgress.sourceFileName).toBe(SECRET_NAME);
    const [key] = await redis.client.keys('*:record');
    expect(key).not.toContain(id);
    const [, sealed = ''] = (await redis.client.get(key!))!.split(' ');
    expect(Buffer.from(sealed, 'base64').toString().includes(SECRET_NAME)).toBe(!encrypted);
    await Promise.all([one.leave(), two.leave()]);
  },
);

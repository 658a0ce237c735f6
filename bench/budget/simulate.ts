import { createHash } from 'node:crypto';
import { readConfig } from '../../src/config.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { createFacade } from '../../src/facade.js';
import { createSandbox, type JournalEntry, type Sandbox } from '../../src/sandbox/index.js';
import { silentLogger } from '../../src/server/logger.js';
import { DayClock } from './clock.js';
import { operationsOf, type Known, type Operation } from './operations.js';
import { planDay, type Task } from './plan.js';

export interface DayOptions {
  /** Environment of the facade, besides the address and credentials of the sandbox. */
  env: Readonly<Record<string, string>>;
  /** Daily REST calls of the API key. */
  perDay: number;
  seed?: number;
  /** Multiple of the usual load. Default: 1. */
  load?: number;
  /** Simulated hours of the day. Default: all. */
  from?: number;
  to?: number;
  /** Called with each response. */
  onAnswer?: (answered: Answered) => void;
}

export interface Answered {
  task: Task;
  operation: Operation;
  answer: { data?: any; errors?: readonly any[]; extensions?: any };
  /** Time of the request, in milliseconds since the epoch. */
  at: number;
  /** All REST calls so far. */
  journal: readonly JournalEntry[];
}

export interface Failure {
  kind: Task['kind'];
  /** Milliseconds since midnight. */
  at: number;
  code: string;
  isMutation: boolean;
}

export interface Day {
  calls: Map<OperationId, number>;
  total: number;
  operations: number;
  failures: Failure[];
}

/** The number of contacts affects the duration of the simulation, not its REST calls. */
const CONTACTS = 200;
const CAMPAIGNS = 40;
/** Contacts that all desks share, so that some reads follow another desk's write. */
const SHARED_CONTACTS = 30;
const MIDNIGHT = Date.UTC(2026, 5, 1);
const URL_OF_FACADE = 'http://127.0.0.1/graphql';
const keyOf = (who: string) => `key-of-${who}`;

/**
 * Simulates a working day: a facade in this process, called over HTTP, in front of a sandbox account. Equal
 * options give equal days.
 */
export async function simulateDay(options: DayOptions): Promise<Day> {
  const { env, perDay, seed = 1, load = 1, from = 0, to = 24, onAnswer } = options;
  const tasks = planDay({ seed, load, from, to });
  const clock = new DayClock(MIDNIGHT + from * 3_600_000);
  const sandbox = await createSandbox({
    seed,
    clock,
    requestsPerDay: perDay,
    contacts: CONTACTS,
    campaigns: CAMPAIGNS,
    validate: false,
  });
  const callers = [...new Set(tasks.map(({ who }) => who))];
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const facade = await createFacade({
    config: readConfig({
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_REQUESTS_PER_DAY: String(perDay),
      ACCESS_KEYS: callers.map((who) => `${who}:${hash(keyOf(who))}`).join(','),
      GRAPHIQL: 'off',
      ...env,
    }),
    logger: silentLogger(),
    client: { clock, dispatcher: clock.dispatcher, random: () => 0.5 },
  });
  const known = accountOf(sandbox, clock.now());
  const failures: Failure[] = [];
  const streams: Promise<void>[] = [];
  let operations = 0;

  const send = ({ who }: Task, { query, variables }: Operation, accept: string) =>
    facade.fetch(URL_OF_FACADE, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': keyOf(who), accept },
      body: JSON.stringify({ query, variables }),
    });

  const note = (task: Task, operation: Operation, answer: Answered['answer']) => {
    const isMutation = operation.query.startsWith('mutation');
    const code = answer.errors?.[0]?.extensions?.code ?? answer.data?.result?.userErrors?.[0]?.message;
    if (code !== undefined)
      failures.push({ kind: task.kind, at: clock.now() - MIDNIGHT, code: String(code), isMutation });
    onAnswer?.({ task, operation, answer, at: clock.now(), journal: sandbox.journal.entries });
  };

  const ask = async (task: Task, operation: Operation): Promise<void> => {
    operations += 1;
    const response = await send(task, operation, 'application/json');
    const answer = (await response.json()) as Answered['answer'];
    note(task, operation, answer);
    known.campaignId = answer.data?.result?.emailCampaign?.campaignId ?? known.campaignId;
  };

  /** Consumes a subscription until it ends; the clock does not wait for it. */
  const follow = async (task: Task, operation: Operation): Promise<void> => {
    operations += 1;
    const response = await send(task, operation, 'text/event-stream');
    streams.push(
      response.text().then((events) => {
        for (const [, event = ''] of events.matchAll(/^data: ?(\{.*)$/gm))
          note(task, operation, JSON.parse(event) as Answered['answer']);
      }),
    );
  };

  const perform = async (task: Task): Promise<void> => {
    for (const operation of operationsOf(task, known, clock.now()))
      await (task.kind === 'follow' ? follow(task, operation) : ask(task, operation));
  };

  try {
    for (let next = 0; next < tasks.length;) {
      const { at } = tasks[next] as Task;
      const due = tasks.slice(next).findIndex((task) => task.at !== at);
      const together = tasks.slice(next, due === -1 ? undefined : next + due);
      next += together.length;
      await clock.moveTo(MIDNIGHT + at);
      await clock.until(Promise.all(together.map(perform)));
    }
    await clock.moveTo(MIDNIGHT + to * 3_600_000 - 1);
    facade.drain();
    await clock.until(Promise.all(streams));
    const calls = new Map<OperationId, number>();
    for (const id of sandbox.journal.operations()) calls.set(id, (calls.get(id) ?? 0) + 1);
    return { calls, total: sandbox.journal.count(), operations, failures };
  } finally {
    await facade.close();
    await clock.close();
    await sandbox.close();
  }
}

function accountOf(sandbox: Sandbox, now: number): Known {
  const account = sandbox.account();
  const list = [...account.lists].find(({ channel, deleted_at }) => channel === 'email' && !deleted_at);
  if (!list) throw new Error('The sandbox account has no list.');
  return {
    contactIds: [...account.contacts]
      .filter(({ deleted_at }) => !deleted_at)
      .slice(0, SHARED_CONTACTS)
      .map((one) => one.contact_id),
    listId: list.list_id,
    sender: 'news@harborlight.example',
    campaignId: null,
    syncedAt: now - 600_000,
  };
}

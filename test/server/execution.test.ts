import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createSchema, type Plugin } from 'graphql-yoga';
import { execute, Kind, OperationTypeNode, parse, print, visit, type DocumentNode } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../src/constant-contact/clock.js';
import type { Context } from '../../src/context.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { buildSchema } from '../../src/schema/index.js';
import { startFacade, type TestFacade } from '../support/facade.js';
import { startPlumbing } from '../support/plumbing.js';
import { randomQueries } from '../support/random-query.js';
import { generator } from '../support/random.js';
import { startStandIn } from '../support/stand-in.js';

/** The same operations by plan and by the interpreter: what they answer must not differ in anything. */

const TYPES = /* GraphQL */ `
  scalar Moment
  enum Color {
    RED
    GREEN
  }
  interface Animal {
    name: String
  }
  type Dog implements Animal {
    name: String
    barks: Boolean!
  }
  type Cat implements Animal {
    name: String
    lives: Int!
  }
  union Pet = Dog | Cat
  input Change {
    name: String
    note: String = "none"
    tags: [String]
  }
  type Query {
    text: String
    sure: String!
    late(turns: Int!, fails: Boolean, value: String): String
    promisedLeaf: Leaf
    numbers: [Int]
    sureNumbers: [Int!]
    lateList(count: Int!, failing: [Int!]!): [Box]
    lateSureList(count: Int!, failing: [Int!]!): [Box!]
    throwing: [Box]
    notAList: [String]
    text2list: [String]
    box: Box
    sureBox: Box!
    animals(wrong: String): [Animal]
    pet: Pet
    later: Animal
    noType: Animal
    otherType: Animal
    moment: Moment
    color: Color
    wrongColor: Color
    float: Int
    nothing: Moment
    errorValue: String
    errorInList: [String]
    echo(change: Change, change2: Change, text: String! = "x", color: Color, list: [Int]): String
    arguments: String
  }
  type Leaf {
    value: String
    many: [String]
  }
  type Box {
    id: Int
    sure: String!
    inner: Box
    sureInner: Box!
    late(turns: Int, fails: Boolean): String
    sureLate(turns: Int, fails: Boolean): String!
    path: String
  }
  type Mutation {
    add(n: Int!, fails: Boolean, turns: Int): Int
    addSure(n: Int!, fails: Boolean): Int!
    total: Int
  }
`;

/** Turns of the event loop, which come in the same order however busy the machine is. */
const wait = async (turns: number) => {
  for (let turn = 0; turn <= turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const box = (id: number) => ({ id });

function makeSchema() {
  let total = 0;
  const late = async (_: unknown, { turns = 0, fails = false, value = 'late' }) => {
    await wait(turns);
    if (fails) throw new Error('secret');
    return value;
  };
  return createSchema({
    typeDefs: TYPES,
    resolvers: {
      Moment: {
        serialize: (value: unknown) => {
          if (value instanceof Date) return value.toISOString();
          if (value === 'nothing') return null;
          throw new TypeError('no date');
        },
      },
      Animal: { __resolveType: (value: { type: unknown }) => value.type as string },
      Pet: { __resolveType: () => 'Cat' },
      Query: {
        text: () => 'text',
        sure: () => null,
        late,
        promisedLeaf: () => ({ value: Promise.resolve('came'), many: [Promise.resolve('a'), 'b'] }),
        numbers: () => new Set([1, 'two', null, 3.5, undefined, Promise.resolve(6)]),
        sureNumbers: () => [1, null],
        lateList: (_: unknown, { count, failing }: { count: number; failing: number[] }) =>
          Array.from({ length: count }, async (_each, at) => {
            await wait((count - at) * 2);
            if (failing.includes(at)) throw new Error('secret');
            return box(at);
          }),
        lateSureList: (_: unknown, { count, failing }: { count: number; failing: number[] }) =>
          Array.from({ length: count }, (_each, at) =>
            failing.includes(at) ? null : Promise.resolve(box(at)),
          ),
        throwing: function* () {
          yield box(1);
          throw new Error('secret');
        },
        notAList: () => ({ length: 1 }),
        text2list: () => 'text',
        box: () => box(0),
        sureBox: () => box(0),
        animals: (_: unknown, { wrong }: { wrong?: string }) => [
          { type: 'Dog', name: 'Rex', barks: true },
          { type: Promise.resolve('Cat'), name: 'Tom', lives: 9 },
          { type: wrong ?? 'Dog', name: 'Odd' },
          null,
        ],
        pet: () => ({ name: 'Tom', lives: 9 }),
        later: () => ({ type: Promise.reject(new Error('secret')), name: 'Nobody' }),
        noType: () => ({ name: 'Nobody' }),
        otherType: () => ({ type: 'Box', name: 'Nobody' }),
        moment: () => new Date(0),
        color: () => 'GREEN',
        wrongColor: () => 'BLUE',
        float: () => 1.5,
        nothing: () => 'nothing',
        errorValue: () => new Error('secret'),
        errorInList: () => ['a', new Error('secret')],
        echo: (_: unknown, args: unknown) => JSON.stringify(args),
        arguments: (...given: unknown[]) => JSON.stringify([given.length, given[1]]),
      },
      Box: {
        sure: ({ id }: { id: number }) => (id % 2 === 1 ? null : 'sure'),
        inner: ({ id }: { id: number }) => box(id + 1),
        sureInner: async ({ id }: { id: number }) => Promise.resolve(box(id + 1)),
        late,
        sureLate: late,
        path: (_: unknown, _args: unknown, _context: unknown, info) => {
          const keys: (string | number)[] = [];
          for (let at: typeof info.path | undefined = info.path; at; at = at.prev) keys.unshift(at.key);
          const { fieldName, parentType, returnType, operation, variableValues } = info;
          const where = [fieldName, parentType.name, String(returnType), operation.operation];
          return JSON.stringify([...where, keys, variableValues, Object.keys(info.fragments)]);
        },
      },
      Mutation: {
        add: async (_: unknown, { n, fails, turns }: { n: number; fails?: boolean; turns?: number }) => {
          await wait(turns ?? 0);
          if (fails) throw new Error('secret');
          return (total += n);
        },
        addSure: (_: unknown, { n, fails }: { n: number; fails?: boolean }) => (fails ? null : (total += n)),
        total: () => total,
      },
    },
  });
}

/** Has operations executed by the interpreter of graphql-js, which every answer of a plan is compared with. */
const interpreter: Plugin = {
  onExecute: ({ setExecuteFn }) => {
    setExecuteFn(execute);
  },
};

type Plumbing = Awaited<ReturnType<typeof startPlumbing>>;
let planned: Plumbing;
let interpreted: Plumbing;

beforeAll(async () => {
  planned = await startPlumbing({ app: { schema: makeSchema() } });
  interpreted = await startPlumbing({ app: { schema: makeSchema(), plugins: [interpreter] } });
});
afterAll(async () => {
  await planned.close();
  await interpreted.close();
});

/** Status and body of an answer, without what differs from request to request. */
async function answerOf(one: Plumbing, body: object): Promise<{ status: number; body: any }> {
  const { status, body: answer } = await one.post(body, { 'x-request-id': 'same' });
  return { status, body: answer };
}

async function bothAnswer(query: string, rest: { variables?: object; operationName?: string } = {}) {
  const [plan, reference] = await Promise.all([
    answerOf(planned, { query, ...rest }),
    answerOf(interpreted, { query, ...rest }),
  ]);
  expect(plan).toEqual(reference);
  // Also in its order: it is text that goes out.
  expect(JSON.stringify(plan.body.data)).toBe(JSON.stringify(reference.body.data));
  return plan;
}

describe('the result of an execution plan equals that of the interpreter', () => {
  it.each([
    '{ text __typename alias: text }',
    '{ text sure }',
    '{ box { sure inner { id sure } } }',
    '{ box { inner { inner { sure } sureInner { id } } } text }',
    '{ sureBox { sureInner { sure } } text }',
    '{ a: late(turns: 50) b: late(turns: 40, fails: true) c: late(turns: 1) text d: late(turns: 0, fails: true) }',
    '{ box { late(turns: 40, fails: true) sureLate(turns: 1, fails: true) path } text }',
    '{ box { a: sureLate(turns: 1) sure inner { b: sureLate(turns: 2, fails: true) sure } } }',
    '{ promisedLeaf { value many } }',
    '{ numbers sureNumbers }',
    '{ lateList(count: 4, failing: [0, 2]) { id path late(turns: 1) } }',
    '{ lateList(count: 4, failing: []) { id sure } }',
    '{ lateSureList(count: 3, failing: [2]) { id late(turns: 1, fails: true) } text }',
    '{ lateSureList(count: 3, failing: []) { id sureLate(turns: 1) } text }',
    '{ throwing { id } notAList text2list }',
    '{ animals { __typename name ... on Dog { barks } ... on Cat { lives } } }',
    '{ animals(wrong: "Box") { name } }',
    '{ animals(wrong: "Unknown") { __typename } }',
    '{ pet { __typename ... on Animal { name } ...L } } fragment L on Cat { lives }',
    '{ later { name } noType { name } otherType { name } }',
    '{ moment color wrongColor float nothing errorValue errorInList }',
    '{ echo arguments }',
    '{ echo(change: { name: null, tags: "one" }, color: RED, list: 3) }',
    '{ box { ...A inner { ...A } } } fragment A on Box { id path ...B } fragment B on Box { id inner { path } }',
    '{ box { inner { id } ... { inner { path } } ... on Box { inner { sure } } } }',
    '{ box { __proto__: id inner { constructor: id toString: path } } }',
    '{ __schema { queryType { name } } text }',
    '{ __type(name: "Box") { name } }',
    'mutation { a: add(n: 1, turns: 5) b: add(n: 10, fails: true) c: add(n: 100) total }',
    'mutation { addSure(n: 1, fails: true) total }',
    'mutation { addSure(n: 1) a: total add(n: 1) b: total }',
  ])('%s', async (query) => {
    await bothAnswer(query);
  });

  it('except that errors are omitted within a part that has already failed', async () => {
    const query =
      '{ box { a: late(turns: 5, fails: true) b: late(turns: 9) sureLate(fails: true) } late(turns: 20) }';
    const [plan, reference] = await Promise.all([
      answerOf(planned, { query }),
      answerOf(interpreted, { query }),
    ]);
    const paths = ({ body }: typeof plan) =>
      (body.errors as { path: string[] }[]).map(({ path }) => path.join('.'));
    expect(plan.body.data).toEqual(reference.body.data);
    expect(paths(plan)).toEqual(['box.sureLate']);
  });

  it('when the selection depends on variables', async () => {
    const query = `query Q($a: Boolean!, $b: Boolean = false) {
      box { id @include(if: $a) ...F @skip(if: $b) ... @include(if: $a) @skip(if: $b) { sure } late(turns: 1) @skip(if: true) }
    } fragment F on Box { path inner { id @skip(if: $a) } }`;
    const seen = new Set<string>();
    for (const a of [true, false]) {
      for (const b of [true, false, undefined]) {
        seen.add(JSON.stringify((await bothAnswer(query, { variables: { a, b } })).body.data));
      }
    }
    expect(seen.size).toBe(4);
    await bothAnswer(query, { variables: { a: true, b: null } });
    await bothAnswer(query, {});
  });

  it.each([
    { variables: {} },
    { variables: { n: 'one' } },
    { variables: { n: null } },
    { variables: { n: 2 ** 40 } },
    { variables: { n: 1, change: { unknown: 1 } } },
    { variables: { n: 1, change: { name: 5 } } },
    { variables: { n: 1, change: { name: null } } },
    { variables: { n: 1, change: {}, color: 'RED' } },
    { variables: { n: 1, color: 'BLUE' } },
    { variables: { n: 1, text: null } },
    { variables: { n: 1, list: [1, 'x'] } },
    { variables: { n: 1, list: 4, note: 'noted' } },
  ])('with $variables', async ({ variables }) => {
    const query = `query Q($n: Int!, $change: Change, $color: Color, $text: String, $list: [Int], $note: String) {
      late(turns: $n) echo(change: $change, change2: { note: $note, tags: [$note] }, color: $color, text: $text, list: $list)
    }`;
    await bothAnswer(query, { variables });
  });

  it.each([
    '{}',
    '{"__proto__":"p","text":null}',
    '{"list":null,"change":null,"turns":0}',
    '{"text":"t","unknown":1}',
    '{"turns":null}',
  ])('with defaults and a variable with an unusual name, given %s', async (given) => {
    const query = `query Q($__proto__: String, $text: String = "d", $list: [Int] = [1, 2], $change: Change = { name: "n" }, $turns: Int = 1) {
        a: echo(text: $__proto__) b: echo(text: $text, list: $list, change: $change) late(turns: $turns) box { path }
      }`;
    const variables = JSON.parse(given) as object;
    await bothAnswer(query, { variables });
  });

  it('with an omitted variable in an input, which is left out, not null', async () => {
    const query = 'query Q($note: String, $name: String) { echo(change: { name: $name, note: $note }) }';
    const { body } = await bothAnswer(query, { variables: {} });
    expect(JSON.parse(body.data.echo as string)).toEqual({ change: { note: 'none' }, text: 'x' });
  });

  it('without executing text of a query as code', async () => {
    const text = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d(globalThis.ran=1)`${1}`\\u2028';
    const { body } = await bothAnswer(`{ echo(text: "${text}") }`);
    expect(body.data.echo).toContain('__MAGIC_DATE__');
    expect(globalThis).not.toHaveProperty('ran');
  });

  it('without mixing the operations of a document', async () => {
    const query =
      'query A { text } mutation B { add(n: 1000) } query C { total: text } query D { sureNumbers }';
    for (let round = 0; round < 3; round += 1) {
      for (const operationName of ['A', 'B', 'C', 'D']) {
        const { body } = await bothAnswer(query, { operationName });
        const keys = { A: 'text', B: 'add', C: 'total', D: 'sureNumbers' };
        expect(Object.keys(body.data as object)).toEqual([keys[operationName as keyof typeof keys]]);
      }
    }
    for (const operationName of ['', 'E', undefined]) {
      expect((await bothAnswer(query, operationName === undefined ? {} : { operationName })).body.data).toBe(
        undefined,
      );
    }
  });
});

const NOW = Date.UTC(2026, 5, 1);

/** Stands still, so that both answer at the same time, and lets retries follow each other at once. */
const standing: Clock = { ...systemClock, now: () => NOW, sleep: () => Promise.resolve() };

describe('the production schema', () => {
  let facades: { planned: TestFacade; interpreted: TestFacade };

  const start = (url: string) => ({
    planned: startFacade(url, { clock: standing }),
    interpreted: startFacade(url, { clock: standing, plugins: [interpreter] }),
  });

  async function same(operation: Parameters<TestFacade['query']>[0]): Promise<boolean> {
    const plan = await facades.planned.query(operation);
    const reference = await facades.interpreted.query(operation);
    // The order of errors is that in which they came in.
    for (const answer of [plan, reference] as any[]) {
      answer.errors?.sort((a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      for (const error of answer.errors ?? []) {
        delete error.extensions?.requestId;
        // The sandbox gives each call other ids.
        delete error.extensions?.upstream?.requestIds;
      }
      const upstream = answer.extensions?.upstream as { calls: number; coalesced: number } | undefined;
      // Coalescing depends on timing.
      if (upstream) answer.extensions = { reads: upstream.calls + upstream.coalesced };
    }
    expect(plan, operation.query).toEqual(reference);
    expect(JSON.stringify(plan.data)).toBe(JSON.stringify(reference.data));
    return plan.errors !== undefined;
  }

  afterEach(async () => {
    await facades.planned.close();
    await facades.interpreted.close();
  });

  it('returns the same result for every example', async () => {
    const standIn = await startStandIn();
    facades = start(standIn.url);
    for (const folder of ['../../examples/', '../../examples/operations/']) {
      const directory = new URL(folder, import.meta.url);
      const read = (file: string) => readFileSync(new URL(file, directory), 'utf8');
      for (const file of readdirSync(directory).filter((name) => name.endsWith('.graphql'))) {
        const variables = file.replace('.graphql', '.variables.json');
        const given = existsSync(new URL(variables, directory)) ? read(variables) : '{}';
        const document = parse(read(file));
        const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
        for (const { name, operation } of operations) {
          if (operation === OperationTypeNode.SUBSCRIPTION) continue;
          await same({
            query: read(file),
            variables: JSON.parse(given) as Record<string, unknown>,
            ...(name && { operationName: name.value }),
          });
        }
      }
    }
    await standIn.close();
  });

  it('returns the same results for random queries with @skip and @include', async () => {
    const unlimited = { requestsPerSecond: 0, requestsPerDay: 0, validate: false };
    const sandbox = await createSandbox({ ...unlimited, contacts: 80, clock: { now: () => NOW } });
    facades = start(sandbox.url);
    const random = generator(11);
    const queries = randomQueries(buildSchema(), sandbox.account(), { seed: 11, count: 40, optional: 0.1 });
    for (const query of queries) {
      // Counts what each of the two has used.
      if (query.includes('rateLimit')) continue;
      const conditional = print(withConditions(parse(query), random));
      for (const variables of [
        { a: true, b: false },
        { a: random() < 0.5, b: random() < 0.5 },
      ]) {
        // The API computes some answers when it is asked for the first time, and says so first.
        await facades.interpreted.query({ query: conditional, variables });
        await same({ query: conditional, variables });
      }
    }
    await sandbox.close();
  });

  it('fails in the same way when a REST operation fails', async () => {
    const unlimited = { requestsPerSecond: 0, requestsPerDay: 0, validate: false };
    const sandbox = await createSandbox({ ...unlimited, contacts: 80, clock: { now: () => NOW } });
    facades = start(sandbox.url);
    const queries = randomQueries(buildSchema(), sandbox.account(), { seed: 5, count: 40, optional: 0.1 });
    let failures = 0;
    let at = 0;
    for (const query of queries) {
      if (query.includes('rateLimit')) continue;
      sandbox.faults.clear();
      sandbox.journal.clear();
      await facades.interpreted.query({ query });
      const operationIds = [...new Set(sandbox.journal.operations())];
      const operationId = operationIds[at % operationIds.length];
      const fault = FAULTS[(at += 1) % FAULTS.length];
      if (!operationId || !fault) continue;
      sandbox.faults.script({ operationId, times: Infinity, fault });
      if (await same({ query })) failures += 1;
    }
    expect(failures).toBeGreaterThan(10);
    await sandbox.close();
  });
});

/** Faults of every call of one operation. */
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 403, body: [{ error_key: 'unauthorized' }] },
  { kind: 'status', status: 404, body: [{ error_key: 'not_found' }] },
  { kind: 'status', status: 200, body: {} },
  { kind: 'html', status: 502 },
  { kind: 'truncate' },
];

/** Puts `@include` and `@skip` before some of the fields. */
function withConditions(document: DocumentNode, random: () => number): DocumentNode {
  const text = print(document).replace(
    /^\{/,
    'query ($a: Boolean!, $b: Boolean!) { __typename @include(if: $a) @skip(if: $b)',
  );
  const directive = (name: string, variable: string) => {
    const { definitions } = parse(`{ a @${name}(if: $${variable}) }`);
    const [operation] = definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation');
    return operation.selectionSet.selections[0]?.directives ?? [];
  };
  return visit(parse(text), {
    Field: (node) => {
      if (node.directives?.length) return undefined;
      const dice = random();
      if (dice < 0.15) return { ...node, directives: directive('include', 'a') };
      if (dice < 0.3) return { ...node, directives: directive('skip', 'b') };
      return undefined;
    },
  });
}

describe('an execution whose client has disconnected', () => {
  it.each([
    ['a plan', ''],
    ['the interpreter, which has introspection', ' __schema { description }'],
  ])('calls no further resolver and ends, by %s', async (_, more) => {
    const called = vi.fn(() => 'x');
    let go = () => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    let asked = 0;
    let gone = 0;
    /** Counts callers that disconnect, by the REST call that is aborted, and continues. */
    const slow = async (_: unknown, __: unknown, { api }: Context) => {
      asked += 1;
      await api.call('getAccountById', {}).catch(() => (gone += 1));
      await gate;
    };
    const one = await startPlumbing({
      upstream: () => undefined,
      app: {
        schema: createSchema({
          typeDefs:
            'type Query { slow: Inner } type Inner { called: String } type Mutation { slow: Int called: String }',
          resolvers: {
            Query: { slow },
            Inner: { called },
            Mutation: { slow, called },
          },
        }),
      },
    });
    for (const [at, query] of [`{ slow { called }${more} }`, 'mutation { slow called }'].entries()) {
      const off = new AbortController();
      const answer = one.app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: off.signal,
      });
      await expect.poll(() => asked).toBe(at + 1);
      off.abort();
      await expect(answer).rejects.toThrow();
      await expect.poll(() => gone).toBe(at + 1);
    }
    go();
    // A whole request takes longer than the rest of those would.
    expect((await one.post({ query: '{ __typename }' })).status).toBe(200);
    expect(called).not.toHaveBeenCalled();
    await one.close();
  });
});

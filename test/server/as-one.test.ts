import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { asOne } from '../../src/server/plugins/as-one.js';

type Told = string[];

const schema = createSchema<{ told: Told }>({
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: () => 'hello' } },
});

async function* parts() {
  await Promise.resolve();
  yield { data: { hello: 'first' }, hasNext: true };
  yield { data: { hello: 'second' }, hasNext: false };
}

/** Sees everything, and says in which order. */
const watcher = (name: string, told: Told): Plugin => ({
  onExecute: ({ args }) => {
    told.push(`${name} begins ${String(args.operationName)}`);
    return {
      onExecuteDone: ({ result }) => {
        told.push(`${name} is done ${JSON.stringify(result)}`);
        return {
          onNext: (payload) => void told.push(`${name} sees ${JSON.stringify(payload.result)}`),
          onEnd: () => void told.push(`${name} ends`),
        };
      },
    };
  },
});

const greeting = (hello: string) => ({ data: { hello } });
const wrapper = (name: string): Plugin => ({
  onExecute: ({ executeFn, setExecuteFn }) => {
    setExecuteFn((args) => {
      args.contextValue.told.push(`${name} executes`);
      return executeFn(args);
    });
  },
});
const extender: Plugin<{ more?: string }> = {
  onExecute: ({ extendContext, context }) => {
    extendContext({ more: `${String(context.more)} and more` });
  },
};
const replacer = (name: string): Plugin => ({
  onExecute: () => ({
    onExecuteDone: ({ result, setResult }) => {
      if (Symbol.asyncIterator in result) {
        return { onNext: (payload) => payload.setResult({ ...payload.result, extensions: { name } }) };
      }
      setResult({ ...result, extensions: { ...result.extensions, [name]: Object.keys(result) } });
      return undefined;
    },
  }),
});
const stopper: Plugin = {
  onExecute: ({ setResultAndStopExecution }) => {
    setResultAndStopExecution(greeting('stopped'));
    return { onExecuteDone: ({ setResult }) => setResult(greeting('stopped, then done')) };
  },
};
const streamer: Plugin = { onExecute: ({ setExecuteFn }) => setExecuteFn(() => parts()) };
const thrower: Plugin = {
  onExecute: () => {
    throw new Error('no');
  },
};

const CASES: Record<string, (told: Told) => Plugin[]> = {
  watchers: (told) => [watcher('a', told), watcher('b', told)],
  'wrappers, one around the other': (told) => [wrapper('a'), watcher('b', told), wrapper('c')],
  'a context that is extended': (told) => [extender, watcher('a', told), extender],
  'results that are replaced': (told) => [replacer('a'), watcher('b', told), replacer('c')],
  'one that stops': (told) => [watcher('a', told), stopper, watcher('b', told), wrapper('c')],
  parts: (told) => [watcher('a', told), replacer('b'), streamer, watcher('c', told)],
  'one that throws': (told) => [watcher('a', told), thrower, watcher('b', told)],
};

async function outcome(plugins: (told: Told) => Plugin[]) {
  const told: Told = [];
  const yoga = createYoga({ schema, logging: false, context: { told }, plugins: plugins(told) });
  const response = await yoga.fetch('http://yoga.test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, multipart/mixed' },
    body: JSON.stringify({ query: 'query Hello { hello }', operationName: 'Hello' }),
  });
  return { status: response.status, text: await response.text(), told };
}

describe('hooks of execution are as one what they are one by one', () => {
  it.each(Object.entries(CASES))('%s', async (_, plugins) => {
    const apart = await outcome(plugins);
    expect(await outcome((told) => asOne(plugins(told)))).toEqual(apart);
    expect(apart.told.length).toBeGreaterThan(0);
  });

  it('with what the plugins do elsewhere left as it is', () => {
    const onParse = () => undefined;
    const [plugin, together, ...rest] = asOne([{ onParse, onExecute: () => undefined }]);
    expect(plugin).toEqual({ onParse });
    expect(Object.keys(together ?? {})).toEqual(['onExecute']);
    expect(rest).toEqual([]);
  });

  it('but for one that is not done at once, which makes the operation fail', async () => {
    const late: Plugin = { onExecute: () => Promise.resolve() };
    expect(await outcome(() => asOne([late]))).toMatchObject({
      text: expect.stringContaining('Unexpected error.'),
    });
  });
});

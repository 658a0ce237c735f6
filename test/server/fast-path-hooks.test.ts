import { parse, type ExecutionArgs } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { contextHooks, executionHooks } from '../../src/server/fast-path/hooks.js';

type Told = string[];

const schema = createSchema<{ told: Told }>({
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: (_, __, { told }) => `hello ${String(told.length)}` } },
});

/** Sees everything, and says in which order. */
const watcher = (name: string, told: Told): Plugin => ({
  onExecute: ({ args }) => {
    told.push(`${name} begins ${String(args.operationName)}`);
    return {
      onExecuteDone: ({ result }) => {
        told.push(`${name} is done ${JSON.stringify(result)}`);
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
      if (Symbol.asyncIterator in result) return;
      setResult({ ...result, extensions: { ...result.extensions, [name]: Object.keys(result) } });
    },
  }),
});
const stopper: Plugin = {
  onExecute: ({ setResultAndStopExecution }) => {
    setResultAndStopExecution(greeting('stopped'));
    return { onExecuteDone: ({ setResult }) => setResult(greeting('stopped, then done')) };
  },
};
const late: Plugin = {
  onExecute: ({ executeFn, setExecuteFn }) => {
    setExecuteFn(async (args) => {
      await Promise.resolve();
      return executeFn(args);
    });
  },
};
const thrower: Plugin = {
  onExecute: () => {
    throw new Error('no');
  },
};
const failing: Plugin = {
  onExecute: ({ setExecuteFn }) => setExecuteFn(() => Promise.reject(new Error('no'))),
};

const building = (name: string, told: Told): Plugin => ({
  onContextBuilding: ({ context, extendContext }) => {
    told.push(`${name} sees ${Object.keys(context).join()}`);
    extendContext({ [name]: true });
  },
});
const buildingLate = (name: string, told: Told): Plugin => ({
  onContextBuilding: async ({ context, extendContext }) => {
    await Promise.resolve();
    told.push(`${name} sees ${Object.keys(context).join()}`);
    extendContext({ [name]: true });
  },
});
const buildingTwice = (name: string, told: Told): Plugin => ({
  onContextBuilding: () => (payload) => {
    told.push(`${name} sees in the end ${Object.keys(payload.context).join()}`);
    payload.extendContext({ [name]: true });
  },
});
const breaking: Plugin = {
  onContextBuilding: ({ breakContextBuilding }) => {
    breakContextBuilding();
  },
};
const refusing: Plugin = {
  onContextBuilding: () => {
    throw new Error('refused');
  },
};

const CASES: Record<string, (told: Told) => Plugin[]> = {
  watchers: (told) => [watcher('a', told), watcher('b', told)],
  'wrappers, one around the other': (told) => [wrapper('a'), watcher('b', told), wrapper('c')],
  'a context that is extended': (told) => [extender, watcher('a', told), extender],
  'results that are replaced': (told) => [replacer('a'), watcher('b', told), replacer('c')],
  'one that stops': (told) => [watcher('a', told), stopper, watcher('b', told), wrapper('c')],
  'an execution that takes its time': (told) => [watcher('a', told), late, replacer('b')],
  'an execution that fails': (told) => [watcher('a', told), failing, replacer('b')],
  'one that throws': (told) => [watcher('a', told), thrower, watcher('b', told)],
  'a context that is built': (told) => [building('a', told), buildingLate('b', told), building('c', told)],
  'a context that is built in two steps': (told) => [buildingTwice('a', told), building('b', told)],
  'a context that is broken off': (told) => [
    buildingTwice('a', told),
    building('b', told),
    breaking,
    building('c', told),
  ],
  'a context that is refused': (told) => [building('a', told), refusing, building('b', told)],
};

interface Way {
  context(initial: object): Promise<object>;
  execute(args: ExecutionArgs): unknown;
}

/** What comes of an operation, one way and the other. */
async function outcome(plugins: (told: Told) => Plugin[], way: 'envelop' | 'own') {
  const told: Told = [];
  let all: Plugin[] = [];
  const tell = { onPluginInit: (init: { plugins: Plugin[] }) => void (all = init.plugins) };
  const yoga = createYoga({
    schema,
    logging: false,
    maskedErrors: { maskError: (error) => error as Error },
    plugins: [...plugins(told), tell as Plugin],
  });
  const initial = { told };
  const enveloped = yoga.getEnveloped(initial as never);
  const build = contextHooks(all);
  const ways: Record<typeof way, Way> = {
    envelop: {
      context: async () => await enveloped.contextFactory(),
      execute: (args) => enveloped.execute(args) as unknown,
    },
    own: {
      context: async (context) => {
        await build(context);
        return context;
      },
      execute: executionHooks(all),
    },
  };
  const { context, execute } = ways[way];
  try {
    const contextValue = await context(initial);
    const document = parse('query Hello { hello }');
    const result: unknown = await execute({ schema, document, contextValue, operationName: 'Hello' });
    return { result, told, context: Object.keys(initial) };
  } catch (error) {
    return { error, told, context: Object.keys(initial) };
  }
}

describe('the hooks of plugins do what they do when Envelop calls them', () => {
  it.each(Object.entries(CASES))('%s', async (_, plugins) => {
    const byEnvelop = await outcome(plugins, 'envelop');
    expect(await outcome(plugins, 'own')).toEqual(byEnvelop);
    expect([...byEnvelop.told, ...byEnvelop.context].length).toBeGreaterThan(1);
  });

  it('but for one of execution that is not done at once, which makes the operation fail', async () => {
    const slow: Plugin = { onExecute: () => Promise.resolve() };
    expect(await outcome(() => [slow], 'own')).toMatchObject({
      error: { message: expect.stringContaining('at once') },
    });
  });

  it('and nothing executes where no plugin says how', () => {
    const document = parse('{ hello }');
    expect(() => executionHooks([])({ schema, document, contextValue: {} })).toThrow('says how to execute');
  });
});

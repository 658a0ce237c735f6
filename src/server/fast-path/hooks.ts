import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

type OnContext = NonNullable<Plugin['onContextBuilding']>;
type OnExecute = NonNullable<Plugin['onExecute']>;
type ExecuteFn = Parameters<OnExecute>[0]['executeFn'];
type OnDone = NonNullable<Exclude<Awaited<ReturnType<OnExecute>>, void>['onExecuteDone']>;

// These call the hooks of plugins as Envelop does, in the same order and with the same effects, as far as an operation can need it
// that is answered at once. Envelop makes closures and stand-ins for promises around each hook of each operation, which were a
// fifth of all that a contact by id left to the garbage collector.
//
// What a hook gets is made anew for each, and never changed. A program that leaves V8 its way of making objects old from the start
// (`tuneMemory` in cli/support.ts) would keep whole chains of requests by objects whose functions are replaced.

/** Calls hooks one after the other. Gives a promise only where one of them does: to wait costs as much as most hooks. */
export function inTurn<Payload>(
  hooks: readonly ((payload: Payload) => unknown)[],
  payload: Payload,
  from = 0,
): Promise<void> | undefined {
  for (let at = from; at < hooks.length; at += 1) {
    const pending = hooks[at]?.(payload);
    if (pending instanceof Promise) return pending.then(() => inTurn(hooks, payload, at + 1));
  }
  return undefined;
}

interface Extended {
  context: object;
  extendContext: (more: object) => void;
}

/** A context, and what is to be done when all hooks have been called; nothing where one has broken off. */
interface Building extends Extended {
  breakContextBuilding: () => void;
  ends: ((payload: Extended) => unknown)[] | null;
}

/** @returns what makes an initial context, in place, the one that resolvers get; a promise only where a hook gives one */
export function contextHooks(plugins: readonly Plugin[]): (context: object) => Promise<void> | undefined {
  const hooks = plugins.flatMap(({ onContextBuilding }) => onContextBuilding ?? []);
  const steps = hooks.map((hook) => (building: Building) => {
    if (!building.ends) return undefined;
    const { context, extendContext, breakContextBuilding } = building;
    const note = (end: unknown) => {
      if (end) building.ends?.push(end as (payload: Extended) => unknown);
    };
    const given = hook({ context, extendContext, breakContextBuilding } as Parameters<OnContext>[0]);
    return given instanceof Promise ? given.then(note) : note(given);
  });
  return (context) => {
    const extendContext = (more: object) => {
      Object.assign(context, more);
    };
    const breakContextBuilding = () => {
      building.ends = null;
    };
    const building: Building = { context, extendContext, breakContextBuilding, ends: [] };
    const finish = () => inTurn(building.ends ?? [], { context, extendContext });
    return inTurn(steps, building)?.then(finish) ?? finish();
  };
}

/**
 * @returns what executes an operation within the hooks. Such a hook has to be done at once: one that gives a promise makes the
 * operation fail.
 */
export function executionHooks(
  plugins: readonly Plugin[],
): (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult> {
  const hooks = plugins.flatMap(({ onExecute }) => onExecute ?? []);
  return (args) => {
    const context = args.contextValue as object;
    const extendContext = (more: object) => {
      Object.assign(context, more);
    };
    let executeFn: ExecuteFn = notExecutable;
    let stopped: ExecutionResult | undefined;
    const setExecuteFn = (replaced: ExecuteFn) => {
      executeFn = replaced;
    };
    const setResultAndStopExecution = (result: ExecutionResult) => {
      stopped = result;
    };
    const ends: OnDone[] = [];
    for (const hook of hooks) {
      const payload = { args, context, extendContext, executeFn, setExecuteFn, setResultAndStopExecution };
      const begun = atOnce(hook(payload as Parameters<OnExecute>[0]));
      if (begun?.onExecuteDone) ends.push(begun.onExecuteDone);
      if (stopped) break;
    }
    const result = stopped ?? (executeFn(args) as ExecutionResult | Promise<ExecutionResult>);
    return result instanceof Promise
      ? result.then((late) => ended(ends, args, late))
      : ended(ends, args, result);
  };
}

const notExecutable: ExecuteFn = () => {
  throw new TypeError('No plugin says how to execute.');
};

/** The result as those who were told of it have left it. */
function ended(ends: readonly OnDone[], args: ExecutionArgs, result: ExecutionResult): ExecutionResult {
  let last = result;
  const setResult = (replaced: ExecutionResult) => {
    last = replaced;
  };
  for (const end of ends) atOnce(end({ args, result: last, setResult } as Parameters<OnDone>[0]));
  return last;
}

function atOnce<Result>(result: Result | Promise<Result>): Result {
  if (result instanceof Promise) throw new TypeError('A hook of execution has to be done at once.');
  return result;
}

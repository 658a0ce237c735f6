import type { Plugin } from 'graphql-yoga';

type OnExecute = NonNullable<Plugin['onExecute']>;
type Begun = Exclude<Awaited<ReturnType<OnExecute>>, void>;
type OnDone = NonNullable<Begun['onExecuteDone']>;
type Followed = Exclude<Awaited<ReturnType<OnDone>>, void>;

/**
 * The same plugins, with what they do around execution as one hook: in the same order, and with the same effects. Envelop makes
 * closures and stand-ins for promises around each hook of each operation, which were a third of all that a contact by id
 * left to the garbage collector.
 *
 * Such a hook has to be done at once: one that gives a promise makes the operation fail.
 */
export function asOne(plugins: readonly Plugin[]): Plugin[] {
  const hooks = plugins.flatMap(({ onExecute }) => onExecute ?? []);
  return [...plugins.map(({ onExecute, ...rest }): Plugin => rest), { onExecute: executeHook(hooks) }];
}

// What a hook gets is made anew for each, and never changed: of objects whose functions are replaced, V8 keeps whole chains of
// requests until the next full collection, which took half as much again as all that is saved here.

function executeHook(hooks: readonly OnExecute[]): OnExecute {
  return (payload) => {
    const { args, context, extendContext } = payload;
    const done: OnDone[] = [];
    let { executeFn } = payload;
    let isStopped = false;
    const setExecuteFn: typeof payload.setExecuteFn = (replaced) => {
      payload.setExecuteFn(replaced);
      executeFn = replaced;
    };
    const setResultAndStopExecution: typeof payload.setResultAndStopExecution = (result) => {
      payload.setResultAndStopExecution(result);
      isStopped = true;
    };
    for (const hook of hooks) {
      const begun = atOnce<Begun>(
        hook({ args, context, extendContext, executeFn, setExecuteFn, setResultAndStopExecution }),
      );
      if (begun?.onExecuteDone) done.push(begun.onExecuteDone);
      if (isStopped) break;
    }
    return { onExecuteDone: doneHook(done) };
  };
}

function doneHook(hooks: readonly OnDone[]): OnDone {
  return (payload) => {
    const { args } = payload;
    let { result } = payload;
    const setResult: typeof payload.setResult = (replaced) => {
      payload.setResult(replaced);
      result = replaced;
    };
    const followed: Followed[] = [];
    for (const hook of hooks) {
      const more = atOnce<Followed>(hook({ args, result, setResult }));
      if (more) followed.push(more);
    }
    return followed.length > 0 ? streamHooks(followed) : undefined;
  };
}

/** For the parts of an answer that comes in several. */
function streamHooks(hooks: readonly Followed[]): Followed {
  return {
    onNext: (payload) => {
      const { args } = payload;
      let { result } = payload;
      const setResult: typeof payload.setResult = (replaced) => {
        payload.setResult(replaced);
        result = replaced;
      };
      for (const { onNext } of hooks) atOnce(onNext?.({ args, result, setResult }));
    },
    onEnd: () => {
      for (const { onEnd } of hooks) onEnd?.();
    },
  };
}

function atOnce<Result>(result: Result | Promise<Result | void> | void): Result | void {
  if (result instanceof Promise) throw new TypeError('A hook of execution has to be done at once.');
  return result;
}

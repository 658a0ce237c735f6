import { clearLoaders } from '../../loaders/index.js';
import type { Context } from '../../context.js';

/** What a subscription has to tell: a value, or why there will be no more. */
export type LiveEvent<T> = { value: T } | { error: unknown };

const OVER: IteratorReturnResult<undefined> = { value: undefined, done: true };

/**
 * Events of a subscription. Each is resolved with empty loaders, because what was read for the one before may have
 * changed with it. A source that fails ends with an event for `valueOf` to throw, which makes it an error at the field,
 * as in a query.
 */
export function live<T>(
  { loaders }: Context,
  source: AsyncIterableIterator<T>,
): AsyncIterableIterator<LiveEvent<T>> {
  let isOver = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isOver) return OVER;
      try {
        const next = await source.next();
        clearLoaders(loaders);
        return next.done ? OVER : { value: { value: next.value }, done: false };
      } catch (error) {
        isOver = true;
        return { value: { error }, done: false };
      }
    },
    async return() {
      isOver = true;
      await source.return?.();
      return OVER;
    },
  };
}

/** The value of an event, for the field that the subscription is about. */
export function valueOf<T>(event: LiveEvent<T>): T {
  if ('error' in event) throw event.error;
  return event.value;
}

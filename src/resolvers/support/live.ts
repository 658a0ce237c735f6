import { clearLoaders } from '../../loaders/index.js';
import type { Context } from '../../context.js';

/** An event of a subscription: a value, or the error that ends it. */
export type LiveEvent<T> = { value: T } | { error: unknown };

const OVER: IteratorReturnResult<undefined> = { value: undefined, done: true };

/**
 * Events of a subscription. Each is resolved with empty loaders, because data that was read for the previous
 * event may be outdated. A failing source ends with an event that `valueOf` throws, which makes it a field
 * error, as in a query.
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

/** The value of an event, for the root field of the subscription. */
export function valueOf<T>(event: LiveEvent<T>): T {
  if ('error' in event) throw event.error;
  return event.value;
}

import type { Plugin } from 'graphql-yoga';
import type { Documents } from '../documents.js';
import type { LongTaskTurn } from '../turns.js';
import { operationStopOf } from './deadline.js';

/** Minimum length of a document, in characters, for which parsing and validating is a long task. A shorter one has at most 500 tokens. */
export const LONG_DOCUMENT = 1_000;

/** Runs other work between parsing and validating large documents that are not cached. */
export function useLongTasks(documents: Documents, longTaskTurn: LongTaskTurn): Plugin {
  return {
    onParams({ params, request }) {
      const { query } = params as { query?: unknown };
      if (typeof query !== 'string' || query.length < LONG_DOCUMENT || documents.has(query)) return undefined;
      return longTaskTurn(operationStopOf(request));
    },
  };
}

import type { Plugin } from 'graphql-yoga';
import type { Documents } from '../documents.js';
import { disconnectSignalOf } from '../gone.js';
import type { LongTaskTurn } from '../turns.js';

/** Length of a document, in characters, from which on parsing and validating it is a long task: some 500 tokens at most. */
const LONG = 1_000;

/** Runs other work between the parsing and validating of large documents that are not known yet. */
export function useLongTasks(documents: Documents, longTaskTurn: LongTaskTurn): Plugin {
  return {
    onParams({ params, request }) {
      const { query } = params as { query?: unknown };
      if (typeof query !== 'string' || query.length < LONG || documents.has(query)) return undefined;
      return longTaskTurn(disconnectSignalOf(request));
    },
  };
}

import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { asksForCurrentFormat } from '../accept.js';
import { createTranslation } from '../incremental-delivery.js';

/**
 * Formats `@defer` responses in the current format for clients that request it, and in the format of 2022 for all others. Must
 * run after the plugins that read errors and reports from the parts.
 */
export function useIncrementalDelivery(): Plugin {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result }) => {
        const { request } = args.contextValue as { request: Request };
        if (!isAsyncIterable(result) || !asksForCurrentFormat(request.headers.get('accept')))
          return undefined;
        const translate = createTranslation(args);
        return {
          onNext: (payload) => payload.setResult(translate(payload.result)),
        };
      },
    }),
  };
}

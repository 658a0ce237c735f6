import type { Plugin } from 'graphql-yoga';
import { errorResponse, refusal } from '../error-response.js';

const ENCODED = refusal(
  'BAD_REQUEST',
  'Compressed bodies are not supported. Send the body without "Content-Encoding".',
);

/**
 * Refuses bodies with a content coding, and writes media types in lower case and without a space before the parameters: Yoga
 * compares them as texts.
 */
export function useContentHeaders(): Plugin {
  return {
    onRequest({ request: { headers }, fetchAPI, endResponse }) {
      const type = headers.get('content-type');
      if (type !== null && type !== 'application/json') {
        const written = type.replace(/^[^;,]*/, (name) => name.trim().toLowerCase());
        if (written !== type) headers.set('content-type', written);
      }
      const coding = headers.get('content-encoding');
      if (coding === null || coding.toLowerCase() === 'identity') return;
      const response = errorResponse(fetchAPI, 415, ENCODED);
      response.headers.set('accept-encoding', 'identity');
      endResponse(response);
    },
  };
}

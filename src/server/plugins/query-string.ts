import type { Plugin } from 'graphql-yoga';
import { badRequest } from '../error-response.js';
import { checkJson } from '../json.js';

/**
 * Invalid JSON in `variables` or `extensions` of a GET is the caller's error; Yoga alone would treat it as a failure of the
 * server.
 */
export function useQueryStringCheck(): Plugin {
  return {
    onRequestParse({ request, url }) {
      if (request.method !== 'GET') return;
      for (const name of ['variables', 'extensions']) {
        const text = url.searchParams.get(name);
        if (!text) continue;
        checkJson(text);
        if (!isJson(text)) throw badRequest(`The parameter "${name}" is not valid JSON.`);
      }
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';

const HEADER = 'x-request-id';
const WELL_FORMED = /^[\w.:/+=-]{1,128}$/;

const ids = new Attached<Request, string>();

/** The ID of a request: its `x-request-id` if that is well-formed, otherwise a new one. */
export function requestIdOf(request: Request): string {
  let id = ids.get(request);
  if (id === undefined) {
    const given = request.headers.get(HEADER);
    id = given !== null && WELL_FORMED.test(given) ? given : randomUUID();
    ids.set(request, id);
  }
  return id;
}

/** Returns the request's ID in a header, so that the response can be found in the logs. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set(HEADER, requestIdOf(request));
    },
  };
}

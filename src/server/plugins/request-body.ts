import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { BYTES_OF_A_VALUE, checkJson } from '../json.js';
import { badRequest, errorResponse, refusal } from '../error-response.js';
import { hasBody } from '../held-body.js';
import { bodyStreamOf, type RequestBodies } from '../request-bodies.js';
import { MULTIPART } from './uploads.js';

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const JSON_TYPE = /^application\/(graphql\+)?json\s*(;|$)/i;

/** Maximum number of fields of a form. GraphQL over HTTP has four. */
const MAX_FORM_FIELDS = 100;

const UNKNOWN_TYPE = refusal(
  'BAD_REQUEST',
  'Send the operation as JSON, with the header "Content-Type: application/json".',
);

/** Time for which the rest of a refused body is read and discarded. Otherwise the client may lose the response. */
const LINGER_MS = 2_000;

/**
 * Receives bodies within their shared memory limit, and lets Yoga parse them as text. A body that cannot be parsed is the
 * caller's error; Yoga alone would treat it as a failure of the server, because its parsers throw any error.
 */
export function useRequestBody(bodies: RequestBodies): Plugin {
  return {
    onRequestParse({ request, requestParser, serverContext, setRequestParser, fetchAPI, endResponse }) {
      const type = request.headers.get('content-type') ?? '';
      if (!requestParser) {
        if (request.method === 'POST') endResponse(errorResponse(fetchAPI, 415, UNKNOWN_TYPE));
        // Yoga handles other methods.
        return;
      }
      const isText = request.method === 'POST' && !MULTIPART.test(type);
      setRequestParser(async (given) => {
        try {
          const source = isText ? bodyStreamOf(request, serverContext) : null;
          if (!source) return await requestParser(given);
          const body = bodies.hold(request);
          const text = await bodies.text(source, request.headers.get('content-length'), body);
          if (JSON_TYPE.test(type)) body.take(checkJson(text) * BYTES_OF_A_VALUE);
          else if (FORM.test(type)) body.take(checkForm(text) * BYTES_OF_A_VALUE);
          return await requestParser(textRequest(request, text));
        } catch (error) {
          throw clientErrorOf(error);
        }
      });
    },
    onResponse({ request, response, serverContext }) {
      const { req, res } = serverContext as { req?: IncomingMessage; res?: ServerResponse };
      bodies.releaseOf(request, response, res);
      if (!req || req.complete || req.httpVersionMajor > 1 || !hasBody(req)) return;
      response.headers.set('connection', 'close');
      readUntilClosed(req);
    },
  };
}

/** Node closes the connection after this response. Closing only one side lets a client that is still sending read it. */
function readUntilClosed(req: IncomingMessage): void {
  const { socket } = req;
  socket.destroySoon = () => {
    socket.end();
    // Node's parser would take long for many small chunks.
    socket.removeAllListeners('data').on('data', () => undefined);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}

/** Minimal request for the parsers. */
function textRequest({ method, url, headers }: Request, text: string): Request {
  return {
    method,
    url,
    headers,
    text: () => Promise.resolve(text),
    // eslint-disable-next-line @typescript-eslint/require-await -- an error is to be a rejection
    json: async () => JSON.parse(text) as unknown,
  } as Request;
}

/** @returns the number of values in its JSON */
function checkForm(text: string): number {
  let fields = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) fields += 1;
  if (fields > MAX_FORM_FIELDS) throw badRequest(`A form has at most ${String(MAX_FORM_FIELDS)} fields.`);
  const form = new URLSearchParams(text);
  return checkJson(form.get('variables') ?? '') + checkJson(form.get('extensions') ?? '');
}

function clientErrorOf(error: unknown): GraphQLError {
  const known = (error as GraphQLError | null)?.name === 'GraphQLError' ? (error as GraphQLError) : null;
  if (known && typeof known.extensions['code'] === 'string') return known;
  return badRequest(known?.message ?? 'The body does not match its content type.');
}

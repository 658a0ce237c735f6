import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ExecutionResult, GraphQLError } from 'graphql';

/**
 * HTTP status of a result, and the headers that its errors set in `extensions.http`, the same as with Yoga.
 * @param mediaType of the response
 */
export function headOf(
  { errors = [], data }: ExecutionResult,
  mediaType: string,
): { status: number; headers: Record<string, string> } {
  const head: { status: number; headers: Record<string, string> } = { status: 0, headers: {} };
  let isUnexpected = false;
  for (const { extensions } of errors) {
    const http = extensions['http'];
    if (!http) isUnexpected ||= extensions['unexpected'] === true;
    Object.assign(head.headers, http?.headers);
    if (http?.spec && mediaType === 'application/json') continue;
    head.status = Math.max(head.status, http?.status ?? 0);
  }
  head.status ||= isUnexpected && data === undefined ? 500 : 200;
  return head;
}

/** A result as it is sent: without the HTTP extensions of its errors. */
export function bodyOf(result: ExecutionResult): string {
  if (!result.errors) return JSON.stringify(result);
  return JSON.stringify({ ...result, errors: result.errors.map(shown) });
}

function shown(error: GraphQLError) {
  const { http, unexpected, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** Reused to encode texts, because computing their byte length first takes as long as encoding them. */
const scratchBuffer = Buffer.allocUnsafeSlow(1_048_576);
/** Maximum number of UTF-8 bytes per UTF-16 code unit. */
const MAX_BYTES_PER_CHARACTER = 3;

/** Encodes a text as UTF-8. */
export function bytesOf(text: string): Buffer {
  if (text.length * MAX_BYTES_PER_CHARACTER > scratchBuffer.length) return Buffer.from(text);
  return Buffer.from(scratchBuffer.subarray(0, scratchBuffer.write(text)));
}

/** Sends a response that Yoga created. */
export async function send(answer: Response, response: ServerResponse): Promise<void> {
  const { status, headers, body } = answer;
  headers.forEach((value, name) => response.setHeader(name, value));
  const type = headers.get('content-type') ?? '';
  if (body !== null && !type.includes('json')) {
    response.writeHead(status);
    await pipeline(body as unknown as AsyncIterable<Uint8Array>, response);
    return;
  }
  const text = await answer.text();
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, QUOTA_EXCEEDED, THROTTLED } from './errors.js';
import type { EditFault, Fault } from './faults.js';
import type { Reply, Upload } from './handler.js';

/** A response as bytes. */
export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface ParsedBody {
  readonly body?: unknown;
  readonly files: Readonly<Record<string, Upload>>;
}

/** Limit of the API. Larger imports are cut off instead, see the import routes. */
const MAX_BYTES = 40 * 1024 * 1024;

/**
 * Reads the body of a request.
 * @param kind the expected content: for `multipart`, fields become `body` and files `files`
 * @throws Refusal 415 for another content type, 400 for invalid JSON or a body that is too long
 */
export async function readBody(
  request: IncomingMessage,
  kind: 'json' | 'multipart' | null,
): Promise<ParsedBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BYTES) throw new Refusal(400, 'validation.error', 'The body is too long.');
  const bytes = Buffer.concat(chunks);
  if (kind === null || bytes.length === 0) return { files: {} };
  const type = request.headers['content-type'] ?? '';
  const expected = kind === 'json' ? 'application/json' : 'multipart/form-data';
  if (!type.toLowerCase().startsWith(expected)) {
    throw new Refusal(415, 'unsupported_media_type', `Content-Type must be ${expected}.`);
  }
  return kind === 'json' ? { body: parseJson(bytes), files: {} } : parseForm(bytes, type);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw new Refusal(400, 'validation.error', 'The body is not valid JSON.');
  }
}

async function parseForm(bytes: Buffer, type: string): Promise<ParsedBody> {
  const body: Record<string, string> = {};
  const files: Record<string, Upload> = {};
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new Refusal(400, 'validation.error', 'The body is not a form.');
  }
  for (const [name, value] of form) {
    if (typeof value === 'string') body[name] = value;
    else files[name] = { name: value.name, text: await value.text() };
  }
  return { body, files };
}

/** A response as bytes: JSON, or CSV if that is the operation's content type. */
export function render(reply: Reply, csv: boolean): RawReply {
  if (reply.body === undefined) return { status: reply.status, headers: { ...reply.headers }, text: '' };
  const asText = csv && typeof reply.body === 'string';
  return {
    status: reply.status,
    headers: { 'content-type': asText ? 'text/csv;charset=utf-8' : 'application/json', ...reply.headers },
    text: asText ? reply.body : JSON.stringify(reply.body),
  };
}

export function send(response: ServerResponse, { status, headers, text }: RawReply): void {
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': length });
  response.end(status === 204 ? undefined : text);
}

/** The response of a fault; null when the operation is carried out first. */
export function faultReply(fault: Fault): RawReply | null {
  const json = (status: number, body: unknown): RawReply => render({ status, body }, false);
  switch (fault.kind) {
    case 'status': {
      const { status, body, contentType, headers } = fault;
      if (body === undefined) return { status, headers: { ...headers }, text: '' };
      if (contentType === undefined) return render({ status, body, ...(headers && { headers }) }, false);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: { 'content-type': contentType, ...headers }, text };
    }
    case 'html': {
      const text = `<html><head><title>${fault.status}</title></head><body><h1>Gateway error</h1></body></html>`;
      return { status: fault.status, headers: { 'content-type': 'text/html' }, text };
    }
    case 'empty':
      return { status: fault.status, headers: {}, text: '' };
    case 'throttled':
      return json(429, THROTTLED);
    case 'quotaExceeded':
      return json(429, QUOTA_EXCEEDED);
    case 'notReady':
      return json(202, { status: 'processing' });
    default:
      return null;
  }
}

/** Sends the first half of a response and then cuts the connection. */
export async function sendAndCut(
  response: ServerResponse,
  { status, headers, text }: RawReply,
): Promise<void> {
  const bytes = Buffer.from(text);
  response.writeHead(status, { ...headers, 'content-length': String(Math.max(bytes.length, 2)) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  // The written half must be flushed before the socket is destroyed, or the client sees no headers.
  await wait(20);
  response.destroy();
}

/** The response with its JSON body changed; unchanged without a JSON body. */
export function edited(reply: RawReply, edit: EditFault['edit']): RawReply {
  if (reply.headers['content-type'] !== 'application/json') return reply;
  return { ...reply, text: JSON.stringify(edit(JSON.parse(reply.text) as never)) };
}

/** The response with the second half of its text missing, well-formed as HTTP. */
export const truncated = (reply: RawReply): RawReply => ({
  ...reply,
  text: reply.text.slice(0, Math.floor(reply.text.length / 2)),
});

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badRequest, refusalError } from '../error-response.js';
import { Attached } from '../../constant-contact/attached.js';
import { BYTES_OF_A_VALUE, checkJson } from '../json.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import { bodyStreamOf, type Body, type RequestBodies } from '../request-bodies.js';
import { StorageError, StoredFile } from '../../constant-contact/http/stored-file.js';
import { MAX_BODY_BYTES, MAX_NESTING, MAX_QUERY_ALIASES } from './limits.js';

/** Maximum number of files of a request: each stays open until its request ends. An operation needs no more files than fields. */
const MAX_FILES = MAX_QUERY_ALIASES;

/** Maximum number of open files, over all requests. At the limit of the system, no connection could be accepted either. */
export const MAX_OPEN_FILES = 1_000;

/** Maximum number of other parts: `operations`, `map`, and additions of a client. */
const MAX_FIELDS = 100;

/** Maximum number of paths to files. */
const MAX_PATHS = 1_000;

export const MULTIPART = /^multipart\/form-data\s*(;|$)/i;

type Part = string | StoredFile;

/**
 * Parses requests of the GraphQL multipart request convention. Files are written to disk as they arrive; Yoga's own parser
 * would keep them in memory while the request waits for its turn.
 */
export function useUploads(logger: Logger, bodies: RequestBodies): Plugin {
  const opened = new Attached<Request, { files: StoredFile[]; taken: number }>();
  let openFiles = 0;
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      const type = request.headers.get('content-type') ?? '';
      if (request.method !== 'POST' || !MULTIPART.test(type)) return;
      const files: StoredFile[] = [];
      const upload = { files, taken: 0 };
      opened.set(request, upload);
      const takeFile = () => {
        if (openFiles >= MAX_OPEN_FILES) throw unavailable();
        openFiles += 1;
        upload.taken += 1;
      };
      setRequestParser(async () => {
        const body = bodies.hold(request);
        try {
          const parts = await readParts({ request, serverContext, type, files, takeFile, bodies, body });
          return paramsOf(parts, body);
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          logger.error({ err: loggable(error.cause) }, 'upload not stored');
          throw unavailable();
        }
      });
    },
    onResponse({ request }) {
      const upload = opened.get(request);
      if (!upload) return undefined;
      return closeAll(upload.files).finally(() => {
        openFiles -= upload.taken;
        upload.taken = 0;
      });
    },
  };
}

async function closeAll(files: readonly StoredFile[]): Promise<void> {
  for (const file of files) await file.close();
}

interface Upload {
  request: Request;
  serverContext: unknown;
  /** The content type. */
  type: string;
  /** Receives each opened file, even if the request fails later. */
  files: StoredFile[];
  /** @throws GraphQLError while too many files are open */
  takeFile: () => void;
  bodies: RequestBodies;
  body: Body;
}

/**
 * @throws StorageError
 * @throws GraphQLError BAD_REQUEST, and any error of the body
 */
async function readParts(upload: Upload): Promise<ReadonlyMap<string, Part>> {
  const { request, serverContext, type, files, takeFile, bodies, body } = upload;
  const parts = new Map<string, Part>();
  const sources: BusboyFileStream[] = [];
  const stored: Promise<void>[] = [];
  const busboy = new Busboy({
    headers: { 'content-type': type },
    limits: { files: MAX_FILES, fields: MAX_FIELDS, fieldSize: MAX_BODY_BYTES },
  });
  const fail = (error: Error) => busboy.destroy(error);
  const store = async (field: string, source: BusboyFileStream, name: string, mediaType: string) => {
    takeFile();
    const file = await StoredFile.open(name, mediaType);
    files.push(file);
    for await (const chunk of source) {
      await file.append(chunk as Buffer);
      body.give((chunk as Buffer).length);
    }
    parts.set(field, file);
  };
  busboy.on('field', (field, value) => parts.set(field, value));
  busboy.on('file', (field, source, name, _encoding, mediaType) => {
    // A part that breaks off emits an error of its own, perhaps before it is read; the error of the body is the one that counts.
    source.on('error', () => undefined);
    sources.push(source);
    const done = store(field, source, name, mediaType);
    done.catch(fail);
    stored.push(done);
  });
  busboy.on('filesLimit', () => {
    fail(badRequest(`A request has at most ${String(MAX_FILES)} files.`));
  });
  busboy.on('fieldsLimit', () => {
    fail(badRequest(`A request has at most ${String(MAX_FIELDS)} parts in addition to its files.`));
  });
  const parsed = finished(busboy, { readable: false });
  // Checked once the body was received or has failed.
  parsed.catch(() => undefined);
  const length = request.headers.get('content-length');
  try {
    const source = bodyStreamOf(request, serverContext) ?? Readable.from([]);
    const received = bodies.receive(source, length, body, (chunk) => {
      body.take(chunk.length);
      if (busboy.write(chunk)) return undefined;
      return Promise.race([once(busboy, 'drain').then(() => undefined), parsed]);
    });
    // An invalid part ends the request before the rest has arrived.
    await Promise.race([received, parsed]);
    await received;
    busboy.end();
    await parsed;
    await Promise.all(stored);
    return parts;
  } finally {
    busboy.destroy();
    for (const source of sources) source.destroy();
    await Promise.allSettled(stored);
  }
}

/** Places each file according to `map`. */
function paramsOf(parts: ReadonlyMap<string, Part>, body: Body): GraphQLParams {
  const operations = parsed(parts, 'operations', body);
  const map = parts.has('map') ? parsed(parts, 'map', body) : {};
  let placed = 0;
  for (const [name, paths] of Object.entries(map)) {
    const file = parts.get(name);
    if (file === undefined) throw badRequest(`The part "${name}" is named in the map but is missing.`);
    if (!Array.isArray(paths)) throw badRequest('The map must have a list of paths for each part.');
    placed += paths.length;
    if (placed > MAX_PATHS) throw badRequest(`The map has more than ${String(MAX_PATHS)} paths.`);
    for (const path of paths) put(operations, String(path).split('.'), file);
  }
  return operations as GraphQLParams;
}

function parsed(
  parts: ReadonlyMap<string, Part>,
  name: 'operations' | 'map',
  body: Body,
): Record<string, unknown> {
  const part = parts.get(name);
  const text = typeof part === 'string' ? part : '';
  body.take(checkJson(text) * BYTES_OF_A_VALUE);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The parser's message quotes the text.
  }
  throw badRequest(`The part "${name}" is required and must be a JSON object.`);
}

/** `variables` may be left out: missing objects on the path are created. */
function put(operations: Record<string, unknown>, path: readonly string[], file: Part): void {
  if (path.length > MAX_NESTING)
    throw badRequest(`The map has a path of more than ${String(MAX_NESTING)} steps.`);
  let target = operations;
  for (const [at, key] of path.entries()) {
    const next = target[key];
    // A new index could be millions behind the end of the list.
    const isOutside = Array.isArray(target) && (key === 'length' || !Object.hasOwn(target, key));
    if (key in Object.prototype || isOutside || next instanceof StoredFile)
      throw badRequest(`The map has a path with "${key}", where no file can be placed.`);
    if (at === path.length - 1) target[key] = file;
    else target = target[key] = (typeof next === 'object' && next !== null ? next : {}) as typeof target;
  }
}

const unavailable = () =>
  refusalError(
    'UPLOAD_UNAVAILABLE',
    'The server cannot store files at the moment. Send the file as text or base64.',
    { status: 503 },
    { retryable: true },
  );

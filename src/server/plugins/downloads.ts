import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { ConstantContact } from '../../constant-contact/client.js';
import type { Clock } from '../../constant-contact/clock.js';
import { tokenIdOf } from '../../context.js';
import { errorResponse, refusal } from '../error-response.js';
import { translateError } from '../errors.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import { callerOf } from './access.js';
import { Concurrency } from './concurrency.js';
import { disconnectSignalOf } from '../gone.js';
import type { CredentialSource } from './credentials.js';
import { requestIdOf } from './request-id.js';

export interface DownloadOptions {
  /** Base path of the address. */
  basePath: string;
  client: ConstantContact;
  credentials: CredentialSource;
  clock: Clock;
  logger: Logger;
}

type Asked = Parameters<NonNullable<Plugin['onRequest']>>[0];

/**
 * Maximum number of downloads in flight. Each keeps a connection to the API while its client reads: half of those for
 * streams are left to operations that read export files.
 */
export const MAX_DOWNLOADS = 32;
/** Maximum number for one caller: each pair of key and token, as far as it sends them. */
export const MAX_DOWNLOADS_OF_CALLER = 4;
const RETRY_AFTER_SECONDS = 10;

const EXPORT = /^\/exports\/([^/]+)\.csv$/;

/** HTTP status of a download that failed before its first byte. Other codes are bugs of this program. */
const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  QUOTA_EXHAUSTED: 429,
  UPSTREAM_NOT_READY: 409,
  UPSTREAM_TIMEOUT: 504,
  UPSTREAM_UNAVAILABLE: 503,
  UPSTREAM_INVALID_RESPONSE: 502,
};

/**
 * `GET /exports/{fileExportId}.csv`: streams the file of a contact export, of any size. It uses the credentials of the request
 * as for a query, and costs one REST call.
 */
export function useDownloads({ basePath, client, credentials, clock, logger }: DownloadOptions): Plugin {
  const inFlight = new Concurrency({ caller: MAX_DOWNLOADS_OF_CALLER, all: MAX_DOWNLOADS });
  const answer = async (
    id: string,
    { request, fetchAPI, endResponse, serverContext }: Asked,
  ): Promise<void> => {
    const requestId = requestIdOf(request);
    let release = (): void => undefined;
    try {
      const signal = disconnectSignalOf(request);
      const own = await credentials.of(request);
      const tokenId = tokenIdOf(own);
      const caller = callerOf(request)?.id ?? tokenId;
      const place = inFlight.take(caller === undefined ? null : `${caller} ${String(tokenId)}`);
      if (typeof place === 'number') {
        logger.info({ requestId, code: 'TOO_MANY_OPERATIONS' }, 'download refused');
        endResponse(errorResponse(fetchAPI, place, tooMany(place)));
        return;
      }
      release = place;
      const api = client.session({ credentials: own, partner: credentials.partner, signal, caller });
      const { body } = await api.download('getContactsExport', { path: { file_export_id: decode(id) } });
      const { res } = serverContext as { res?: ServerResponse };
      const stream = streamOf(body, release, (error, end) => {
        logger.warn({ requestId, err: loggable(error) }, 'download aborted');
        if (!res) return end.error(error);
        // On a socket the failure must be shown by closing it: a stream that fails there is thrown at the
        // process, and one that ends makes a truncated file look complete.
        res.destroy();
        end.close();
      });
      endResponse(
        new fetchAPI.Response(stream, {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="contacts-${id.replace(/[^\w-]/g, '')}.csv"`,
          },
        }),
      );
      // A response that is never read ends with its client.
      signal.addEventListener('abort', release);
      if (signal.aborted) release();
    } catch (error) {
      release();
      const { message, extensions } = translateError(error, clock.now());
      const { http, unexpected, ...shown } = extensions;
      const code = String(extensions['code']);
      const status = STATUS[code] ?? 500;
      // Errors of the caller, such as an unknown file, are no failures of the server.
      if (status === 400 || status === 404) logger.info({ requestId, code }, 'download refused');
      else logger.warn({ requestId, code, err: loggable(error) }, 'download failed');
      endResponse(errorResponse(fetchAPI, status, { message, extensions: { ...shown, code } }));
    }
  };
  return {
    onRequest(asked) {
      const { pathname } = asked.url;
      const id = pathname.startsWith(basePath) && EXPORT.exec(pathname.slice(basePath.length))?.[1];
      return id && asked.request.method === 'GET' ? answer(id, asked) : undefined;
    },
  };
}

const tooMany = (status: 429 | 503) => {
  const message =
    status === 429
      ? `At most ${String(MAX_DOWNLOADS_OF_CALLER)} downloads can be in flight for one key or token. Wait for one to end.`
      : `At most ${String(MAX_DOWNLOADS)} downloads can be in flight. Wait for one to end.`;
  const { extensions } = refusal('TOO_MANY_OPERATIONS', message, true);
  return { message, extensions: { ...extensions, retryAfterSeconds: RETRY_AFTER_SECONDS } };
};

/** An invalid escape is left unchanged; the client then refuses the ID. */
function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function streamOf(
  body: AsyncIterable<Uint8Array>,
  onEnd: () => void,
  onBroken: (error: unknown, end: ReadableStreamDefaultController<Uint8Array>) => void,
): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (!next.done) {
          controller.enqueue(next.value);
          return;
        }
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        onBroken(error, controller);
      }
    },
    async cancel() {
      onEnd();
      await iterator.return?.();
    },
  });
}

import type { IncomingMessage } from 'node:http';
import { Stop } from '../../constant-contact/stop.js';
import { acceptedOf, JSON_TYPES } from '../accept.js';
import { setDisconnectSignal } from '../gone.js';

/**
 * The media type of the response to a plain request: JSON of a known length, posted to this path, that may be answered with
 * JSON. Nearly all requests are plain and take the fast path; all others take Yoga's adapter, and are null here.
 * @param sharing true if pages of other origins may call: their responses have headers that only the adapter's plugin adds
 */
export function plainTypeOf(incoming: IncomingMessage, path: string, sharing: boolean): string | null {
  const { method, url, headers } = incoming;
  const { 'content-type': type = '', 'content-length': length } = headers;
  const isPlain =
    method === 'POST' &&
    url === path &&
    // The server that embeds this one may have read the body.
    !incoming.readableDidRead &&
    !('body' in incoming) &&
    /^application\/json(; ?charset=utf-8)?$/i.test(type) &&
    length !== undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    !(sharing && headers.origin !== undefined);
  return isPlain ? acceptedOf(headers.accept, JSON_TYPES) : null;
}

/** The part of `Headers` that plugins and Yoga use on requests and responses. */
export class PlainHeaders {
  readonly #values: Record<string, string | string[] | undefined>;

  /** @param values by name in lower case */
  constructor(values: Record<string, string | string[] | undefined> = {}) {
    this.#values = values;
  }

  get(name: string): string | null {
    const value = this.#values[name.toLowerCase()];
    if (value === undefined) return null;
    return typeof value === 'string' ? value : value.join(', ');
  }

  has(name: string): boolean {
    return this.#values[name.toLowerCase()] !== undefined;
  }

  set(name: string, value: string): void {
    this.#values[name.toLowerCase()] = value;
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  /** Names and values alternate, which is Node's fastest form. */
  list(): string[] {
    const list: string[] = [];
    for (const name of Object.keys(this.#values)) {
      const value = this.#values[name];
      if (value !== undefined) list.push(name, typeof value === 'string' ? value : value.join(', '));
    }
    return list;
  }
}

/**
 * A plain request in the form of a `Request`, made of what Node has parsed: the runtime's own `Request` costs more than all
 * plugins together.
 */
export class PlainRequest {
  readonly method = 'POST';
  readonly headers: PlainHeaders;
  /** Its stream has been consumed; the text is in `text`. */
  readonly body = null;
  readonly #address: URL;
  /** Body of a POST, once it was received. */
  text = '';
  /** Fires when the client disconnects before its response. */
  readonly gone = new Stop();

  constructor(incoming: IncomingMessage, address: URL) {
    this.#address = address;
    this.headers = new PlainHeaders(incoming.headers);
    setDisconnectSignal(this as unknown as Request, this.gone);
  }

  get url(): string {
    return this.#address.href;
  }

  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** @throws SyntaxError, as a rejection */
  async json(): Promise<unknown> {
    return Promise.resolve(JSON.parse(this.text) as unknown);
  }
}

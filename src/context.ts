import type { Api } from './constant-contact/api.js';
import type { ConstantContact } from './constant-contact/client.js';
import type { Freshness } from './constant-contact/cache/freshness.js';
import type { Credentials } from './constant-contact/auth/credentials.js';
import type { Signal } from './constant-contact/stop.js';
import { createLoaders, type Loaders } from './loaders/index.js';
import type { Wants } from './loaders/wants.js';

/** State shared by the resolvers of one request. Nothing in it outlives the request or crosses credentials. */
export interface Context {
  /** The REST API, bound to this request's credentials and abort signal. */
  readonly api: Api;
  readonly loaders: Loaders;
  readonly requestId: string;
  /** Base path of the server, without a slash at its end: empty, or for example `/api`. */
  readonly basePath: string;
  /** For logs: the caller's name, else the beginning of the hash of its token; undefined for the server's own token. */
  readonly caller: string | undefined;
  /** Identifies the caller's own token without exposing it; undefined for the server's. */
  readonly tokenId: string | undefined;
  /** Returns true if the operation selects any of these fields of that type, anywhere. */
  readonly wants: Wants;
  /** Sets the selection of the operation; called once, before its first resolver runs. */
  select(wants: Wants): void;
}

export interface ContextOptions {
  client: ConstantContact;
  /** Null when neither the request nor the server has credentials: then every call fails with `unauthenticated`. */
  credentials: Credentials | null;
  partner: Credentials | null;
  /** Aborts when the client disconnects; cancels every queued call, wait and socket of the request. */
  signal: Signal;
  requestId: string;
  basePath: string;
  /** Sender of the request, if known; callers share the budget fairly. */
  caller?: string | undefined;
  /** Maximum age of data in the response; any by default. */
  freshness?: Freshness | undefined;
}

/** Makes the context of one request. It makes no call. */
export function createContext({
  client,
  credentials,
  partner,
  signal,
  requestId,
  basePath,
  caller,
  freshness,
}: ContextOptions): Context {
  const api = client.session({ credentials, partner, signal, caller, freshness });
  // Until the selection is known, every field counts as selected: reading too much is slower, reading too little is wrong.
  let selected: Wants = () => true;
  const wants: Wants = (type, ...fields) => selected(type, ...fields);
  const tokenId = tokenIdOf(credentials);
  return {
    api,
    requestId,
    basePath,
    caller: caller ?? tokenId,
    tokenId,
    wants,
    loaders: createLoaders(api, wants),
    select: (next) => {
      selected = next;
    },
  };
}

/** Identifies the caller's own token without exposing it; undefined for credentials of the server. */
export function tokenIdOf(credentials: Credentials | null): string | undefined {
  return credentials?.kind === 'pass-through' ? `token:${credentials.fingerprint.slice(0, 12)}` : undefined;
}

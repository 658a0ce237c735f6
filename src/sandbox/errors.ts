/** An error response. Handlers throw it; the server renders it in the format of the service. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /**
   * @param key the vendor's `error_key`. The service's own prefix is added unless the key starts with a
   * dot-separated service name (`reportingsvc.…`).
   */
  constructor(
    readonly status: number,
    readonly key: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const invalid = (message: string): Refusal => new Refusal(400, 'validation.error', message);
export const notFound = (message: string): Refusal => new Refusal(404, 'not_found', message);
export const conflict = (message: string): Refusal => new Refusal(409, 'conflict', message);

export const UNAUTHORIZED = { error_key: 'unauthorized', error_message: 'Unauthorized' };
/** Too many requests per second for the key. */
export const THROTTLED = { error_key: 'throttled', error_message: 'Too Many Requests' };
/** The daily quota of the key is used up. */
export const QUOTA_EXCEEDED = { error_key: 'quota_exceeded', error_message: 'Limit Exceeded' };

interface ServiceErrors {
  /** Start of the paths, relative to the base URL. */
  readonly path: string;
  /** Prefix of the service's `error_key`s. */
  readonly prefix: string;
  /** Form of an error body: an array of objects or one object. */
  readonly shape: 'array' | 'object';
}

const SERVICES: readonly ServiceErrors[] = [
  { path: '/emails', prefix: 'campaigns.api', shape: 'array' },
  { path: '/reports', prefix: 'reportingsvc', shape: 'object' },
  { path: '/account', prefix: 'account.api', shape: 'array' },
  { path: '/events', prefix: 'events.api', shape: 'object' },
  { path: '/social', prefix: 'social.api', shape: 'object' },
  { path: '/automations', prefix: 'automations.api', shape: 'object' },
  { path: '/partner', prefix: 'partner.api', shape: 'array' },
];

const CONTACTS: ServiceErrors = { path: '', prefix: 'contacts.api', shape: 'array' };

/** The body of a refusal in the format of the service at `path` (relative to the base URL). */
export function errorBody(path: string, { key, message }: Pick<Refusal, 'key' | 'message'>): unknown {
  const service = SERVICES.find((candidate) => path.startsWith(candidate.path)) ?? CONTACTS;
  const complete = SERVICES.some(({ prefix }) => key.startsWith(`${prefix}.`));
  const body = { error_key: complete ? key : `${service.prefix}.${key}`, error_message: message };
  return service.shape === 'array' ? [body] : body;
}

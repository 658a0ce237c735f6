/** Media types of responses to operations. */
export const RESPONSE_TYPES = [
  'application/json',
  'application/graphql-response+json',
  'multipart/mixed',
  'text/event-stream',
] as const;

/** Media types of responses in one part. */
export const JSON_TYPES = RESPONSE_TYPES.slice(0, 2);

type Accept = string | null | undefined;

/** Removes the quotes around a charset, which Yoga does not expect. */
export function unquoteCharset(accept: string): string {
  return accept.replace(/charset\s*=\s*"(utf-8)"/gi, 'charset=$1');
}

/** The media types of an `Accept` header with their parameters, in lower case and without spaces. */
function mediaTypesOf(accept: Accept): { type: string; params: string[] }[] {
  const types = unquoteCharset(accept ?? '*/*')
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',');
  return types.map((one) => {
    const [type = '', ...params] = one.split(';');
    return { type, params };
  });
}

/**
 * The first of the header's media types that is one of these or a wildcard for them. As in Yoga, weights are ignored, and a type
 * with another charset does not count.
 */
export function acceptedOf<T extends string>(accept: Accept, types: readonly T[]): T | null {
  // Nearly all clients send one type or none.
  const [first = null] = types;
  if (accept === undefined || accept === null || accept === '*/*') return first;
  if (types.includes(accept as T)) return accept as T;
  for (const { type, params } of mediaTypesOf(accept)) {
    if (params.some((param) => param.includes('charset=') && param !== 'charset=utf-8')) continue;
    const accepted = types.find((one) => [one, `${one.split('/')[0] ?? ''}/*`, '*/*'].includes(type));
    if (accepted !== undefined) return accepted;
  }
  return null;
}

/** Returns true if the header has this media type itself, not only a wildcard for it. */
export function namesType(accept: Accept, name: string): boolean {
  return mediaTypesOf(accept).some(({ type }) => type === name);
}

/** Returns true if a client accepts the events of a subscription as parts of one response, by Apollo's protocol. */
export function acceptsEventParts(accept: Accept): boolean {
  return mediaTypesOf(accept).some(
    ({ type, params }) =>
      type === 'multipart/mixed' && params.some((param) => param.startsWith('subscriptionspec=')),
  );
}

/** Returns true if a client requests `pending`, `incremental` and `completed`, instead of the format of 2022. */
export function asksForCurrentFormat(accept: Accept): boolean {
  return mediaTypesOf(accept).some(({ params }) =>
    params.some((param) => /^incrementalspec="?v0\.2"?$/.test(param)),
  );
}

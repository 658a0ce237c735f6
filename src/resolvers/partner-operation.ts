import type { RequestBody } from '../constant-contact/contract/operations.js';
import type { PartnerAccountOperationInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

const PLACEHOLDER = /\{(\w+)\}/g;

/** Sends a request to the API inside a client account and returns its response. */
export const partnerAccountOperation = mutate(
  async ({ input }: { input: PartnerAccountOperationInput }, { api }) => {
    const accountId = inputId('PartnerAccount', input, 'accountId');
    let payload: string | undefined;
    validate(
      () => checkUrl(input.url),
      () => checkPlaceholders(input),
      () => {
        payload = payloadText(input.payload);
      },
    );
    const body = dropNulls({
      account_operation_url: input.url,
      account_operation_method: input.method,
      account_operation_payload: payload,
      account_operation_path_parameters: input.pathParameters?.map(({ name, value }) => ({
        path_param_key: name,
        path_param_value: value,
      })),
      account_operation_query_parameters: input.queryParameters?.map(({ name, value }) => ({
        query_param_key: name,
        query_param_value: value,
      })),
      account_operation_headers: input.headers?.map(({ name, value }) => ({
        header_key: name,
        header_value: value,
      })),
    }) as RequestBody<'partnerAccountOperationsPostSync'>;
    const path = { encoded_account_id: accountId };
    const result: unknown = await api.call('partnerAccountOperationsPostSync', { path, body });
    return { result, accountId };
  },
);

/**
 * The JSON document as the string that the API expects. A string that contains JSON is sent unchanged,
 * because parsing rounds large numbers.
 * @throws InputError for a string that is not JSON: no operation of the API accepts another body
 */
function payloadText(payload: unknown): string | undefined {
  if (payload === undefined || payload === null) return undefined;
  if (typeof payload !== 'string') return JSON.stringify(payload);
  try {
    JSON.parse(payload);
  } catch {
    const field = ['input', 'payload'];
    throw new InputError('INVALID', 'Give the body as JSON, or as a string that contains JSON.', field);
  }
  return payload;
}

/** @throws InputError for a path outside of the V3 API, and for the partner's own operations */
function checkUrl(url: string): void {
  const field = ['input', 'url'];
  if (!/^\/[\w-]+(?:\/(?:[\w-]+|\{\w+\}))*$/.test(url) || /^\/v3(?:\/|$)/i.test(url)) {
    throw new InputError(
      'INVALID',
      'Give the path after /v3, with placeholders and without a query, such as /contacts/{contact_id}.',
      field,
    );
  }
  if (/^\/partner(?:\/|$)/i.test(url)) {
    throw new InputError(
      'NOT_ALLOWED',
      'Partner operations cannot run inside a client account. Use the partner fields of this schema instead.',
      field,
    );
  }
}

/** @throws InputError when a placeholder or a value has no counterpart, or a value would change the path */
function checkPlaceholders({ url, pathParameters }: PartnerAccountOperationInput): void {
  const field = ['input', 'pathParameters'];
  const wanted = new Set([...url.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  const given = new Set((pathParameters ?? []).map(({ name }) => name));
  for (const name of wanted) {
    if (!given.has(name)) throw new InputError('REQUIRED', `The url requires a value for {${name}}.`, field);
  }
  for (const name of given) {
    if (!wanted.has(name)) throw new InputError('INVALID', `The url has no placeholder {${name}}.`, field);
  }
  pathParameters?.forEach(({ value }, index) => {
    if (/^$|^\.+$|[/\\?#%]/.test(value)) {
      throw new InputError('INVALID', 'This is not an ID.', [...field, String(index), 'value']);
    }
  });
}

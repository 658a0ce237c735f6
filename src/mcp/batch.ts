import { ErrorCode, isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { RpcError } from './server.js';

const MAX_REQUESTS = 5;
/** Methods whose responses are large: like introspection, once per HTTP request. */
const LARGE: readonly string[] = ['tools/list', 'resources/read'];
/** Size of the responses to a batch, in characters, from which on its other requests are refused. A single response can be larger. */
const MAX_RESPONSE_LENGTH = 1_000_000;

/** Why a batch is refused; null for an acceptable one. */
export function problemOfBatch(messages: readonly unknown[]): string | null {
  const requests = messages.filter((message) => isJSONRPCRequest(message));
  // Both would be carried out, and only one answered.
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    return 'Requests of a batch must have different ids.';
  if (requests.length > MAX_REQUESTS)
    return `A batch can have at most ${String(MAX_REQUESTS)} requests. Send the others separately.`;
  if (requests.filter(({ method }) => LARGE.includes(method)).length > 1)
    return `A batch can have only one request of the methods ${LARGE.join(' and ')}. Send the others separately.`;
  return null;
}

/** Runs the requests of a batch one after the other, until their responses are large. */
export function createBatch() {
  let last: Promise<unknown> = Promise.resolve();
  let length = 0;
  return <T>(work: () => T | Promise<T>): Promise<T> => {
    const result = last.then(async () => {
      if (length >= MAX_RESPONSE_LENGTH) {
        const message = 'Not run: the responses to this batch are too large. Send the request separately.';
        throw new RpcError(ErrorCode.InvalidRequest, message);
      }
      const response = await work();
      length += JSON.stringify(response).length;
      return response;
    });
    last = result.catch(() => undefined);
    return result;
  };
}

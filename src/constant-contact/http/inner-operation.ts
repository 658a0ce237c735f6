import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';

interface InnerRequest {
  account_operation_method?: string;
  account_operation_url?: string;
}

/** Returns true for a request that changes nothing, also in a client account. */
export function isRead(id: OperationId, sentBody: string | undefined): boolean {
  if (id !== 'partnerAccountOperationsPostSync') return operations[id].method === 'GET';
  const { account_operation_method: method } = JSON.parse(sentBody ?? '{}') as InnerRequest;
  return method === 'GET';
}

/**
 * The operation that a request runs inside a client account; undefined when the contract has none. Its placeholders may have
 * other names than in the contract.
 * @param sentBody JSON of the request
 */
export function innerOperation(sentBody: string): OperationFacts | undefined {
  const { account_operation_method: method, account_operation_url: url = '' } = JSON.parse(
    sentBody,
  ) as InnerRequest;
  const segments = url.split('/');
  const isSame = (path: string) => {
    const template = path.split('/');
    return (
      template.length === segments.length &&
      template.every((part, at) => part.startsWith('{') || part === segments[at])
    );
  };
  return (
    Object.values<OperationFacts>(operations)
      .filter((facts) => facts.method === method && isSame(facts.path))
      // `/contacts/counts` is no contact.
      .sort((one, other) => one.pathParams.length - other.pathParams.length)[0]
  );
}

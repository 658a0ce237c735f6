import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import type { RawParams } from '../http/request.js';

/** Paths of objects that exist once per account. */
const SINGLE: ReadonlySet<string> = new Set(
  Object.values<OperationFacts>(operations)
    .filter(({ method, pathParams }) => method === 'PUT' && pathParams.length === 0)
    .map(({ path }) => path),
);

/** The read that returns the same object as a write, by the same path, or by that without `/name`; none for creations, whose ID only the response has. */
export function readOf(id: OperationId): OperationId | undefined {
  const { method, path, rows }: OperationFacts = operations[id];
  const isOfKnown = method === 'PUT' || method === 'PATCH' || (method === 'POST' && rows === '');
  if (!isOfKnown) return undefined;
  return (Object.keys(operations) as OperationId[]).find((other) => {
    const facts: OperationFacts = operations[other];
    const isSame = facts.path === path || `${facts.path}/name` === path;
    return facts.method === 'GET' && isSame && facts.rows === rows;
  });
}

/** Writes that find their contact by its address, or may change its address. */
const BY_ADDRESS: ReadonlySet<OperationId> = new Set<OperationId>([
  'createContact',
  'createOrUpdateContact',
  'putContact',
]);

/**
 * Names of the objects that a call writes, for the serialization of writes. An object is named by the first ID in the path,
 * which has the same name in reads and writes. Several locks are taken in this order.
 */
export function objectsOf(id: OperationId, { path = {}, body }: RawParams): string[] {
  const { method, path: template, pathParams }: OperationFacts = operations[id];
  const [name] = pathParams;
  const objects: string[] = [];
  // A POST adds something, and cannot undo what another write does, unless it changes the state of an email.
  const isWhole = method !== 'POST' || name === 'campaign_activity_id';
  if (name !== undefined && isWhole) objects.push(`${name} ${String(path[name]).toLowerCase()}`);
  if (SINGLE.has(template) && isWhole) objects.push(template);
  const address = BY_ADDRESS.has(id) ? addressIn(body) : undefined;
  if (address !== undefined) objects.push(ofAddress(address));
  return objects;
}

/** The same for a contact whose address changes: other writes may find it by either address. */
export function objectsOfMove(contactId: string, addresses: readonly string[]): string[] {
  return [
    ...objectsOf('putContact', { path: { contact_id: contactId } }),
    ...addresses.map(ofAddress).sort(),
  ];
}

function ofAddress(address: string): string {
  return `address ${address.trim().toLowerCase()}`;
}

function addressIn(body: unknown): string | undefined {
  const { email_address: email } = (body ?? {}) as { email_address?: string | { address?: string } };
  return typeof email === 'string' ? email : email?.address;
}

import { ConstantContactError } from '../../constant-contact/errors.js';
import {
  operations,
  type OperationId,
  type RequestBody,
  type Writable,
} from '../../constant-contact/contract/operations.js';
import { dropNulls, withoutUndefined } from './drop-nulls.js';

/** Operations that write the resource that a GET of the same path returns. */
type WriteId = {
  [Id in OperationId]: (typeof operations)[Id]['writable'] extends null ? never : Id;
}[OperationId];

/** The resource of a body, without the property that may wrap it. */
type Written<Id extends WriteId> =
  RequestBody<Id> extends { automation_flow?: infer Flow } ? Flow : RequestBody<Id>;

/** Links to other resources, which any response may have. Not part of the resource. */
const LINKS = '_links';

/**
 * A read resource in the form that its write accepts: without nulls and read-only properties. Undeclared
 * properties are kept at every depth, because the API clears what a write leaves out.
 */
export function writeBack<Id extends WriteId>(id: Id, read: object): Partial<NonNullable<Written<Id>>> {
  return pick(read, operations[id].writable) as Partial<NonNullable<Written<Id>>>;
}

/** Properties of a read resource that the contract does not declare. */
export function unknownProperties(id: WriteId, read: object): object {
  const known: Writable = operations[id].writable;
  return Object.fromEntries(
    Object.entries(writeBack(id, read)).filter(([name]) => !Object.hasOwn(known, name)),
  );
}

function pick(value: unknown, writable: Writable): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, writable));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
      const inside = Object.hasOwn(writable, name) ? writable[name] : true;
      if (child == null || inside === false || name === LINKS) return [];
      return [[name, typeof inside === 'object' ? pick(child, inside) : child]];
    }),
  );
}

/** Times of the last change, which a write changes itself. */
const CHANGED_BY_WRITES = /^(?:updated|edited)_at$/;

/**
 * The name that a write must include.
 * @throws ConstantContactError `invalidResponse` if the response of the read left it out: the write would clear it
 */
export function nameIn({ name }: { name?: string | null | undefined }): string {
  if (name) return name;
  throw new ConstantContactError(
    'invalidResponse',
    'Constant Contact returned an object without its name, which the write would clear. Nothing was written. Give the name, too.',
  );
}

/** The current values with the changes applied: undefined keeps a value, null drops it. */
export function withChanges<T extends object>(
  read: Partial<T> | undefined,
  changes: { readonly [Key in keyof T]?: T[Key] | null | undefined },
): T {
  return dropNulls({ ...read, ...withoutUndefined(changes) }) as T;
}

/** The empty value that stands for null where the API has no null; undefined stays undefined. */
export function cleared<Value>(value: Value | null | undefined, empty: Value): Value | undefined {
  return value === null ? empty : value;
}

/**
 * A resource after a write: the response, then the sent, then the read properties, also in nested objects. A
 * writable property that was not sent is empty.
 * @param answer body of the response; some writes may succeed without one
 * @param kept properties that the API keeps when they are not sent
 */
export function afterWrite<Id extends WriteId, Answer extends object>(
  id: Id,
  read: object,
  sent: object,
  answer: Answer | undefined,
  kept: readonly string[] = [],
): Answer {
  const writable: Writable = operations[id].writable;
  const unchanged = Object.fromEntries(
    Object.entries(read).filter(
      ([name]) => kept.includes(name) || !(name in sent || writable[name] || CHANGED_BY_WRITES.test(name)),
    ),
  );
  const before = read as Readonly<Record<string, unknown>>;
  const completed = Object.entries(sent).map(([name, value]: [string, unknown]) => [
    name,
    withReadOnly(value, before[name], writable[name]),
  ]);
  return withSent(Object.fromEntries([...completed, ...Object.entries(unchanged)]) as object, answer);
}

/**
 * A resource after a write: the response, and what was sent where the response leaves it out, also in nested objects.
 * @param answer body of the response; some writes may succeed without one
 */
export function withSent<Answer extends object>(sent: object, answer: Answer | undefined): Answer {
  // The API returns nothing for an empty string.
  const known: Record<string, unknown> = Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value != null && value !== ''),
  );
  const answered = Object.entries(answer ?? {})
    .filter(([name, value]) => value !== undefined && (value !== null || !(name in known)))
    .map(([name, value]: [string, unknown]) => {
      const before = known[name];
      return [name, isObject(value) && isObject(before) ? { ...before, ...dropNulls(value) } : value];
    });
  return { ...known, ...Object.fromEntries(answered) } as Answer;
}

function isReadOnly(writable: Writable[string] | undefined, name: string): boolean {
  return typeof writable === 'object' && writable[name] === false;
}

/** A sent object with the read-only properties that were read, except for the names of codes that were changed. */
function withReadOnly(sent: unknown, read: unknown, writable: Writable[string] | undefined): unknown {
  if (!isObject(sent) || !isObject(read)) return sent;
  const codeIn = (object: object, name: string) =>
    (object as Record<string, unknown>)[name.replace(/_name$/, '_code')];
  const isSameCode = (name: string) => !name.endsWith('_name') || codeIn(sent, name) === codeIn(read, name);
  const kept = Object.entries(read).filter(([name]) => isReadOnly(writable, name) && isSameCode(name));
  return { ...Object.fromEntries(kept), ...sent };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The items of `before` that those of a new list replace, each once: the first test that matches decides.
 * Undefined for a new item.
 */
export function counterparts<Item, Before>(
  items: readonly Item[],
  before: readonly Before[],
  ...isSame: readonly ((item: Item, before: Before) => boolean)[]
): (Before | undefined)[] {
  const left = new Set(before);
  const found = new Map<number, Before>();
  for (const test of isSame) {
    items.forEach((item, index) => {
      if (found.has(index)) return;
      for (const one of left) {
        if (!test(item, one)) continue;
        found.set(index, one);
        left.delete(one);
        break;
      }
    });
  }
  return items.map((_, index) => found.get(index));
}

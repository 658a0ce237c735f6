import {
  operations,
  type OperationId,
  type RequestBody,
  type Writable,
} from '../../constant-contact/contract/operations.js';
import { dropNulls, withoutUndefined } from './drop-nulls.js';

/** Operations that write what a GET of the same path answers with. */
type WriteId = {
  [Id in OperationId]: (typeof operations)[Id]['writable'] extends null ? never : Id;
}[OperationId];

/** The object of a body, without the property that may wrap it. */
type Written<Id extends WriteId> =
  RequestBody<Id> extends { automation_flow?: infer Flow } ? Flow : RequestBody<Id>;

/** What may hold links to other resources in any answer. They are not part of the object. */
const LINKS = '_links';

/**
 * An object that was read, as its write takes it: without null and without what the contract knows as read-only. Properties that the
 * contract does not know are kept at every depth, because the API empties what a write leaves out.
 */
export function writeBack<Id extends WriteId>(id: Id, read: object): Partial<NonNullable<Written<Id>>> {
  return pick(read, operations[id].writable) as Partial<NonNullable<Written<Id>>>;
}

/** The properties of an object that was read which the contract does not know. */
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

/** What was read, with changes on it: what is undefined among them stays as it is, null is left out. */
export function withChanges<T extends object>(
  read: Partial<T> | undefined,
  changes: { readonly [Key in keyof T]?: T[Key] | null | undefined },
): T {
  return dropNulls({ ...read, ...withoutUndefined(changes) }) as T;
}

/** What null stands for where the API has no null; undefined stays undefined. */
export function cleared<Value>(value: Value | null | undefined, empty: Value): Value | undefined {
  return value === null ? empty : value;
}

/**
 * An object after a write: what was answered, then what was sent, then what was read, in the objects inside of it, too. What the write
 * takes and was not sent is empty.
 * @param kept what the API keeps when it is not sent
 */
export function afterWrite<Id extends WriteId, Answer extends object>(
  id: Id,
  read: object,
  sent: object,
  answer: Answer,
  kept: readonly string[] = [],
): Answer {
  const writable: Writable = operations[id].writable;
  const unchanged = Object.fromEntries(
    Object.entries(read).filter(([name]) => kept.includes(name) || !(name in sent || writable[name])),
  );
  // The API reads an empty text back as nothing.
  const filled = Object.entries(sent).filter(([, value]) => value !== '');
  const known: Record<string, unknown> = { ...Object.fromEntries(filled), ...unchanged };
  const answered = Object.entries(answer)
    .filter(([name, value]) => value !== undefined && (value !== null || !(name in unchanged)))
    .map(([name, value]: [string, unknown]) => {
      const before = known[name];
      if (!isObject(value) || !isObject(before)) return [name, value];
      return [name, { ...before, ...(name in unchanged ? dropNulls(value) : value) }];
    });
  return { ...known, ...Object.fromEntries(answered) } as Answer;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The items of `before` that those of a new list stand for, each once: the first test that holds decides. Undefined for a new item.
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

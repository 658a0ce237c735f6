import { setImmediate } from 'node:timers/promises';
import {
  getNullableType,
  isInputObjectType,
  isListType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { GivenArguments } from './argument-path.js';
import { InputError } from './input-error.js';
import { checkMinLength, inRange, MAX_ERRORS, maxItems, maxLength, requiredText } from './limits.js';

/** Limits of an argument or input field, by the keywords of JSON Schema. */
export interface Limits {
  /** Of a text without the blanks around it. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** True for a text that is sent without the blanks around it, which therefore do not count for `maxLength` either. */
  readonly isTrimmed?: true;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The only values that it accepts. */
  readonly enum?: readonly (string | number)[];
  /** Values of its enum that it does not accept. */
  readonly not?: readonly string[];
  /** The only value that it accepts. */
  readonly const?: true;
  /** False when an update cannot clear it. */
  readonly nullable?: false;
  /** True when the resolver checks it, because the check depends on other values. */
  readonly isConditional?: true;
  /** Limits of each item of a list. */
  readonly items?: Limits;
}

/** The limits that an argument or input field declares. */
export function limitsOf({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): Limits {
  return extensions['limits'] ?? {};
}

/** Items of a list that are checked in one go: a long list takes as long as hundreds of requests. */
const PORTION = 500;

interface Found {
  readonly errors: InputError[];
  /** Checks of long lists, which let other work continue. */
  readonly lists: (() => Promise<void>)[];
}

/** Checks a value, and adds an error for each limit that it does not keep. */
type Check = (value: unknown, path: string[], found: Found) => void;

interface Member {
  readonly name: string;
  readonly check: Check;
}

/**
 * Errors for the texts, the lengths of lists, the numbers and the nulls that the arguments of a field and their input types do
 * not allow. Resolvers check lists of IDs, in which duplicates do not count, and allowed values, whose errors name alternatives.
 */
export async function limitErrors({ args, info }: GivenArguments): Promise<readonly InputError[]> {
  const found: Found = { errors: [], lists: [] };
  const field = info.parentType.getFields()[info.fieldName];
  if (field) checkMembers(args as object, field, [], found);
  for (const check of found.lists) await check();
  return found.errors;
}

type Owner = GraphQLField<unknown, unknown> | GraphQLInputObjectType;

/** Made once for each field and each input type. */
const membersOf = new WeakMap<Owner, readonly Member[]>();

function checkMembers(value: object, owner: Owner, path: string[], found: Found): void {
  const members = membersOf.get(owner) ?? limitedMembers(owner);
  for (const { name, check } of members) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined || found.errors.length >= MAX_ERRORS) continue;
    path.push(name);
    check(member, path, found);
    path.pop();
  }
}

function limitedMembers(owner: Owner): readonly Member[] {
  const definitions = 'args' in owner ? owner.args : Object.values(owner.getFields());
  const members = definitions.flatMap((definition) => {
    const check = checkOf(definition.type, limitsOf(definition));
    return check ? [{ name: definition.name, check }] : [];
  });
  membersOf.set(owner, members);
  return members;
}

function checkOf(type: GraphQLInputType, limits: Limits): Check | null {
  const check = checkOfValue(getNullableType(type), limits);
  const isNullable = limits.nullable !== false || limits.isConditional === true;
  if (!check && isNullable) return null;
  return (value, path, found) => {
    if (value !== null) check?.(value, path, found);
    else if (!isNullable) collect(found, () => notCleared(limits, path));
  };
}

function checkOfValue(type: GraphQLInputType, limits: Limits): Check | null {
  if (isInputObjectType(type))
    return (value, path, found) => checkMembers(value as object, type, path, found);
  if (isListType(type)) return checkOfList(type.ofType, limits);
  if (limits.isConditional) return null;
  switch (String(type)) {
    case 'String':
    case 'ID':
      return checkOfText(limits);
    case 'Int':
    case 'Float':
      return checkOfNumber(limits);
    default:
      return null;
  }
}

function checkOfText({ minLength: min = 0, maxLength: max = Infinity, isTrimmed }: Limits): Check | null {
  if (min === 0 && max === Infinity) return null;
  return (value, path, found) => {
    const text = isTrimmed ? (value as string).trim() : (value as string);
    // Most texts of an import pass here.
    if (min <= 1 && text.length <= max && (min === 0 || text.trim() !== '')) return;
    collect(found, () => {
      if (min === 1) requiredText(text, max, path);
      else maxLength(text, max, path);
      checkMinLength(text.trim(), min, path);
    });
  };
}

function checkOfNumber({ minimum, maximum = INT_MAX }: Limits): Check | null {
  if (minimum === undefined) return null;
  return (value, path, found) => collect(found, () => inRange(value as number, minimum, maximum, path));
}

function checkOfList(type: GraphQLInputType, { maxItems: max = Infinity, items = {} }: Limits): Check | null {
  if (String(getNullableType(type)) === 'ID') return null;
  const checkItem = checkOf(type, items);
  if (!checkItem && max === Infinity) return null;
  const checkItems = (items: readonly unknown[], from: number, path: string[], found: Found) => {
    for (const [index, item] of items.entries()) {
      if (!checkItem || found.errors.length >= MAX_ERRORS) return;
      path.push(String(from + index));
      checkItem(item, path, found);
      path.pop();
    }
  };
  return (value, path, found) => {
    const list = value as readonly unknown[];
    collect(found, () => maxItems(list, max, path));
    if (list.length > max) return;
    if (list.length <= PORTION) return checkItems(list, 0, path, found);
    const at = [...path];
    found.lists.push(async () => {
      for (let from = 0; from < list.length; from += PORTION) {
        checkItems(list.slice(from, from + PORTION), from, at, found);
        await setImmediate();
      }
    });
  };
}

/** Maximum of the type Int. */
const INT_MAX = 2_147_483_647;

function notCleared({ minLength }: Limits, path: readonly string[]): void {
  if (minLength !== undefined) requiredText(null, Infinity, path);
  throw new InputError('REQUIRED', 'This cannot be cleared. Leave it out.', path);
}

function collect({ errors }: Found, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    errors.push(error);
  }
}

import {
  getNullableType,
  isInputObjectType,
  isListType,
  type GraphQLInputType,
  type GraphQLResolveInfo,
} from 'graphql';
import { operations, type OperationFacts } from '../../constant-contact/contract/operations.js';
import type { ConstantContactError } from '../../constant-contact/errors.js';
import { ARGUMENT_NAMES } from './argument-names.js';
import { decodeGlobalId } from './global-id.js';

/** The arguments of a field, with its type. */
export interface GivenArguments {
  args: unknown;
  info: Pick<GraphQLResolveInfo, 'parentType' | 'fieldName'>;
}

/** A value among the arguments, given or not. Values inside JSON have no type. */
interface Place {
  readonly path: readonly string[];
  readonly type: GraphQLInputType | undefined;
  readonly value: unknown;
}

/** One name of a property path, such as `custom_fields[2]` in `custom_fields[2].value`. */
interface Segment {
  readonly name: string;
  readonly index?: number;
}

/**
 * The argument behind the property that the API's message names, such as `['input', 'scheduledAt']` for
 * `scheduled_date must be in the future`; null when it names none.
 */
export function argumentPathOf(
  message: string,
  error: ConstantContactError,
  { args, info }: GivenArguments,
): readonly string[] | null {
  const definitions = info.parentType.getFields()[info.fieldName]?.args ?? [];
  const search = new Search(message, error);
  for (const segments of propertiesIn(message, error.sentBody)) {
    for (const { name, type } of definitions) {
      const found = search.find({ path: [name], type, value: childOf(args, name) }, segments, search.sent);
      if (found && !isGuess(segments, found)) return found.path;
    }
  }
  return null;
}

/** Names of properties that are also words for anything that is sent, as in "The value is invalid". */
const PROSE: readonly string[] = ['content', 'rule', 'value'];

/** Such a word does not mean an argument that was not given. */
function isGuess([segment, ...rest]: readonly Segment[], { value }: Place): boolean {
  return rest.length === 0 && PROSE.includes(segment?.name ?? '') && value === undefined;
}

const PATH = /(?:#\/|\$\.)?[a-z]\w*(?::\w+)*(?:\[\d+\]|[./]\w+)*/gi;
const VERB =
  'must|should|may|can|cannot|could|is|are|was|were|has|have|does|do|exceeds?|contains?|requires?|needs?|not|too|already|length|value';

/**
 * Properties that a message names, most reliable first: names that no prose contains, such as `first_name`,
 * then words that match properties of the body, such as `First name`, then the single words that are the
 * subject of the message.
 */
function propertiesIn(message: string, sentBody: string | undefined): Segment[][] {
  const paths = [...new Set(message.match(PATH) ?? [])];
  const isCompound = (text: string) => /[_./[]|[a-z][A-Z]/.test(text);
  return [
    ...paths.filter(isCompound),
    ...inWords(message, sentBody),
    ...paths.filter((text) => !isCompound(text) && isSubject(text, message)),
  ].map(segmentsOf);
}

/** Rows of an import have the same properties, so the beginning of a body has them all. */
const MAX_SEARCHED_LENGTH = 20_000;

function inWords(message: string, sentBody = ''): string[] {
  const names = [...sentBody.slice(0, MAX_SEARCHED_LENGTH).matchAll(/"([a-z\d]+_\w+)":/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)].filter((name) =>
    new RegExp(String.raw`\b${name.replaceAll('_', ' ')}\b`, 'i').test(message),
  );
}

/** Words around a property name, before or after which no other word stands. */
const BEFORE =
  'invalid|valid|missing|required|duplicate|property|field|parameter|attribute|(?:value|error)(?: ["\'`][^"\'`]*["\'`])? (?:for|of|in)|failed (?:for|on)|supply|provide|specify|with (?:this|that|the same)';
const AFTER = 'field|property|parameter|attribute|invalid|missing';

function isSubject(word: string, message: string): boolean {
  return new RegExp(
    String.raw`["'\x60[]${word}["'\x60\]]|(?:^|\bthe |\b(?:list|tag|segment|campaign|event|custom field) )${word}\s*(?:(?:${VERB}|${AFTER})\b|:|->|=|\()|\b(?:${BEFORE}) ${word}\b`,
    'i',
  ).test(message);
}

function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  for (const part of text.split(/[#$./[\]]+/).filter(Boolean)) {
    const before = segments.at(-1);
    if (!/^\d+$/.test(part)) segments.push({ name: snakeCase(part) });
    else if (before) segments[segments.length - 1] = { ...before, index: Number(part) };
  }
  return segments;
}

const snakeCase = (name: string) => name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
const camelCase = (name: string) => name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());

/** Maximum depth at which a property is searched that is named without its parents. */
const MAX_DEPTH = 3;

/** Finds the argument behind a property. */
class Search {
  /** The body of the request, if known. */
  readonly sent: unknown;
  readonly #message: string;
  readonly #pathParams: readonly string[];

  constructor(message: string, { operationId, sentBody }: ConstantContactError) {
    const facts: OperationFacts | undefined = operationId && operations[operationId];
    this.#message = message.toLowerCase();
    this.#pathParams = facts?.pathParams ?? [];
    // Positions differ between request and arguments only for items of lists.
    this.sent = sentBody !== undefined && /[[./]\d/.test(message) ? JSON.parse(sentBody) : undefined;
  }

  /** @param sent the value of this place in the request */
  find(place: Place, segments: readonly Segment[], sent: unknown): Place | null {
    const [segment, ...rest] = segments;
    if (!segment) return place;
    const sentChild = childOf(sent, segment.name);
    let nearest: Place | null = null;
    for (const child of this.#children(place, segment.name)) {
      const item = this.#itemOf(child, segment, sentChild, rest.length > 0);
      const sentItem = segment.index === undefined ? sentChild : childOf(sentChild, String(segment.index));
      const found = rest.length === 0 ? item : item && this.find(item, rest, sentItem);
      if (found && !Array.isArray(found.value)) return found;
      nearest = found ?? nearest ?? item ?? child;
      if (found) break;
    }
    const below = this.#below([place], segment.name, MAX_DEPTH);
    // A message that quotes an item of another list is about that list.
    const quoted = rest.length === 0 && Array.isArray(below?.value) ? this.#quotedItem(below) : null;
    if (quoted ?? nearest) return quoted ?? nearest;
    if (below) return rest.length === 0 ? below : (this.find(below, rest, undefined) ?? below);
    // A property that only contains others, such as `automation_flow`, has no argument of its own.
    return rest.length === 0 ? null : this.find(place, rest, sentChild);
  }

  /** The arguments that may become this property, given ones first. */
  #children(place: Place, name: string): Place[] {
    const candidates = [camelCase(name), ...(ARGUMENT_NAMES[name] ?? [])];
    const places = candidates.flatMap((candidate) => {
      // Elsewhere an `id` belongs to another object.
      if (candidate === 'id' && name !== 'id' && !this.#pathParams.includes(name)) return [];
      const child = candidate.split('.').reduce<Place | null>((at, key) => at && fieldOf(at, key), place);
      return child ? [child] : [];
    });
    const inJson = places.length === 0 ? fieldOf(place, name) : null;
    return inJson ? [inJson] : [...places.filter(isGiven), ...places.filter((child) => !isGiven(child))];
  }

  /** The property inside these input objects, if only one has it, or only one given one. */
  #below(places: readonly Place[], name: string, depth: number): Place | null {
    if (depth === 0 || places.length === 0) return null;
    const inner = places.flatMap((place) => fieldsOf(place)).map((place) => this.#onlyItem(place) ?? place);
    const found = inner.flatMap((place) => this.#childrenOfItem(place, name));
    const given = found.filter(isGiven);
    const [only, ...others] = given.length > 0 ? given : found;
    if (only) return others.length === 0 ? only : null;
    return this.#below(inner, name, depth - 1);
  }

  /** In a list of several objects it is unknown which one is meant, so the list is returned. */
  #childrenOfItem(place: Place, name: string): Place[] {
    const type = place.type && getNullableType(place.type);
    if (!isListType(type)) return this.#children(place, name).slice(0, 1);
    const item = { ...place, type: type.ofType, value: undefined };
    return this.#children(item, name).length > 0 ? [place] : [];
  }

  /** The item of a list that became the item of the request at this index, or that the message quotes. */
  #itemOf(place: Place, { index }: Segment, sent: unknown, isInside: boolean): Place | null {
    const { value } = place;
    if (!Array.isArray(value)) return index !== undefined && isList(place) ? null : place;
    if (index === undefined) return (isInside ? this.#onlyItem(place) : this.#quotedItem(place)) ?? place;
    const at = Array.isArray(sent) ? origin(value, sent, index) : index;
    return at < value.length && at >= 0 ? itemAt(place, at) : null;
  }

  /** The item that is certainly meant: the only one. */
  #onlyItem(place: Place): Place | null {
    const { value } = place;
    if (!Array.isArray(value)) return null;
    return (
      this.#quotedItem(place) ??
      (value.length === 1 && typeof value[0] === 'object' ? itemAt(place, 0) : null)
    );
  }

  #quotedItem(place: Place): Place | null {
    const quoted = (place.value as readonly unknown[]).findIndex((item) =>
      [...leavesOf(item)].some((leaf) => leaf.length >= 6 && this.#message.includes(leaf)),
    );
    return quoted === -1 ? null : itemAt(place, quoted);
  }
}

/**
 * The index of the item that became `sent[index]`: the one that shares the most values with it; -1 when none
 * does.
 */
function origin(given: readonly unknown[], sent: readonly unknown[], index: number): number {
  const wanted = leavesOf(sent[index]);
  const scores = given.map((item) => [...leavesOf(item)].filter((leaf) => wanted.has(leaf)).length);
  const best = Math.max(0, ...scores);
  if (best === 0) return given.length === sent.length ? index : -1;
  return scores[index] === best ? index : scores.indexOf(best);
}

/** The strings and numbers in a value; for a global ID, the API's ID. */
function leavesOf(value: unknown, leaves = new Set<string>()): Set<string> {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).trim();
    leaves.add((decodeGlobalId(text)?.parts.at(-1) ?? text).toLowerCase());
  } else if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) leavesOf(child, leaves);
  }
  return leaves;
}

function isGiven({ value }: Place): boolean {
  return value !== undefined && value !== null;
}

function isList({ type }: Place): boolean {
  return isListType(type && getNullableType(type));
}

function fieldOf(place: Place, name: string): Place | null {
  const type = place.type && getNullableType(place.type);
  const path = [...place.path, name];
  const value = childOf(place.value, name);
  if (isInputObjectType(type)) {
    const field = type.getFields()[name];
    return field ? { path, type: field.type, value } : null;
  }
  return isListType(type) || value === undefined ? null : { path, type: undefined, value };
}

function fieldsOf(place: Place): Place[] {
  const type = place.type && getNullableType(place.type);
  const names = isInputObjectType(type)
    ? Object.keys(type.getFields())
    : isListType(type) || typeof place.value !== 'object'
      ? []
      : Object.keys(place.value ?? {});
  return names.flatMap((name) => fieldOf(place, name) ?? []);
}

function itemAt(place: Place, index: number): Place {
  const type = place.type && getNullableType(place.type);
  return {
    path: [...place.path, String(index)],
    type: isListType(type) ? type.ofType : undefined,
    value: (place.value as readonly unknown[])[index],
  };
}

function childOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

import {
  operationsOf,
  resolveSchema,
  type Contract,
  type Operation,
  type PlacedOperation,
  type Schema,
} from './model.js';

/** An operation's row of the table. */
function factsOf(contract: Contract, placed: PlacedOperation) {
  const { method, path, operation } = placed;
  const query = operation.parameters.filter((one) => one.in === 'query');
  const statuses = Object.keys(operation.responses).map(Number);
  const answer = successSchema(contract, operation);
  const page = method === 'get' ? answer : undefined;
  const isPaged = hasNextLink(contract, page);
  const schemes = operation.security.flatMap((one) => Object.keys(one));
  return {
    method: method.toUpperCase(),
    path,
    pathParams: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    queryParams: query.map(({ name }) => name),
    repeated: query
      .filter(({ schema, explode }) => schema.type === 'array' && explode)
      .map(({ name }) => name),
    body: bodyKind(operation),
    success: statuses.filter((status) => status < 300),
    response: responseKind(operation),
    bodiless: bodilessOf(operation),
    errors: statuses.filter((status) => status >= 400),
    paging: isPaged ? 'links' : 'none',
    rows: answer?.type === 'array' ? '' : isPaged ? rowsKey(page) : null,
    properties: propertiesOf(contract, operation),
    writable: writableOf(contract, placed),
    auth: schemes.includes('ctctPartnerAuthorizer') ? 'partner' : 'oauth',
    scopes: [...new Set(operation.security.flatMap((one) => Object.values(one).flat()))].sort(),
    tag: operation.tags[0] ?? '',
  };
}

function bodyKind({ requestBody }: Operation): 'json' | 'multipart' | null {
  if (!requestBody) return null;
  return 'multipart/form-data' in requestBody.content ? 'multipart' : 'json';
}

function successContents({ responses }: Operation) {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    status.startsWith('2') && content ? [content] : [],
  );
}

function responseKind(operation: Operation): 'json' | 'csv' | 'none' {
  const contents = successContents(operation);
  if (contents.some((content) => 'text/csv' in content)) return 'csv';
  return contents.length > 0 ? 'json' : 'none';
}

function bodilessOf({ responses }: Operation): number[] {
  const statuses = Object.keys(responses).filter((status) => status.startsWith('2'));
  const without = statuses.filter((status) => !responses[status]?.content);
  return without.length < statuses.length ? without.map(Number) : [];
}

function successSchema(contract: Contract, operation: Operation): Schema | undefined {
  return resolveSchema(contract, successContents(operation)[0]?.['application/json']?.schema);
}

/** Property names of the object, or of the array items, in the successful responses. */
function propertiesOf(contract: Contract, operation: Operation): string[] {
  const names = successContents(operation).flatMap((content) => {
    const object = objectOf(contract, content['application/json']?.schema);
    return Object.keys(object?.properties ?? {});
  });
  return [...new Set(names)].sort();
}

interface Writable {
  [property: string]: boolean | 'json' | 'self' | Writable;
}

/**
 * Properties that a PUT or PATCH accepts of those that the GET of its path returns; null without such a GET.
 */
function writableOf(contract: Contract, { method, path, operation }: PlacedOperation): Writable | null {
  const read = contract.paths[path]?.get;
  if (!read || (method !== 'put' && method !== 'patch')) return null;
  const answer = successSchema(contract, read);
  const body = objectOf(contract, operation.requestBody?.content['application/json']?.schema);
  if (!answer?.properties || !body?.properties) return null;
  // A body may wrap the object in a single property.
  const [only, ...others] = Object.values(body.properties);
  const wrapped = others.length === 0 ? objectOf(contract, only) : undefined;
  return writableProperties(contract, answer, wrapped?.properties ? wrapped : body, []);
}

/** @param outer enclosing schemas */
function writableProperties(
  contract: Contract,
  read: Schema,
  body: Schema,
  outer: readonly Schema[],
): Writable {
  const names = [...new Set([...Object.keys(read.properties ?? {}), ...Object.keys(body.properties ?? {})])];
  return Object.fromEntries(
    names.sort().map((name): [string, Writable[string]] => {
      const sent = body.properties?.[name];
      const inside = objectOf(contract, sent);
      if (!sent || sent.readOnly || inside?.readOnly) return [name, false];
      if (inside === body) return [name, 'self'];
      // An object without properties is undocumented.
      const isDescribed = Object.keys(inside?.properties ?? {}).length > 0;
      if (inside?.type === 'object' && !isDescribed && !inside.additionalProperties) return [name, 'json'];
      if (!inside || !isDescribed || outer.includes(inside)) return [name, true];
      const given = objectOf(contract, read.properties?.[name]) ?? {};
      return [name, writableProperties(contract, given, inside, [...outer, body, inside])];
    }),
  );
}

function objectOf(contract: Contract, schema: Schema | undefined): Schema | undefined {
  const resolved = resolveSchema(contract, schema);
  return resolved?.type === 'array' ? resolveSchema(contract, resolved.items) : resolved;
}

function hasNextLink(contract: Contract, page: Schema | undefined): boolean {
  return resolveSchema(contract, page?.properties?.['_links'])?.properties?.['next'] !== undefined;
}

/** @throws Error when a page has no array of rows, or several */
function rowsKey(page: Schema | undefined): string {
  const arrays = Object.entries(page?.properties ?? {}).filter(([, schema]) => schema.type === 'array');
  const [only, ...others] = arrays;
  if (!only || others.length > 0) throw new Error(`A page has ${arrays.length} arrays, not one.`);
  return only[0];
}

/** Source of operations.ts: the table of all operations, and the types derived from an operation's id. */
export function operationsSource(contract: Contract): string {
  const table = Object.fromEntries(
    operationsOf(contract)
      .map((one) => [one.id, factsOf(contract, one)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return `
import type { components, operations as Wire } from './types.js';

/**
 * By property of an object, or of the items of an array, if a write accepts it: nested properties, 'self' for those of the object
 * itself, 'json' for any JSON, or true.
 */
export interface Writable {
  readonly [property: string]: boolean | 'json' | 'self' | Writable;
}

export interface OperationFacts {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base URL, which ends in /v3. */
  path: string;
  /** In the order of the path. */
  pathParams: readonly string[];
  queryParams: readonly string[];
  /** Query parameters that are arrays and repeat their key for each value. */
  repeated: readonly string[];
  body: 'json' | 'multipart' | null;
  success: readonly number[];
  response: 'json' | 'csv' | 'none';
  /** Successful statuses without a body, where others have one. */
  bodiless: readonly number[];
  errors: readonly number[];
  /** \`links\`: a response is a page that links to the next one by \`_links.next.href\`. */
  paging: 'links' | 'none';
  /** Property of a page that contains its rows; '' if the body itself is the array, null if it is neither. */
  rows: string | null;
  /** Names of all top-level properties of a JSON response, or of each item of an array. */
  properties: readonly string[];
  /** For a write of the object that the GET of the same path returns: its writable properties. Null for all others. */
  writable: Writable | null;
  auth: 'oauth' | 'partner';
  scopes: readonly string[];
  /** The vendor's name for the group. */
  tag: string;
}

export const operations = ${JSON.stringify(table)} as const satisfies Record<string, OperationFacts>;

export type OperationId = keyof typeof operations;

type Value<T> = [T] extends [undefined] ? undefined : NonNullable<T>;
type Content<T> = T extends { content: infer Media } ? Media[keyof Media] : undefined;

/** Path parameters; undefined if there are none. */
export type PathParams<Id extends OperationId> = Value<Wire[Id]['parameters']['path']>;

/** Query parameters; undefined if there are none. */
export type QueryParams<Id extends OperationId> = Value<Wire[Id]['parameters']['query']>;

/** The JSON of a request, or the fields of a form; undefined without a body. */
export type RequestBody<Id extends OperationId> = Wire[Id] extends { requestBody: infer Body } ? Content<Body> : undefined;

/** The body of a successful response: JSON, a string for CSV, undefined without a body. */
export type ResponseBody<Id extends OperationId> = Content<Wire[Id]['responses'][keyof Wire[Id]['responses']]>;

/** A named schema of the contract. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
`;
}

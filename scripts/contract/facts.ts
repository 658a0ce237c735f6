import {
  METHODS,
  operationsOf,
  refName,
  type Content,
  type Contract,
  type Operation,
  type Parameter,
  type PathItem,
  type RequestBody,
  type Response,
  type Schema,
} from './model.js';
import type { Document } from './source.js';

/** Bodies of errors that only the prose of the vendor's contract names. */
const ERROR_BODIES = ['APIErrorSchema', 'AuthorizationErrorSchema'];

type Json = Record<string, unknown>;

/** Keywords that are copied unchanged, in the order in which they are written. */
const PLAIN = [
  'type',
  'format',
  'nullable',
  'readOnly',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'uniqueItems',
] as const;

/**
 * Extracts the facts of an OpenAPI 3.0 document, without its prose, examples and extensions. The result is in
 * normal form: unordered parts are sorted, defaults of OpenAPI are omitted, and shared parameters, bodies and
 * responses are inlined. Only the keywords that this file names are kept.
 * @throws Error for an unresolvable reference and for an operation without an id
 */
export function factsOf(document: Document): Contract {
  const components = record(document['components']);
  const resolve = (value: unknown): Json => {
    const ref = record(value)['$ref'];
    if (typeof ref !== 'string') return record(value);
    const [, , kind = '', name = ''] = ref.split('/');
    const target = record(components[kind])[decodePointer(name)];
    if (ref.split('/').length !== 4 || target === undefined) throw new Error(`${ref} leads nowhere.`);
    return resolve(target);
  };
  const schemas = mapValues(record(components['schemas']), schemaFacts);
  const paths = mapValues(withoutExtensions(record(document['paths'])), (item) =>
    pathFacts(record(item), resolve),
  );
  for (const [path, item] of Object.entries(paths)) if (Object.keys(item).length === 0) delete paths[path];
  return {
    openapi: '3.0.3',
    info: { title: 'Constant Contact V3', version: text(record(document['info'])['version']) },
    servers: list(document['servers']).map((server) => ({ url: text(record(server)['url']) })),
    paths,
    components: { securitySchemes: mapValues(record(components['securitySchemes']), securityFacts), schemas },
  };
}

/** Without unreachable schemas. */
export function withoutUnused(contract: Contract): Contract {
  const { schemas } = contract.components;
  const used = new Set<string>();
  const follow = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === '$ref' && typeof value === 'string') use(refName(value));
      else follow(value);
    }
  };
  const use = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    if (!(name in schemas)) throw new Error(`There is no schema ${name}.`);
    follow(schemas[name]);
  };
  for (const { operation } of operationsOf(contract)) follow(operation);
  for (const name of ERROR_BODIES) if (name in schemas) use(name);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...contract, components: { ...contract.components, schemas: kept } };
}

function pathFacts(item: Json, resolve: (value: unknown) => Json): PathItem {
  const shared = list(item['parameters']);
  const facts: PathItem = {};
  for (const method of METHODS) {
    if (item[method] !== undefined) facts[method] = operationFacts(record(item[method]), shared, resolve);
  }
  return facts;
}

function operationFacts(operation: Json, shared: unknown[], resolve: (value: unknown) => Json): Operation {
  const id = operation['operationId'];
  if (typeof id !== 'string') throw new Error('An operation has no operationId.');
  const parameters = new Map<string, Parameter>();
  for (const one of [...shared, ...list(operation['parameters'])]) {
    const parameter = parameterFacts(resolve(one));
    parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const body = operation['requestBody'];
  return {
    operationId: id,
    tags: list(operation['tags']).map(String).slice(0, 1),
    security: list(operation['security'])
      .map((one) => mapValues(record(one), (scopes) => list(scopes).map(String).sort()))
      .sort(byText(JSON.stringify)),
    parameters: [...parameters.values()].sort(byText(({ in: place, name }) => `${place} ${name}`)),
    ...(body !== undefined && { requestBody: bodyFacts(resolve(body)) }),
    responses: mapValues(withoutExtensions(record(operation['responses'])), (response) =>
      responseFacts(resolve(response)),
    ),
  };
}

function parameterFacts(parameter: Json): Parameter {
  const schema = schemaFacts(parameter['schema']);
  return {
    name: text(parameter['name']),
    in: text(parameter['in']),
    ...(parameter['required'] === true && { required: true }),
    // The contract has arrays of both styles, so the style is always written.
    ...(schema.type === 'array' && { explode: parameter['explode'] !== false }),
    schema,
  };
}

function bodyFacts(body: Json): RequestBody {
  return { ...(body['required'] === true && { required: true }), content: contentFacts(body['content']) };
}

function responseFacts(response: Json): Response {
  const headers = mapValues(record(response['headers']), (header) => ({
    schema: schemaFacts(record(header)['schema']),
  }));
  const content = contentFacts(response['content']);
  return {
    description: '',
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(content).length > 0 && { content }),
  };
}

function contentFacts(content: unknown): Content {
  return mapValues(withoutExtensions(record(content)), (media) => ({
    schema: schemaFacts(record(media)['schema']),
  }));
}

/** Below `properties` every key is a name; elsewhere only the keywords of a schema count. */
function schemaFacts(value: unknown): Schema {
  const schema = record(value);
  if (typeof schema['$ref'] === 'string') return { $ref: schema['$ref'] };
  const facts: Json = {};
  for (const key of PLAIN) {
    if (schema[key] !== undefined && schema[key] !== false) facts[key] = schema[key];
  }
  if (Array.isArray(schema['enum'])) facts['enum'] = [...(schema['enum'] as unknown[])].sort(byText(String));
  if (['string', 'number', 'boolean'].includes(typeof schema['default']))
    facts['default'] = schema['default'];
  const required = list(schema['required']).map(String).sort();
  if (required.length > 0) facts['required'] = required;
  if (schema['properties'] !== undefined)
    facts['properties'] = mapValues(record(schema['properties']), schemaFacts);
  const more = schema['additionalProperties'];
  if (more !== undefined)
    facts['additionalProperties'] = typeof more === 'boolean' ? more : schemaFacts(more);
  if (schema['items'] !== undefined) facts['items'] = schemaFacts(schema['items']);
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    if (schema[key] !== undefined) facts[key] = list(schema[key]).map(schemaFacts);
  }
  return facts;
}

function securityFacts(value: unknown): Json {
  const { type, name, in: place, flows } = record(value);
  return {
    type,
    ...(name !== undefined && { name }),
    ...(place !== undefined && { in: place }),
    ...(flows !== undefined && { flows: mapValues(withoutExtensions(record(flows)), flowFacts) }),
  };
}

function flowFacts(value: unknown): Json {
  const { authorizationUrl, tokenUrl, scopes } = record(value);
  return {
    ...(authorizationUrl !== undefined && { authorizationUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    scopes: mapValues(record(scopes), () => ''),
  };
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function mapValues<T>(source: Json, map: (value: unknown) => T): Record<string, T> {
  const keys = Object.keys(source).sort();
  return Object.fromEntries(keys.map((key) => [key, map(source[key])]));
}

/** For maps in which OpenAPI allows extensions; in others a name may begin with `x-`. */
function withoutExtensions(source: Json): Json {
  return Object.fromEntries(Object.entries(source).filter(([key]) => !key.startsWith('x-')));
}

function byText<T>(text: (value: T) => string): (one: T, other: T) => number {
  return (one, other) => (text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : 0);
}

function decodePointer(name: string): string {
  return decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
}

import { operationsOf, refName, resolveSchema, type Contract, type Schema } from './model.js';

/** Types to which each constraint applies. */
const APPLIES_TO: Readonly<Record<string, readonly string[]>> = {
  minimum: ['integer', 'number'],
  maximum: ['integer', 'number'],
  minLength: ['string'],
  maxLength: ['string'],
  pattern: ['string'],
  minItems: ['array'],
  maxItems: ['array'],
  items: ['array'],
  properties: ['object'],
  required: ['object'],
  enum: ['string', 'integer'],
};

const FORMATS: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  float: 'number',
  double: 'number',
  'date-time': 'string',
  uuid: 'string',
  email: 'string',
  binary: 'string',
};

/** Contradictions in a contract. Each needs a correction in corrections.ts. */
export function contradictions(contract: Contract): string[] {
  const found: string[] = [];
  const add = (where: string, what: string) => found.push(`${where}: ${what}`);

  const check = (schema: Schema, where: string): void => {
    const { type = '' } = schema;
    for (const [keyword, types] of Object.entries(APPLIES_TO)) {
      if (keyword in schema && !types.includes(type)) add(where, `${keyword} on a schema of type "${type}"`);
    }
    if (schema.format !== undefined && FORMATS[schema.format] !== type) add(where, `format ${schema.format}`);
    if (schema.maxItems === 0) add(where, 'an array that must be empty');
    if (schema.enum?.some((value) => /[,\s]/.test(String(value)))) add(where, 'an enum value with a comma');
    const preset = typeof schema.default;
    if (preset !== 'undefined' && preset !== (type === 'integer' ? 'number' : type)) {
      add(where, `a default of type ${preset}`);
    }
    if (schema.$ref !== undefined && !contract.components.schemas[refName(schema.$ref)])
      add(where, schema.$ref);
    for (const name of schema.required ?? []) {
      if (!schema.properties?.[name]) add(where, `requires ${name}, which is not a property`);
    }
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      check(property, `${where}.${name}`);
    if (schema.items?.readOnly) add(where, 'read-only items');
    if (schema.items) check(schema.items, `${where}[]`);
    if (typeof schema.additionalProperties === 'object') check(schema.additionalProperties, `${where}.*`);
    for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
      check(one, where);
    }
  };

  for (const [name, schema] of Object.entries(contract.components.schemas)) check(schema, name);
  for (const { id, path, operation } of operationsOf(contract)) {
    for (const { name, in: place, schema } of operation.parameters) {
      check(schema, `${id}?${name}`);
      if (place === 'path' && !path.includes(`{${name}}`)) add(id, `${name} is not in ${path}`);
      if (place !== 'path' && place !== 'query') add(id, `${name} in ${place}`);
      if (/^(limit|offset|page|page_size)$/.test(name) && schema.type !== 'integer') {
        add(`${id}?${name}`, `a count of type "${schema.type}"`);
      }
    }
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
      if (!operation.parameters.some((one) => one.in === 'path' && one.name === name)) {
        add(id, `${name} of ${path} is not declared`);
      }
    }
    const contents = [operation.requestBody, ...Object.values(operation.responses)];
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
      for (const what of requiredReadOnly(contract, schema)) add(`${id}#`, what);
    }
    for (const content of contents.flatMap((one) => Object.values(one?.content ?? {}))) {
      check(content.schema, `${id}#`);
    }
    if (!Object.keys(operation.responses).some((status) => status.startsWith('2')))
      add(id, 'no successful response');
  }
  const ids = operationsOf(contract).map(({ id }) => id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) add(id, 'a duplicate id');
  return found;
}

/** Required properties of a body that only the API may write. */
function requiredReadOnly(contract: Contract, body: Schema): string[] {
  const seen = new Set<Schema>();
  const visit = (one: Schema | undefined): string[] => {
    const schema = resolveSchema(contract, one);
    if (!schema || seen.has(schema)) return [];
    seen.add(schema);
    const { required = [], properties = {}, items } = schema;
    const demands = required.filter((name) => properties[name]?.readOnly);
    const inside = [...Object.values(properties), items].flatMap(visit);
    return [...demands.map((name) => `requires ${name}, which is read-only`), ...inside];
  };
  return visit(body);
}

import { readFileSync } from 'node:fs';
import type { OperationFacts } from '../constant-contact/contract/operations.js';

/** A JSON object of the contract. */
export type Json = Readonly<Record<string, unknown>>;

export interface ContractParameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

/** Direction of a schema: a request must not have read-only properties. */
export type Side = 'request' | 'response';

let document: Json | undefined;

/** The contract as its generator wrote it, read on first use. */
export function contract(): Json {
  document ??= JSON.parse(
    readFileSync(new URL('../constant-contact/contract/contract.json', import.meta.url), 'utf8'),
  ) as Json;
  return document;
}

/** The contract's entry for one operation. */
export function contractOperation({ path, method }: OperationFacts): {
  readonly parameters: readonly ContractParameter[];
  readonly responses: Json;
} {
  const operation = at(contract(), ['paths', path, method.toLowerCase()]);
  const parameters = (operation?.parameters ?? []) as readonly ContractParameter[];
  return { parameters, responses: (operation?.responses ?? {}) as Json };
}

export function at(json: Json, keys: readonly string[]): Json | undefined {
  let here: unknown = json;
  for (const key of keys) here = isJson(here) ? here[key] : undefined;
  return isJson(here) ? here : undefined;
}

/**
 * The contract with its schemas made strict, so that undeclared properties are violations in both directions.
 * Exception: import rows with their `cf:` keys. In requests, read-only properties count as undeclared.
 */
export function exactContract(side: Side): Json {
  return exact(contract(), side) as Json;
}

function exact(value: unknown, side: Side): unknown {
  if (Array.isArray(value)) return value.map((item) => exact(item, side));
  if (!isJson(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) copy[key] = exact(child, side);
  // An object schema without properties means that the vendor does not describe them.
  return value.type === 'object' && isJson(copy.properties) && Object.keys(copy.properties).length > 0
    ? { ...copy, ...closed(copy, copy.properties, side) }
    : copy;
}

function closed(schema: Json, properties: Json, side: Side): Json {
  const kept = Object.entries(properties).filter(
    ([, property]) => side === 'response' || !isJson(property) || property.readOnly !== true,
  );
  const names = new Set(kept.map(([name]) => name));
  const required = ((schema.required ?? []) as string[]).filter((name) => names.has(name));
  // Import rows are the only open objects of requests.
  const open = schema.additionalProperties === true;
  return {
    properties: Object.fromEntries(kept),
    required,
    additionalProperties: open ? false : (schema.additionalProperties ?? false),
    ...(open && { patternProperties: { '^cf:': { type: 'string', maxLength: 255 } } }),
  };
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

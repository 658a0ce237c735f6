/** Keywords of JSON Schema that the tools' input schemas use. */
interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  format?: string;
  minimum?: number;
  minLength?: number;
  maxLength?: number;
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T10:00:00Z',
};

/**
 * A valid value of a schema: with every property and the last of all choices, or with only the required ones
 * and the first.
 */
export function sampleOf(schema: Schema, isFull: boolean): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.at(isFull ? -1 : 0);
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], isFull);
  const choice = schema.oneOf?.at(isFull ? -1 : 0);
  if (choice) return sampleOf(choice, isFull);
  switch (schema.type) {
    case 'object': {
      const entries = Object.entries(schema.properties ?? {});
      const given = entries.filter(([name]) => isFull || schema.required?.includes(name));
      return Object.fromEntries(given.map(([name, property]) => [name, sampleOf(property, isFull)]));
    }
    case 'array':
      return [sampleOf(schema.items ?? {}, isFull)];
    case 'boolean':
      return isFull;
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    default:
      return (
        TEXTS[schema.format ?? ''] ?? 'text'.padEnd(schema.minLength ?? 0, '.').slice(0, schema.maxLength)
      );
  }
}

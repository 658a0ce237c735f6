import type { Parameter, Schema } from './model.js';

/** Replaces all keywords of a schema. */
export function become(schema: Schema, other: Schema): void {
  const replacement = { ...other };
  for (const key of Object.keys(schema)) delete schema[key as keyof Schema];
  Object.assign(schema, replacement);
}

/** An integer within bounds; keeps the default. */
export function whole(minimum: number, maximum?: number): (parameter: Parameter) => void {
  return ({ schema }) => {
    const preset = schema.default;
    become(schema, {
      type: 'integer',
      minimum,
      ...(maximum !== undefined && { maximum }),
      ...(preset !== undefined && { default: Number(preset) }),
    });
  };
}

export function csvSchema(item: string, most?: number): Schema {
  return { type: 'string', pattern: `^${item}(,${item})${most === undefined ? '*' : `{0,${most - 1}}`}$` };
}

export function csv({ most }: { most: number }): (parameter: Parameter) => void {
  return ({ schema }) => {
    become(schema, csvSchema('[^,]+', most));
  };
}

export function csvOfEnum({ schema }: Parameter): void {
  const values = schema.enum ?? schema.items?.enum;
  if (values) become(schema, csvSchema(`(${values.join('|')})`));
}

export function atMost(maxItems: number): (schema: Schema) => void {
  return (schema) => {
    schema.maxItems = maxItems;
  };
}

export function anyText(schema: Schema): void {
  delete schema.format;
}

export function nullable(schema: Schema): void {
  schema.nullable = true;
}

export function optional(name: string): (schema: Schema) => void {
  return (schema) => {
    schema.required = schema.required?.filter((one) => one !== name);
    if (!schema.required?.length) delete schema.required;
  };
}

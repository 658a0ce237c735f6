import type { Parameter, Schema } from './model.js';

/** Replaces all keywords of a schema. */
export function replaceSchema(schema: Schema, other: Schema): void {
  const replacement = { ...other };
  for (const key of Object.keys(schema)) delete schema[key as keyof Schema];
  Object.assign(schema, replacement);
}

/** An integer within bounds; keeps the default. */
export function integer(minimum: number, maximum?: number): (parameter: Parameter) => void {
  return ({ schema }) => {
    const preset = schema.default;
    replaceSchema(schema, {
      type: 'integer',
      minimum,
      ...(maximum !== undefined && { maximum }),
      ...(preset !== undefined && { default: Number(preset) }),
    });
  };
}

export function csvSchema(item: string, max?: number): Schema {
  return { type: 'string', pattern: `^${item}(,${item})${max === undefined ? '*' : `{0,${max - 1}}`}$` };
}

export function csv(max: number): (parameter: Parameter) => void {
  return ({ schema }) => {
    replaceSchema(schema, csvSchema('[^,]+', max));
  };
}

export function csvOfValues({ schema }: Parameter): void {
  const values = schema.enum ?? schema.items?.enum;
  if (values) replaceSchema(schema, csvSchema(`(${values.join('|')})`));
}

export function limitItems(maxItems: number): (schema: Schema) => void {
  return (schema) => {
    schema.maxItems = maxItems;
  };
}

export function removeFormat(schema: Schema): void {
  delete schema.format;
}

export function makeNullable(schema: Schema): void {
  schema.nullable = true;
}

export function makeOptional(name: string): (schema: Schema) => void {
  return (schema) => {
    schema.required = schema.required?.filter((one) => one !== name);
    if (!schema.required?.length) delete schema.required;
  };
}

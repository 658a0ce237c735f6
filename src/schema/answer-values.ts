import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { defaultFieldResolver } from 'graphql';
import { ConstantContactError } from '../constant-contact/errors.js';
import { listIn } from '../constant-contact/lists.js';
import { countIn, decimalIn, numberIn } from '../constant-contact/numbers.js';

declare global {
  // Pothos' plugins declare their options here.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      answerValues: AnswerValuesPlugin<Types>;
    }
  }
}

/** Converts a value of a response to the type of its scalar; throws if it cannot. */
type Read = (value: unknown) => unknown;

/** @param read returns undefined for a value of another type */
function strictly(expected: string, read: Read): Read {
  return (value) => {
    if (value === null || value === undefined) return null;
    const known = read(value);
    if (known !== undefined) return known;
    // The message does not quote the value: it may be personal data.
    throw new ConstantContactError(
      'invalidResponse',
      `Constant Contact answered with something other than ${expected}.`,
    );
  };
}

/** A value of a response as text; undefined if it is neither a string nor a number. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isPlain = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  return isPlain ? String(value) : undefined;
}

/** Converts BigInts to text, because JSON cannot contain them. */
function withTexts(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withTexts(child)]));
}

const readText = strictly('a text', textIn);
const READERS: Readonly<Record<string, Read>> = {
  // The API's integers are counts and numbers, never negative.
  Int: strictly('a whole number from 0 to 2,147,483,647', countIn),
  Float: strictly('a number', numberIn),
  Decimal: strictly('a decimal number', decimalIn),
  Boolean: strictly('true or false', (value) => {
    if (typeof value === 'boolean') return value;
    const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }),
  String: readText,
  ID: readText,
  JSON: withTexts,
};
// Parents that resolvers make can be functions. Those of responses cannot.
const readObject = strictly('an object', (value) =>
  (typeof value === 'object' || typeof value === 'function') && !Array.isArray(value) ? value : undefined,
);

/** Reads a list. An item that cannot be of the type fails alone: its error stands in its place. */
function listOf(readItem: Read | undefined): Read {
  return (value) => {
    const items = listIn(value as readonly unknown[] | null | undefined);
    if (!items || !readItem) return items ?? null;
    let read = items;
    for (const [at, item] of items.entries()) {
      const known = readOrError(item, readItem);
      if (known === item) continue;
      if (read === items) read = [...items];
      (read as unknown[])[at] = known;
    }
    return read;
  };
}

function readOrError(item: unknown, read: Read): unknown {
  if (item === null || item === undefined || item instanceof Error || item instanceof Promise) return item;
  try {
    return read(item);
  } catch (error) {
    return error;
  }
}

/**
 * Reads scalars of responses strictly: graphql-js accepts `true` for 1, and its own errors look like a bug of
 * this program. Pothos cannot replace built-in scalars. The plan executor, which does not call the resolvers
 * of plain properties, takes the reader from `extensions`, and calls the resolvers that do not read.
 */
class AnswerValuesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { resolve = defaultFieldResolver } = field;
    const read = this.#readerOf(field.type);
    if (!read) return field;
    const reading: typeof resolve = (...args) => {
      const value: unknown = resolve(...args);
      return value instanceof Promise ? value.then(read) : read(value);
    };
    return { ...field, extensions: { ...field.extensions, read, reading, resolve }, resolve: reading };
  }

  #readerOf(type: PothosOutputFieldConfig<Types>['type']): Read | undefined {
    switch (type.kind) {
      case 'List':
        return listOf(this.#readerOf(type.type));
      case 'Scalar':
        return READERS[this.builder.configStore.getTypeConfig(type.ref).name];
      case 'Enum':
        return undefined;
      default:
        return readObject;
    }
  }
}

export const answerValues = 'answerValues';
SchemaBuilder.registerPlugin(answerValues, AnswerValuesPlugin);

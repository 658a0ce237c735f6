import { word } from '../constant-contact/words.js';
import type { FieldRef } from '@pothos/core';
import { builder } from './builder.js';
import { ofParent, type Fields, type SchemaTypes, type TextKey } from './fields.js';

const UNKNOWN = 'UNKNOWN';

/**
 * The values of an enum: name → meaning, or, where the API writes a value otherwise than its name, how it does (first
 * the spelling to send, then others that it may answer with) and the meaning.
 */
export type EnumValues = Record<string, string | { wire: string | readonly string[]; description: string }>;

/** An enum of answers. It stays open towards the API: a value that it does not know is `UNKNOWN`, never an error. */
export interface OpenEnum {
  /** The type for output fields. */
  readonly type: ReturnType<typeof outputEnum>;
  /** API value → name, in whatever spelling services write it. */
  fromWire(value: string | number | null | undefined): string | null;
}

/** Declares an enum for answers. */
export function openEnum(name: string, description: string, values: EnumValues): OpenEnum {
  const byWire = new Map<string, string>();
  for (const [value, spec] of Object.entries(values)) {
    for (const spelling of spellings(value, spec)) byWire.set(spelling, value).set(word(spelling), value);
  }
  return {
    type: outputEnum(name, description, values),
    fromWire: (value) => {
      if (value === null || value === undefined || value === '') return null;
      return byWire.get(String(value)) ?? byWire.get(word(value)) ?? UNKNOWN;
    },
  };
}

/** Declares an enum for arguments. Resolvers get the API's own spelling. */
export function inputEnum(name: string, description: string, values: EnumValues) {
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(
      Object.entries(values).map(([value, spec]) => [
        value,
        { value: spellings(value, spec)[0] ?? value, description: meaning(spec) },
      ]),
    ),
  });
}

/**
 * Two fields for one enum value of the wire: `field` with the enum and `fieldRaw` with the API's own text.
 * Spread the result into `fields`.
 */
export function enumFields<Parent, const Field extends string>(
  t: Fields<Parent>,
  field: Field,
  key: TextKey<Parent>,
  openEnum: OpenEnum,
  description: string,
): Record<string, FieldRef<SchemaTypes, string | null | undefined>> {
  const text = (parent: Parent) => parent[key] as string | null | undefined;
  return {
    [field]: t.field({
      type: openEnum.type,
      description,
      ...ofParent((parent: Parent) => openEnum.fromWire(text(parent))),
    }),
    [`${field}Raw`]: t.string({
      description: `\`${field}\` as the API wrote it.`,
      ...ofParent((parent: Parent) => text(parent) ?? null),
    }),
  };
}

function outputEnum(name: string, description: string, values: EnumValues) {
  const known = Object.entries(values).map(
    ([value, spec]) => [value, { description: meaning(spec) }] as const,
  );
  return builder.enumType(name, {
    description,
    values: Object.fromEntries([
      ...known,
      [
        UNKNOWN,
        {
          description:
            'The API gave a value that this schema does not know. The field of the same name that ends in Raw has it.',
        },
      ],
    ]),
  });
}

function spellings(value: string, spec: EnumValues[string]): readonly string[] {
  return typeof spec === 'string' ? [value] : [spec.wire].flat();
}

function meaning(spec: EnumValues[string]): string {
  return typeof spec === 'string' ? spec : spec.description;
}

import { word } from '../constant-contact/words.js';
import type { FieldRef } from '@pothos/core';
import { builder } from './builder.js';
import { ofParent, type Fields, type SchemaTypes, type TextKey } from './fields.js';

const UNKNOWN = 'UNKNOWN';

/**
 * The values of an enum: name → meaning, or, where the API spells a value differently from its name, the spellings (first
 * the one to send, then others that responses may have) and the meaning.
 */
export type EnumValues = Record<string, string | { wire: string | readonly string[]; description: string }>;

/**
 * An enum of responses. It is open: a value that it does not know is `UNKNOWN`, never an error. Arguments take the
 * same enum without `UNKNOWN`, and resolvers get the API's own spelling.
 */
export interface OpenEnum {
  readonly type: ReturnType<typeof outputEnum>;
  /** API value, in any spelling → name. */
  fromWire(value: string | number | null | undefined): string | null;
}

/** Declares an enum for responses, and for arguments of the same meaning. */
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

/** Declares an enum for arguments only. Resolvers get the spelling of the API. */
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

interface EnumFieldOptions {
  /** False where the contract requires the value: it is `UNKNOWN` when a response omits it. */
  nullable?: boolean;
}

/**
 * Two fields for one enum value of a response: `field` with the enum and `fieldRaw` with the text of the API.
 * Spread the result into `fields`.
 */
export function enumFields<Parent, const Field extends string>(
  t: Fields<Parent>,
  field: Field,
  key: TextKey<Parent>,
  openEnum: OpenEnum,
  description: string,
  options: EnumFieldOptions = {},
): Record<string, FieldRef<SchemaTypes, string | null | undefined>> {
  return enumFieldsOf(
    t,
    field,
    (parent) => parent[key] as string | null | undefined,
    openEnum,
    description,
    options,
  );
}

/** `enumFields` for a value that is not a property of the object itself. */
export function enumFieldsOf<Parent, const Field extends string>(
  t: Fields<Parent>,
  field: Field,
  textOf: (parent: Parent) => string | null | undefined,
  openEnum: OpenEnum,
  description: string,
  { nullable = true }: EnumFieldOptions = {},
): Record<string, FieldRef<SchemaTypes, string | null | undefined>> {
  const valueOf = (parent: Parent) => openEnum.fromWire(textOf(parent));
  return {
    [field]: nullable
      ? t.field({ type: openEnum.type, description, ...ofParent(valueOf) })
      : t.field({
          type: openEnum.type,
          nullable: false,
          description: `${description} UNKNOWN when the API omits it.`,
          ...ofParent((parent: Parent) => valueOf(parent) ?? UNKNOWN),
        }),
    [`${field}Raw`]: t.string({
      description: originalOf(field),
      ...ofParent((parent: Parent) => textOf(parent) ?? null),
    }),
  };
}

/** Description of a field with the API's text for an enum. */
export const originalOf = (field: string): string =>
  `Text that the REST API sends for \`${field}\`, also when \`${field}\` is UNKNOWN.`;

function outputEnum(name: string, description: string, values: EnumValues) {
  const known = Object.entries(values);
  return builder.enumType(name, {
    description,
    // Not as internal values of the enum, because resolvers return names.
    extensions: {
      spellings: new Map(known.map(([value, spec]) => [value, spellings(value, spec)[0] ?? value])),
    },
    values: Object.fromEntries([
      ...known.map(([value, spec]) => [value, { description: meaning(spec) }] as const),
      [
        UNKNOWN,
        {
          description:
            'Only in responses: a value that this schema does not know. The field of the same name that ends in `Raw` has the text of the REST API.',
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

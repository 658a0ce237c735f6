import type { ArgBuilder, FieldRef } from '@pothos/core';
import { isoDay, isoTime, type IsoTime } from '../constant-contact/dates.js';
import { encodeGlobalId, type NodeType } from '../resolvers/support/global-id.js';
import { textIn } from './answer-values.js';
import type { builder } from './builder.js';

/** Type parameters of the builder. */
export type SchemaTypes = (typeof builder)['$inferSchemaTypes'];
/** The field builder of an object type whose backing value is `Parent`. */
export type Fields<Parent> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;

/** The field builder of an interface as that of an object type, which the helpers below take: Pothos gives both the same methods. */
export function ofInterface<Parent>(
  t: PothosSchemaTypes.InterfaceFieldBuilder<SchemaTypes, Parent>,
): Fields<Parent> {
  return t as unknown as Fields<Parent>;
}

/** The field builder of an input type. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;

/** The argument builder. */
export type Args = ArgBuilder<SchemaTypes>;

/** Keys of a wire object whose value is text. */
export type TextKey<Parent> = {
  [Key in keyof Parent]-?: Parent[Key] extends string | null | undefined ? Key : never;
}[keyof Parent];

/** Keys of a wire object whose value is an id. */
export type IdKey<Parent> = {
  [Key in keyof Parent]-?: Parent[Key] extends string | number | null | undefined ? Key : never;
}[keyof Parent];

/**
 * Options of a field whose resolver uses only its parent and whose text is already serialised: the plan
 * executor calls it without arguments or `info`, and returns its text or null unchanged.
 */
export function ofParent<Parent, Value>(answerOf: (parent: Parent) => Value) {
  return { extensions: { answerOf }, resolve: answerOf };
}

/** The global id of an object: base64 of the type's name and the raw id, for `node` and for federation. */
export function globalId<Parent>(
  t: Fields<Parent>,
  type: NodeType,
  key: IdKey<Parent>,
): FieldRef<SchemaTypes, string | number> {
  return t.id({
    nullable: false,
    description: GLOBAL_ID,
    ...ofParent((parent: Parent) =>
      encodeGlobalId(type, (parent[key] as string | number | null | undefined) ?? ''),
    ),
  });
}

/** `globalId` of a type whose raw id has several parts. */
export function globalIdOfParts<Parent>(
  t: Fields<Parent>,
  type: NodeType,
  parts: (parent: Parent) => readonly string[],
): FieldRef<SchemaTypes, string | number> {
  return t.id({
    nullable: false,
    description: GLOBAL_ID,
    resolve: (parent) => encodeGlobalId(type, ...parts(parent)),
  });
}

const GLOBAL_ID = 'Global ID, for `node(id:)` and client caches.';

/** The vendor's id of an object, under the vendor's name. */
export function rawIdField<Parent>(
  t: Fields<Parent>,
  key: IdKey<Parent>,
  description: string,
): FieldRef<SchemaTypes, string | number> {
  return t.id({
    nullable: false,
    description,
    ...ofParent((parent: Parent) => (parent[key] as string | number | null | undefined) ?? ''),
  });
}

/**
 * A text that the contract requires. When a response omits it, or has a value of another type there, the text is empty: a null would
 * discard the object and the list around it.
 */
export function requiredText<Parent>(
  t: Fields<Parent>,
  key: TextKey<Parent>,
  description: string,
): FieldRef<SchemaTypes, string> {
  return t.string({
    nullable: false,
    description: `${description} Empty when the API omits it.`,
    ...ofParent((parent: Parent) => textIn(parent[key]) ?? ''),
  });
}

/** `requiredText` for the id of another object, which may be a number. */
export function requiredId<Parent>(
  t: Fields<Parent>,
  key: IdKey<Parent>,
  description: string,
): FieldRef<SchemaTypes, string | number> {
  return t.id({
    nullable: false,
    description: `${description} Empty when the API omits it.`,
    ...ofParent((parent: Parent) => textIn(parent[key]) ?? ''),
  });
}

/** `requiredText` for a list of texts; items of other types are left out. */
export function requiredTexts<Parent>(
  t: Fields<Parent>,
  textsOf: (parent: Parent) => unknown,
  description: string,
): FieldRef<SchemaTypes, readonly string[]> {
  return t.stringList({
    nullable: false,
    description: `${description} Empty when the API omits it.`,
    resolve: (parent) => {
      const texts = textsOf(parent);
      return Array.isArray(texts) ? texts.flatMap((text) => textIn(text) ?? []) : [];
    },
  });
}

/** A point in time in any format of the REST API; null when the text is not a date. */
export function dateTime<Parent>(
  t: Fields<Parent>,
  key: TextKey<Parent>,
  description: string,
): FieldRef<SchemaTypes, Date | IsoTime | null | undefined> {
  return t.field({
    type: 'DateTime',
    description,
    ...ofParent((parent: Parent) => isoTime(parent[key] as string | null | undefined)),
  });
}

/** A day without a time. */
export function date<Parent>(
  t: Fields<Parent>,
  key: TextKey<Parent>,
  description: string,
): FieldRef<SchemaTypes, string | null | undefined> {
  return t.field({
    type: 'Date',
    description,
    ...ofParent((parent: Parent) => isoDay(parent[key] as string | null | undefined)),
  });
}

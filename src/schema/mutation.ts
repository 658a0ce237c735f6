import type { InputFieldsFromShape } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import type { Payload } from '../resolvers/support/mutate.js';
import { builder } from './builder.js';
import type { Cost } from './cost.js';
import type { Fields, InputFields, SchemaTypes } from './fields.js';
import { UserErrorRef } from './payload.js';

interface MutationOptions<Input extends object, Shape extends object> {
  description: string;
  queryCost: Cost;
  /** Description of the argument `input`. */
  argument: string;
  /** Fields of the input type; or an input type that is declared elsewhere. */
  input:
    | ((t: InputFields) => InputFieldsFromShape<SchemaTypes, Input, 'InputObject'>)
    | PothosSchemaTypes.InputObjectRef<SchemaTypes, Input>;
  /** Further sentences of the description of the input type. */
  inputNote?: string;
  /** Fields of the payload beside `userErrors`, all nullable: a mutation that fails has `userErrors` only. */
  payload: (t: Fields<Payload<Shape>>) => Record<string, unknown>;
  /** Further sentences of the description of the payload. */
  payloadNote?: string;
  /** Made by `mutate`. Its types are those that the fields of the input and of the payload must have. */
  resolve: (
    parent: unknown,
    args: { input: Input },
    context: Context,
    info: GraphQLResolveInfo,
  ) => Promise<Payload<Shape>>;
}

/**
 * Declares a mutation with the argument `input`, its input type (`CreateTagInput` of `createTag`) and its payload (`CreateTagPayload`).
 *
 * @returns the payload, which other files can add fields to
 */
export function mutation<Input extends object, Shape extends object>(
  name: string,
  { description, queryCost, argument, resolve, ...types }: MutationOptions<Input, Shape>,
) {
  const typeName = name.charAt(0).toUpperCase() + name.slice(1);
  const { input, inputNote, payload, payloadNote } = types;
  const InputRef =
    typeof input === 'function'
      ? builder.inputType(`${typeName}Input`, {
          description: sentences(`Input of \`${name}\`.`, inputNote),
          fields: input,
        })
      : input;
  const PayloadRef = builder.objectRef<Payload<Shape>>(`${typeName}Payload`).implement({
    description: sentences(`Return type of \`${name}\`.`, payloadNote),
    fields: (t) => ({
      ...payload(t),
      userErrors: t.field({
        type: [UserErrorRef],
        nullable: false,
        description: 'Validation errors. Empty when the mutation succeeded.',
        resolve: ({ userErrors }) => userErrors,
      }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: PayloadRef,
      description,
      queryCost,
      args: { input: t.arg({ type: InputRef, required: true, description: argument }) },
      // Its input has the type of `input`, which Pothos cannot derive from a type parameter.
      resolve: resolve as never,
    }),
  );
  return PayloadRef;
}

const sentences = (first: string, others?: string): string => (others ? `${first} ${others}` : first);

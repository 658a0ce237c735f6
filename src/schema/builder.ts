import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import type { IsoTime } from '../constant-contact/dates.js';
import type { FormFile } from '../constant-contact/http/form.js';
import type { Context } from '../context.js';
import { answerValues } from './answer-values.js';
import { enumArguments } from './enum-arguments.js';
import { fieldCosts } from './field-costs.js';
import { nodeFields } from './node-fields.js';

/** Input and output types of the custom scalars (a type alias, because Pothos requires an index signature). */
export type Scalars = {
  ID: { Input: string; Output: string | number };
  DateTime: { Input: Date; Output: Date | IsoTime };
  Date: { Input: Date; Output: string };
  Decimal: { Input: string; Output: string };
  JSON: { Input: unknown; Output: unknown };
  File: { Input: FormFile; Output: never };
};

/** The only Pothos builder: plugins and scalars, no types. Fields are nullable by default; items of lists are not. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: Scalars;
}>({
  plugins: [DirectivesPlugin, FederationPlugin, nodeFields, fieldCosts, answerValues, enumArguments],
});

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A timestamp to the second or less. */
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}(?::\d{2}){0,2}(?:\.\d+)?$/;

/** Number of characters of a value that its error shows. */
const SHOWN_LENGTH = 40;

/**
 * @param node literal, where the value is one
 * @throws GraphQLError for a value that is not a time with a zone: services of the API read one without a zone in different zones
 */
function parseTime(value: unknown, node?: ValueNode): Date {
  const text = typeof value === 'string' ? value.trim() : null;
  const refuse = (message: string) => new GraphQLError(message, { nodes: node });
  if (text !== null && DAY.test(text))
    throw refuse(`"${text}" has no time. Write it with a time and a zone, as ${text}T00:00:00Z.`);
  if (text !== null && WITHOUT_ZONE.test(text))
    throw refuse('A time needs a zone, for example 2027-12-01T10:00:00-05:00.');
  try {
    return GraphQLDateTime.parseValue(value);
  } catch {
    const shown = text === null ? `A value that is not a string` : `"${text.slice(0, SHOWN_LENGTH)}"`;
    throw refuse(`${shown} is not a time. Write it as "2027-12-01T10:00:00Z".`);
  }
}

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<Date, Date | string>({
    ...GraphQLDateTime.toConfig(),
    parseValue: (value) => parseTime(value),
    parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : null, node),
    // A string comes from `isoTime`, which has checked it.
    serialize: (value) =>
      typeof value === 'string' ? value : GraphQLDateTime.serialize(value).toISOString(),
  }),
);
builder.addScalarType('Date', GraphQLDate);
builder.addScalarType('JSON', GraphQLJSON);
builder.scalarType('File', {
  description: 'A file in a multipart request, by the GraphQL multipart request specification.',
  parseValue: (value) => {
    // Checked by its method: each request parser has a file class of its own, and JSON has no functions.
    if (typeof (value as FormFile | null)?.stream === 'function') return value as FormFile;
    throw new TypeError('Send the file as a part of a multipart/form-data request, mapped to this variable.');
  },
});

builder.queryType({ description: 'Queries of the account: contacts, campaigns, events, reports and more.' });
builder.subscriptionType({
  description:
    'Subscriptions, over server-sent events (`Accept: text/event-stream`) or a WebSocket (`graphql-ws`). A subscription lasts at most one hour.',
});
builder.mutationType({
  description:
    'Mutations. Errors that you can correct are in `userErrors`; when it is not selected, they are top-level errors, as is a REST call that fails.',
});

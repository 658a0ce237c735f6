import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
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

/** The only Pothos builder: plugins and scalars, no types. Fields are nullable by default. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: Scalars;
}>({
  plugins: [DirectivesPlugin, FederationPlugin, nodeFields, fieldCosts, answerValues, enumArguments],
});

/** A timestamp to the second or less, without a zone, or a bare day. */
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}(?::\d{2}){0,2}(?:\.\d+)?)?$/;

/** @throws GraphQLError for a time without a zone, which services of the API read in different zones */
function checkZone(text: unknown): void {
  if (typeof text === 'string' && WITHOUT_ZONE.test(text.trim()))
    throw new GraphQLError('A time needs a zone, for example 2027-12-01T10:00:00-05:00.');
}

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<Date, Date | string>({
    ...GraphQLDateTime.toConfig(),
    parseValue: (value) => {
      checkZone(value);
      return GraphQLDateTime.parseValue(value);
    },
    parseLiteral: (node, variables) => {
      if (node.kind === Kind.STRING) checkZone(node.value);
      return GraphQLDateTime.parseLiteral(node, variables);
    },
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
    'Mutations. Errors that you can correct are in `userErrors`; a REST call that fails is a top-level error.',
});

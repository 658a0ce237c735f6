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

/** What goes in and out of the scalars that GraphQL itself does not have (a type alias, because Pothos wants an index signature). */
export type Scalars = {
  ID: { Input: string; Output: string | number };
  DateTime: { Input: Date; Output: Date | IsoTime };
  Date: { Input: Date; Output: string };
  Decimal: { Input: string; Output: string };
  JSON: { Input: unknown; Output: unknown };
  File: { Input: FormFile; Output: never };
};

/** The one Pothos builder: plugins and scalars, no types. Fields are nullable unless they say otherwise. */
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
    // Text is what `isoTime` made, which has seen to it.
    serialize: (value) =>
      typeof value === 'string' ? value : GraphQLDateTime.serialize(value).toISOString(),
  }),
);
builder.addScalarType('Date', GraphQLDate);
builder.addScalarType('JSON', GraphQLJSON);
builder.scalarType('File', {
  description: 'A file of a multipart request (the GraphQL multipart request convention).',
  parseValue: (value) => {
    // By what it can do: whoever reads requests has a class of its own, and no JSON has a function.
    if (typeof (value as FormFile | null)?.stream === 'function') return value as FormFile;
    throw new TypeError('Send the file as a part of a multipart/form-data request, mapped to this variable.');
  },
});

builder.queryType({ description: 'Everything that can be read.' });
builder.subscriptionType({
  description:
    'What can be followed while it changes, over server-sent events (`Accept: text/event-stream`) or a WebSocket (`graphql-ws`). A subscription lasts an hour at most.',
});
builder.mutationType({
  description:
    'Everything that can be written. What you can mend yourself comes back in `userErrors`; a failed call is a top-level error.',
});

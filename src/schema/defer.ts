import { DirectiveLocation, GraphQLBoolean, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql';

/** What the executor knows by this name; it is here so that documents can be checked against it and tools know it. */
export const DeferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'Answers these fields in a later part, as soon as they have come in, so that the rest need not wait for them. It costs no REST call more or less. For reports and other fields with calls of their own: what comes with the call of its object is there at once anyway. A client that accepts neither `multipart/mixed` nor `text/event-stream` gets everything in one answer.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: true,
      description: 'Whether to defer.',
    },
    label: {
      type: GraphQLString,
      description: 'Tells the parts apart; unique in the operation, and no variable.',
    },
  },
});

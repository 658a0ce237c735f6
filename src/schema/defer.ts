import { DirectiveLocation, GraphQLBoolean, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql';

/** The directive that the executor supports, declared so that documents are validated against it and tools know it. */
export const DeferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'Returns these fields in a later part of the response, so that the other fields need not wait for them. The number of REST calls stays the same. Use it for reports and other fields with calls of their own; fields that are read with their object are available immediately. A client that accepts neither `multipart/mixed` nor `text/event-stream` gets everything in one response.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: true,
      description: 'True to defer the fields.',
    },
    label: {
      type: GraphQLString,
      description:
        'Label of the part of the response. It must be unique in the operation and cannot be a variable.',
    },
  },
});

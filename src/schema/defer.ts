import { DirectiveLocation, GraphQLBoolean, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql';

/** The executor implements `@defer`. The directive is declared so that documents can be validated and tools find it. */
export const DeferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'Delivers these fields in a later part of the response, so that the rest does not wait for them. It does not change the number of REST calls. Use it for reports and other fields with REST calls of their own; a field that is loaded with its object gains nothing. A client that accepts neither `multipart/mixed` nor `text/event-stream` gets everything in one response.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: true,
      description: 'True to defer the fields.',
    },
    label: {
      type: GraphQLString,
      description: 'Name of the part, unique in the operation. Must not be a variable.',
    },
  },
});

import { getNamedType, isUnionType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { InputError } from '../resolvers/support/input-error.js';

interface Args {
  representations: readonly unknown[];
}

/**
 * Makes each representation that a gateway sends stand for itself: one that names no entity of this subgraph fails in
 * its own place and the others are answered, where the federation library fails them all.
 */
export function separateEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'] as
    GraphQLField<unknown, unknown, Args> | undefined;
  const together = field?.resolve;
  const union = field && getNamedType(field.type);
  if (!together || !isUnionType(union)) return;
  const names = new Set(union.getTypes().map((type) => type.name));
  field.resolve = (parent, { representations }, context, info) =>
    representations.map(async (representation, index) => {
      if (!names.has(typeNameOf(representation))) {
        throw new InputError(
          'INVALID',
          'A representation is an object with the name of an entity of this API in __typename.',
          ['representations', String(index)],
        );
      }
      const [entity] = (await together(parent, { representations: [representation] }, context, info)) as [
        unknown,
      ];
      return entity;
    });
}

function typeNameOf(representation: unknown): string {
  const { __typename } = Object(representation) as { __typename?: unknown };
  return typeof __typename === 'string' ? __typename : '';
}

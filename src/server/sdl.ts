import { printSubgraphSchema } from '@apollo/subgraph';
import { lexicographicSortSchema, type GraphQLSchema } from 'graphql';

/**
 * The schema as text, sorted so that a change of order in the source is no change of the schema. It is printed as
 * a subgraph, because the plain printer leaves out `@key` and `@link`.
 */
export function printSdl(schema: GraphQLSchema): string {
  return printSubgraphSchema(lexicographicSortSchema(schema)).trimEnd() + '\n';
}

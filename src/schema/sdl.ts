import { printSubgraphSchema } from '@apollo/subgraph';
import {
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
  GraphQLSchema,
  type NameNode,
} from 'graphql';
import { applyCacheHints, CacheControlDirective } from './cache-hints.js';

/**
 * The schema as SDL, sorted so that a change of order in the source does not change it. It is printed as a
 * subgraph, because the plain printer omits `@key` and `@link`. `@cacheControl` states the cache age of each
 * type.
 */
export function printSdl(schema: GraphQLSchema): string {
  const config = schema.toConfig();
  // A gateway handles `@defer` itself, and composes only directives that all of its subgraphs have.
  const directives = config.directives.filter(({ name }) => name !== 'defer');
  const subgraph = lexicographicSortSchema(
    new GraphQLSchema({ ...config, directives: [...directives, CacheControlDirective] }),
  );
  applyCacheHints(subgraph);
  return printSubgraphSchema(subgraph).trimEnd() + '\n';
}

const unlessFederation = ({ name }: { name: NameNode }) => (name.value.startsWith('_') ? null : undefined);

/**
 * The schema as SDL for client tools, without the additions of federation: they know neither `@key` nor `_entities`, and
 * most reject a schema that uses a directive it does not define. It has `@oneOf`, which a subgraph cannot have.
 */
export function printApiSdl(schema: GraphQLSchema): string {
  const plain = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    ObjectTypeDefinition: unlessFederation,
    ScalarTypeDefinition: unlessFederation,
    UnionTypeDefinition: unlessFederation,
    FieldDefinition: unlessFederation,
  });
  return print(plain).trimEnd() + '\n';
}

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
 * The schema as text, sorted so that a change of order in the source is no change of the schema. It is printed as
 * a subgraph, because the plain printer leaves out `@key` and `@link`. How long its types are kept stands in it as `@cacheControl`.
 */
export function printSdl(schema: GraphQLSchema): string {
  const config = schema.toConfig();
  // What a gateway defers it decides by itself; it composes only directives that are in all of its subgraphs.
  const directives = config.directives.filter(({ name }) => name !== 'defer');
  const subgraph = lexicographicSortSchema(
    new GraphQLSchema({ ...config, directives: [...directives, CacheControlDirective] }),
  );
  applyCacheHints(subgraph);
  return printSubgraphSchema(subgraph).trimEnd() + '\n';
}

const unlessFederation = ({ name }: { name: NameNode }) => (name.value.startsWith('_') ? null : undefined);

/**
 * The same for the tools of clients, without what federation adds to it: they know neither `@key` nor `_entities`, and
 * most refuse a schema that names a directive it does not define. It has `@oneOf`, which a subgraph cannot tell.
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

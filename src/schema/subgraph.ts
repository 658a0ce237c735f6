import { entitiesField, entitiesResolver, serviceField, EntityType } from '@apollo/subgraph/dist/types.js';
import { hasResolvableKey } from '@pothos/plugin-federation';
import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLUnionType,
  isObjectType,
  type GraphQLDirective,
  type GraphQLResolveInfo,
} from 'graphql';
import type { CacheSeconds } from '../constant-contact/cache/ages.js';
import type { Context } from '../context.js';
import { InputError } from '../resolvers/support/input-error.js';
import { MAX_ERRORS } from '../resolvers/support/limits.js';
import { countByIds, MAX_BY_IDS } from '../resolvers/support/objects-by-ids.js';
import { infoFor } from '../resolvers/support/selection.js';
import { agesExtension } from './cache-hints.js';
import { objectsByIds, OTHER_SPELLING } from './references.js';
import { sdlOf } from './schema-text.js';

/**
 * Adds the fields that a gateway queries: `_entities` and `_service`. The federation plugin of the builder would print the schema
 * each time it builds one, which is the slowest step of a start and needed only behind a gateway; here it is printed on demand.
 *
 * @param schema has its keys and its link to the federation specification among the directives of its extensions
 * @param directives additional directives of the subgraph
 * @param cacheSeconds the ages to print as `@cacheControl`
 */
export function toSubgraph(
  schema: GraphQLSchema,
  directives: readonly GraphQLDirective[],
  cacheSeconds: CacheSeconds,
): GraphQLSchema {
  const config = schema.toConfig();
  const root = schema.getQueryType();
  if (!root) throw new Error('a subgraph has a query type');
  const entities = config.types.filter((type) => isObjectType(type) && hasResolvableKey(type));
  const union = new GraphQLUnionType({
    ...EntityType.toConfig(),
    types: entities as GraphQLObjectType[],
  });
  const names = new Set(entities.map(({ name }) => name));
  const rootConfig = root.toConfig();
  const query = new GraphQLObjectType<unknown, Context>({
    ...rootConfig,
    fields: {
      ...rootConfig.fields,
      _entities: {
        ...entitiesField,
        type: new GraphQLNonNull(new GraphQLList(union)),
        extensions: {
          // More are refused after the cost is computed.
          cost: objectsByIds(({ representations }) =>
            typesToRead((representations as unknown[]).slice(0, MAX_BY_IDS)),
          ),
        },
        resolve: (_parent, args: Readonly<Record<string, unknown>>, context, info) => {
          const representations = args['representations'] as unknown[];
          countByIds(context, representations, ['representations']);
          if (representations.filter((one) => !names.has(typeNameOf(one))).length > MAX_ERRORS)
            throw unnamed([]);
          return representations.map((representation, index) =>
            resolveEntity(names, representation, index, context, info),
          );
        },
      },
      _service: {
        ...serviceField,
        resolve: () => ({ sdl: () => sdlOf(subgraph) }),
      },
    },
  });
  const subgraph = new GraphQLSchema({
    ...config,
    query,
    types: config.types.map((type) => (type === root ? query : type)),
    directives: [...config.directives, ...directives],
    extensions: { ...config.extensions, ...agesExtension(cacheSeconds) },
  });
  return subgraph;
}

/**
 * Resolves one representation of a gateway. A representation that names no entity of this subgraph fails alone; the federation
 * library would fail all of them.
 */
async function resolveEntity(
  names: ReadonlySet<string>,
  representation: unknown,
  index: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  const type = typeNameOf(representation);
  if (!names.has(type)) throw unnamed([String(index)]);
  const [found] = entitiesResolver({
    representations: [representation],
    context,
    info: infoFor(type, info),
  }) as unknown[];
  return await found;
}

function unnamed(path: readonly string[]): InputError {
  return new InputError(
    'INVALID',
    'A representation is an object with the name of an entity of this API in __typename.',
    ['representations', ...path],
  );
}

function typeNameOf(representation: unknown): string {
  const { __typename } = Object(representation) as { __typename?: unknown };
  return typeof __typename === 'string' ? __typename : '';
}

/** Types of the objects that are read for representations. An address is looked up among the contacts. */
function typesToRead(representations: readonly unknown[]): string[] {
  const addresses = new Set<string>();
  return representations.map((representation) => {
    const type = typeNameOf(representation);
    if (type !== 'ContactEmailAddress') return type;
    const { address } = representation as { address?: unknown };
    // It is refused, and nothing is read for it. Any object would otherwise have to become a text here.
    if (typeof address !== 'string' && typeof address !== 'number') return '';
    const spelling = String(address).toLowerCase();
    if (addresses.has(spelling)) return OTHER_SPELLING;
    addresses.add(spelling);
    return 'Contact';
  });
}

import type { GraphQLSchema } from 'graphql';
import type { McpConfig } from '../config.js';
import { loadActions } from './action.js';
import { actionTool } from './action-tool.js';
import type { Caller } from './caller.js';
import { describeType, runQuery, searchActions } from './general-tools.js';
import { promptsOf, type Prompt } from './prompts.js';
import { resourcesOf, type Resource } from './resources.js';
import type { Tool } from './tool.js';

/** All that clients are offered. */
export interface Catalogue {
  /** The tools that a caller is shown, general ones first. */
  list(caller: Caller): readonly Tool[];
  /** Any tool of the chosen domains; what the caller may not do, it refuses when it is called. */
  find(name: string, caller: Caller): Tool | undefined;
  readonly resources: readonly Resource[];
  readonly prompts: ReadonlyMap<string, Prompt>;
}

export interface CatalogueOptions {
  readonly schema: GraphQLSchema;
  readonly config: Pick<McpConfig, 'domains' | 'allowMutations'>;
  /** Whether the schema may be told. */
  readonly introspection: boolean;
}

/** Made when it is first asked for: to read and price all documents takes longer than most calls. */
export function lazyCatalogue(options: CatalogueOptions): () => Catalogue {
  let catalogue: Catalogue | undefined;
  return () => (catalogue ??= createCatalogue(options));
}

function createCatalogue({ schema, config, introspection }: CatalogueOptions): Catalogue {
  const { domains, allowMutations } = config;
  const actions = loadActions(schema);
  const chosen = [...actions.values()].filter(({ domain }) => domains === null || domains.includes(domain));
  const tools = new Map(chosen.map((action) => [action.name, actionTool(schema, action)]));
  const runsAny = runQuery(allowMutations);
  const runsQueries = runQuery(false);
  const before = [
    searchActions(actions, new Set(tools.keys())),
    ...(introspection ? [describeType(schema)] : []),
  ];
  const generalOf = ({ readOnly }: Caller) => [...before, readOnly ? runsQueries : runsAny];
  return {
    list: (caller) => [
      ...generalOf(caller),
      ...[...tools.values()].filter(({ effects }) => effects.reads || !caller.readOnly),
    ],
    find: (name, caller) => tools.get(name) ?? generalOf(caller).find((tool) => tool.name === name),
    resources: resourcesOf(introspection ? schema : null),
    prompts: promptsOf(),
  };
}

import type { GraphQLSchema } from 'graphql';
import type { McpConfig } from '../config.js';
import { loadActions } from './action.js';
import { actionTool } from './action-tool.js';
import type { Caller } from './caller.js';
import { describeType, runQuery, searchActions } from './general-tools.js';
import { promptsOf, type Prompt } from './prompts.js';
import { exampleNamed, requiredChange, offerDomain, ALLOW_MUTATIONS } from './search.js';
import { resourcesOf, type Resource } from './resources.js';
import { READ_ONLY, type Tool } from './tool.js';

/** The tools, resources and prompts of a server. */
export interface Catalogue {
  /** The tools that a caller can use, general tools first. */
  list(caller: Caller): readonly Tool[];
  /** Also finds tools that the caller is not allowed to use: they refuse the call with a reason. */
  find(name: string, caller: Caller): Tool | undefined;
  /** Why an action is not offered as a tool, and what to do instead; null for other names. */
  alternativeTo(name: string, caller: Caller): string | null;
  readonly resources: readonly Resource[];
  readonly prompts: ReadonlyMap<string, Prompt>;
}

export interface CatalogueOptions {
  readonly schema: GraphQLSchema;
  readonly config: Pick<McpConfig, 'domains' | 'allowMutations'>;
  /** True when the schema may be exposed. */
  readonly introspection: boolean;
}

/** Creates the catalogue on first use, because parsing all documents takes longer than most calls. */
export function lazyCatalogue(options: CatalogueOptions): () => Promise<Catalogue> {
  let catalogue: Promise<Catalogue> | undefined;
  return () => (catalogue ??= createCatalogue(options));
}

async function createCatalogue({ schema, config, introspection }: CatalogueOptions): Promise<Catalogue> {
  const { domains, allowMutations } = config;
  const actions = await loadActions(schema);
  const chosen = [...actions.values()].filter(({ domain }) => domains === null || domains.includes(domain));
  const tools = new Map(chosen.map((action) => [action.name, actionTool(schema, action)]));
  const texts = { introspection, allowMutations };
  const general = [
    searchActions(schema, actions, new Set(tools.keys()), texts),
    ...(introspection ? [describeType(schema)] : []),
  ];
  const runAny = runQuery(schema, texts);
  const runQueries = runQuery(schema, { ...texts, allowMutations: false });
  const generalOf = ({ readOnly }: Caller) => [...general, readOnly ? runQueries : runAny];
  return {
    list: (caller) => [
      ...generalOf(caller),
      ...[...tools.values()].filter(({ effects }) => effects.isRead || !caller.readOnly),
    ],
    find: (name, caller) => tools.get(name) ?? generalOf(caller).find((tool) => tool.name === name),
    alternativeTo: (name, { readOnly }) => {
      const action = actions.get(name);
      const { isRead } = action?.effects ?? exampleNamed(name) ?? {};
      if (isRead === undefined) return null;
      const notOffered = `The server does not offer ${name} as a tool.`;
      if (!isRead && readOnly) return `${READ_ONLY} ${notOffered}`;
      const setting = action ? offerDomain(action.domain) : ALLOW_MUTATIONS;
      const way =
        requiredChange(isRead, allowMutations, setting) ??
        'search_actions returns its operation: run that with run_query.';
      return `${notOffered} ${way}`;
    },
    resources: resourcesOf(introspection ? schema : null),
    prompts: promptsOf(),
  };
}

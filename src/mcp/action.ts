import {
  getOperationAST,
  GraphQLError,
  parse,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { McpDomain } from '../config/variables.js';
import { loadExamples, type Example } from '../server/examples.js';
import { bindingsOf, type Binding } from './bindings.js';
import { costSentence } from './sample-cost.js';
import { domainOf } from './domains.js';
import { effectsOf, type Effects } from './effects.js';
import { variableProperties, type Properties } from './input-schema.js';
import { jobPlaceOf, type JobPlace } from './job-place.js';

/** An action of the account that a tool carries out: one operation and what follows from it. */
export interface Action {
  /** Name of the tool: the slug of the action in lower case, without the vendor's prefix. */
  readonly name: string;
  readonly title: string;
  /** What it does and costs. */
  readonly description: string;
  readonly domain: McpDomain;
  readonly query: string;
  readonly operation: OperationDefinitionNode;
  readonly effects: Effects;
  /** The bulk activity in its answer. */
  readonly job: JobPlace | null;
  readonly input: Properties;
  readonly bindings: ReadonlyMap<string, Binding>;
}

/**
 * The actions of the package, by name: one document of `examples/actions` each. Where the schema has no `nodes`, those that need it are
 * left out.
 */
export function loadActions(schema: GraphQLSchema): ReadonlyMap<string, Action> {
  const hasNodes = schema.getQueryType()?.getFields()['nodes'] !== undefined;
  return new Map(
    loadExamples('actions/')
      .filter(({ query }) => hasNodes || !/\bnodes?\(ids?:/.test(query))
      .map((example) => [example.name, actionOf(schema, example)]),
  );
}

function actionOf(schema: GraphQLSchema, { name, query }: Example): Action {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new GraphQLError(`examples/actions/${name}.graphql must have one operation`);
  const bindings = bindingsOf(schema, document);
  const effects = effectsOf(operation);
  const clears = !effects.reads && name.startsWith('update_');
  const text = [...query.matchAll(/^# ?(.*)$/gm)].map(([, line]) => line).join(' ');
  return {
    name,
    title: titleOf(name),
    description: `${text} ${costSentence(schema, document, operation)}`.trimEnd(),
    domain: domainOf(name),
    query,
    operation,
    effects,
    job: query.includes('bulkActivit') ? jobPlaceOf(schema, document) : null,
    input: variableProperties(schema, operation, bindings, clears),
    bindings,
  };
}

function titleOf(name: string): string {
  const text = name.replaceAll('_', ' ').replace(/\b(sms|json|id)\b/g, (word) => word.toUpperCase());
  return text[0]?.toUpperCase() + text.slice(1);
}

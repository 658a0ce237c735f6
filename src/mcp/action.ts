import { setImmediate } from 'node:timers/promises';
import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { McpDomain } from '../config/variables.js';
import { loadExamples, type Example } from '../server/examples.js';
import { inputsOf } from './bindings.js';
import { costSentence } from './sample-cost.js';
import { domainOf } from './domains.js';
import { effectsOf, rootFieldsOf, type Effects } from './effects.js';
import { variableProperties, type Properties } from './input-schema.js';
import { jobPlaceOf, type JobPlace } from './job-place.js';
import { operationNames, type ToolNames } from './tool-names.js';

/** An action on the account: one GraphQL operation, offered as a tool. */
export interface Action {
  /** The slug of the action in lower case, without the vendor's prefix: the name of the tool. */
  readonly name: string;
  readonly title: string;
  readonly domain: McpDomain;
  readonly query: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly effects: Effects;
  /** Its effect, without its cost. */
  readonly summary: string;
  readonly details: ActionDetails;
}

/** Properties derived from the schema. */
export interface ActionDetails {
  /** Its effect and its cost. */
  readonly description: string;
  readonly input: Properties;
  readonly names: ToolNames;
  /** The bulk activity in its response. */
  readonly job: JobPlace | null;
}

/**
 * The actions of the package, by name: one document of `examples/actions` each. Actions that use `node` or `nodes` are left out where the
 * schema lacks these fields. Other work runs between them.
 */
export async function loadActions(schema: GraphQLSchema): Promise<ReadonlyMap<string, Action>> {
  const hasNodes = schema.getQueryType()?.getFields()['nodes'] !== undefined;
  /** Names of tools by their top-level field, without fields that several reads share. */
  const tools = new Map<string, string>();
  let operations: ToolNames['operations'] | undefined;
  const operationsOf = () => (operations ??= operationNames(schema, tools));
  const actions: Action[] = [];
  for (const example of loadExamples('actions/')) {
    if (!hasNodes && /\bnodes?\(ids?:/.test(example.query)) continue;
    actions.push(actionOf(schema, example, operationsOf));
    await setImmediate();
  }
  const shared = new Set<string>();
  for (const { name, document, operation, effects } of actions)
    for (const { name: field } of rootFieldsOf(document, operation)) {
      if (effects.isRead && tools.has(field.value)) shared.add(field.value);
      tools.set(field.value, name);
    }
  for (const field of shared) tools.delete(field);
  return new Map(actions.map((action) => [action.name, action]));
}

function actionOf(
  schema: GraphQLSchema,
  { name, query }: Example,
  operationsOf: () => ToolNames['operations'],
): Action {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new GraphQLError(`examples/actions/${name}.graphql must have one operation`);
  let details: ActionDetails | undefined;
  const action = {
    name,
    title: titleOf(name),
    domain: domainOf(name),
    query,
    document,
    operation,
    effects: effectsOf(document, operation),
    summary: [...query.matchAll(/^# ?(.*)$/gm)].map(([, line]) => line).join(' '),
    // Deriving the details of all actions would double the time to the first page of tools.
    get details() {
      return (details ??= detailsOf(schema, action, operationsOf()));
    },
  };
  return action;
}

function detailsOf(
  schema: GraphQLSchema,
  { name, query, document, operation, effects, summary }: Omit<Action, 'details'>,
  operations: ToolNames['operations'],
): ActionDetails {
  const { bindings, unused } = inputsOf(schema, document);
  const clears = !effects.isRead && name.startsWith('update_');
  const names = { schema, bindings, operations, absent: clears ? unused : new Set([...unused, 'null']) };
  return {
    description: `${summary} ${costSentence(schema, document, operation)}`.trimEnd(),
    input: variableProperties(schema, operation, names, clears),
    names,
    job: query.includes('bulkActivit') ? jobPlaceOf(schema, document) : null,
  };
}

function titleOf(name: string): string {
  const text = name.replaceAll('_', ' ').replace(/\b(sms|json|id)\b/g, (word) => word.toUpperCase());
  return text[0]?.toUpperCase() + text.slice(1);
}

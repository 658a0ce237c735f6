import { closestMatch } from 'leven';
import {
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  OperationTypeNode,
  parse,
  printType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Action } from './action.js';
import { confirmed } from './action-tool.js';
import type { Call, Caller } from './caller.js';
import { MAX_QUERY_LENGTH, MAX_QUERY_TOKENS } from '../server/plugins/limits.js';
import { effectsOf, type Effects } from './effects.js';
import { execute } from './execute.js';
import { objectSchema, type Properties } from './input-schema.js';
import {
  OUTPUT_SCHEMA,
  outcomeOf,
  outcomeOfAnswer,
  refusal,
  unknownArgument,
  type Outcome,
} from './result.js';
import type { Tool } from './tool.js';

const MOST_FOUND = 10;
const LONGEST_WORDS = 200;
/** Longer definitions are given without descriptions. */
const LONGEST_DEFINITION = 8_000;

const READS: Effects = { reads: true, destroys: false, repeats: true };

interface Parts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effects: Effects;
  readonly openWorld: boolean;
  input(caller: Caller): Properties;
  call(call: Call): Outcome | Promise<Outcome>;
}

function generalTool({ name, title, description, effects, openWorld, input, call }: Parts): Tool {
  return {
    name,
    effects,
    describe: (caller) => ({
      name,
      title,
      description,
      inputSchema: objectSchema(input(caller)),
      outputSchema: OUTPUT_SCHEMA,
      annotations: {
        title,
        readOnlyHint: effects.reads,
        destructiveHint: effects.destroys,
        idempotentHint: effects.repeats,
        openWorldHint: openWorld,
      },
    }),
    call: async (given) => {
      const { properties } = input(given.caller);
      return unknownArgument(Object.keys(given.arguments), Object.keys(properties)) ?? (await call(given));
    },
  };
}

/** Finds actions by words, those that are no tools here as well. */
export function searchActions(actions: ReadonlyMap<string, Action>, tools: ReadonlySet<string>): Tool {
  return generalTool({
    name: 'search_actions',
    title: 'Search actions',
    description:
      'Finds actions by keywords, such as "bounced contacts" or "schedule campaign". Each result includes its GraphQL operation; use run_query for an action that is not offered as a tool. Cost: no REST call.',
    effects: READS,
    openWorld: false,
    input: () => ({
      properties: {
        words: { type: 'string', maxLength: LONGEST_WORDS, description: 'Keywords of the action.' },
      },
      required: ['words'],
    }),
    call: ({ arguments: { words }, caller }) => {
      if (typeof words !== 'string' || words.length > LONGEST_WORDS) {
        const message = `The argument \`words\` must be a text of at most ${String(LONGEST_WORDS)} characters.`;
        return refusal('BAD_USER_INPUT', message, { argument: 'words' });
      }
      const found = [...actions.values()]
        .filter(({ effects }) => effects.reads || !caller.readOnly)
        .map((action) => ({ action, score: scoreOf(action, stemsOf(words)) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, MOST_FOUND)
        .map(({ action }) => ({
          name: action.name,
          domain: action.domain,
          description: action.description,
          readOnly: action.effects.reads,
          isTool: tools.has(action.name),
          arguments: Object.keys(action.input.properties),
          operation: action.query,
        }));
      return outcomeOf({ actions: found }, []);
    },
  });
}

/** Words without the endings that tell singular from plural. */
const stemsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
    .map((word) => word.replace(/(?:ies|es|s)$/, ''));

function scoreOf({ name, description, domain }: Action, words: readonly string[]): number {
  const inName = stemsOf(name);
  const inText = stemsOf(`${description} ${domain}`);
  return words.reduce(
    (sum, word) => sum + (inName.includes(word) ? 3 : 0) + (inText.includes(word) ? 1 : 0),
    0,
  );
}

/** Tool that prints a part of the schema. */
export function describeType(schema: GraphQLSchema): Tool {
  const names = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('_'));
  return generalTool({
    name: 'describe_type',
    title: 'Describe type',
    description:
      'Returns the definition of a type of the GraphQL schema, such as Contact or CreateContactInput, or of one field, such as Query.contacts. Start with Query. Cost: no REST call.',
    effects: READS,
    openWorld: false,
    input: () => ({
      properties: { name: { type: 'string', maxLength: 200, description: 'Name of the type or field.' } },
      required: ['name'],
    }),
    call: ({ arguments: { name } }) => {
      const [, typeName = '', fieldName] =
        (typeof name === 'string' && /^(\w{1,100})(?:\.(\w{1,100}))?$/.exec(name)) || [];
      const type = names.includes(typeName) ? schema.getType(typeName) : undefined;
      if (!type) return notFound('type', typeName, names);
      if (fieldName === undefined) return outcomeOf({ definition: definitionOf(type) }, []);
      if (!isObjectType(type) && !isInterfaceType(type)) return notFound('field', fieldName, []);
      const field = type.getFields()[fieldName];
      if (!field) return notFound('field', fieldName, Object.keys(type.getFields()));
      const args = field.args.map((arg) => ({
        name: arg.name,
        type: String(arg.type),
        description: arg.description,
      }));
      const { description } = field;
      return outcomeOf(
        {
          name,
          type: String(field.type),
          description,
          arguments: args,
          returns: definitionOf(getNamedType(field.type)),
        },
        [],
      );
    },
  });
}

function notFound(what: string, name: string, known: readonly string[]): Outcome {
  const meant = closestMatch(name, [...known], { maxDistance: 5 });
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return refusal(
    'BAD_USER_INPUT',
    `The schema has no ${what} ${name ? `\`${name}\`` : 'of this name'}.${hint}`,
    { argument: 'name' },
  );
}

function definitionOf(type: GraphQLNamedType): string {
  const text = printType(type);
  return text.length <= LONGEST_DEFINITION ? text : text.replace(/^ *"""[^]*?"""\n/gm, '');
}

/** Any GraphQL operation that the caller may run. */
export function runQuery(allowMutations: boolean): Tool {
  const effects: Effects = allowMutations ? { reads: false, destroys: true, repeats: false } : READS;
  return generalTool({
    name: 'run_query',
    title: 'Run a GraphQL query',
    description:
      `Runs a GraphQL ${allowMutations ? 'query or mutation' : 'query'} over contacts, campaigns, reports and all other data of the account: one call replaces many tool calls. ` +
      'Use describe_type to learn the schema. An operation that costs too many REST calls is rejected before the first call. Cost: the sum of its fields.',
    effects,
    openWorld: true,
    input: ({ ask }) => ({
      properties: {
        query: { type: 'string', description: 'The GraphQL document.' },
        variables: { type: 'object', description: 'Values of its variables.' },
        operation_name: {
          type: 'string',
          description: 'Name of the operation to run, when the document has several.',
        },
        ...(allowMutations && {
          confirm: {
            type: 'boolean',
            description: ask
              ? 'Not needed: the server asks the person.'
              : 'Must be true for a mutation that deletes, removes, cancels or sends something: it confirms that the person you work for has agreed.',
          },
        }),
      },
      required: ['query'],
    }),
    call: (call) => run(call, allowMutations),
  });
}

async function run(call: Call, allowMutations: boolean): Promise<Outcome> {
  const { query, variables = {}, operation_name: operationName, confirm } = call.arguments;
  const wrong = (argument: string, what: string) =>
    refusal('BAD_USER_INPUT', `The argument \`${argument}\` must be ${what}.`, { argument });
  if (typeof query !== 'string') return wrong('query', 'a text');
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables))
    return wrong('variables', 'an object');
  if (operationName !== undefined && typeof operationName !== 'string')
    return wrong('operation_name', 'a text');
  const operation = operationOf(query, operationName);
  // What cannot be told to be a query is not sent.
  if (typeof operation === 'string') return refusal('BAD_USER_INPUT', operation, { argument: 'query' });
  const { reads, destroys } = effectsOf(operation);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    return refusal(
      'FORBIDDEN',
      'run_query runs no subscriptions. Query what you want to follow again later.',
    );
  if (!reads && call.caller.readOnly)
    return refusal('FORBIDDEN', 'This key or token is read-only and cannot run mutations.');
  if (!reads && !allowMutations)
    return refusal(
      'FORBIDDEN',
      'run_query runs queries only here. Use the tool of the action, which search_actions finds.',
    );
  const values = { query, variables };
  const refused = destroys ? await confirmed('run_query', 'Runs a mutation.', values, confirm, call) : null;
  if (refused) return refused;
  const request = {
    query,
    variables: variables as Record<string, unknown>,
    ...(operation.name && { operationName: operation.name.value }),
  };
  return outcomeOfAnswer(await execute(call.caller.send, request, call.signal), new Map());
}

/** The operation of a document, or why there is none. */
function operationOf(query: string, name: string | undefined): OperationDefinitionNode | string {
  if (query.length > MAX_QUERY_LENGTH)
    return `A document has at most ${String(MAX_QUERY_LENGTH)} characters.`;
  try {
    const operation = getOperationAST(parse(query, { maxTokens: MAX_QUERY_TOKENS }), name);
    return (
      operation ??
      'The document has no operation of this name. Where it has several, name one in `operation_name`.'
    );
  } catch (error) {
    return error instanceof RangeError ? 'The document is nested too deep.' : (error as Error).message;
  }
}

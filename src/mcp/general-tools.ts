import { closestMatch } from 'leven';
import {
  getNamedType,
  getOperationAST,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  print,
  printType,
  separateOperations,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Action } from './action.js';
import { areValid, refusalOfConfirm, refusalOfUnconfirmed } from './action-tool.js';
import type { Call } from './caller.js';
import { LONG_DOCUMENT } from '../server/plugins/long-tasks.js';
import { LIMIT_RULES, MAX_QUERY_LENGTH, parseWithinLimit } from '../server/plugins/limits.js';
import { shorten } from '../server/shorten.js';
import { effectsOf, hasConfirmedValue, READ, rootFieldsOf, type Effects } from './effects.js';
import { execute, type GraphqlRequest } from './execute.js';
import { outcomeOf, outcomeOfResponse, refusal, type Outcome } from './result.js';
import { shortenText, limitSize } from './result-size.js';
import { fieldSearchOf } from './field-search.js';
import { requiredChange, offerDomain, searchOf, ALLOW_MUTATIONS } from './search.js';
import { createTool, READ_ONLY, type Tool } from './tool.js';

const MAX_ACTIONS = 10;
const MAX_FIELDS = 5;
const NOTHING_FOUND =
  'No action has these words. Try the name of an object, such as contact, campaign or event.';
const MAX_WORDS_LENGTH = 200;
/** Longer definitions are returned without descriptions. */
const MAX_DEFINITION_LENGTH = 8_000;

/** Finds actions of all domains by keywords. */
export function searchActions(
  schema: GraphQLSchema,
  actions: ReadonlyMap<string, Action>,
  tools: ReadonlySet<string>,
  { introspection, allowMutations }: { introspection: boolean; allowMutations: boolean },
): Tool {
  const obstacle = (isRead: boolean, setting: string) => {
    const todo = requiredChange(isRead, allowMutations, setting);
    return todo === null ? {} : { runnable: false, todo };
  };
  const search = searchOf(schema, actions);
  const hint = introspection
    ? `${NOTHING_FOUND} For everything that run_query can run, call describe_type with Query or Mutation.`
    : NOTHING_FOUND;
  const searchFields = introspection ? fieldSearchOf(schema, actions) : () => [];
  return createTool({
    name: 'search_actions',
    title: 'Search actions',
    description: () =>
      'Finds actions by keywords, such as "bounced contacts" or "schedule campaign". Returns each with its GraphQL operation; pass the operation of an action that is not offered as a tool to run_query, unless `runnable` is false: `todo` then says what the operator must change. ' +
      (introspection
        ? 'Also finds fields of the GraphQL schema that no action uses: describe_type explains them. '
        : '') +
      'No REST call.',
    effects: READ,
    isOpenWorld: false,
    input: () => ({
      properties: {
        words: { type: 'string', maxLength: MAX_WORDS_LENGTH, description: 'Keywords.' },
      },
      required: ['words'],
    }),
    call: ({ arguments: { words }, caller }) => {
      if (typeof words !== 'string' || words.length > MAX_WORDS_LENGTH) {
        const message = `The argument \`words\` must be a string of at most ${String(MAX_WORDS_LENGTH)} characters.`;
        return refusal('BAD_USER_INPUT', message, { argument: 'words' });
      }
      const found = search(words)
        .filter(({ isRead }) => isRead || !caller.readOnly)
        .slice(0, MAX_ACTIONS)
        .map(({ name, domain, isRead, query, details }) => ({
          name,
          domain,
          ...details(),
          readOnly: isRead,
          isTool: tools.has(name),
          ...(!tools.has(name) &&
            obstacle(isRead, actions.has(name) ? offerDomain(domain) : ALLOW_MUTATIONS)),
          operation: query,
        }));
      const fields = searchFields(words)
        .filter(({ isRead }) => isRead || !caller.readOnly)
        .slice(0, MAX_FIELDS)
        .map(({ isRead, ...field }) => ({
          ...field,
          readOnly: isRead,
          ...obstacle(isRead, ALLOW_MUTATIONS),
        }));
      const isEmpty = found.length + fields.length === 0;
      return outcomeOf({ actions: found, fields, ...(isEmpty && { hint }) }, []);
    },
  });
}

/** Returns the definition of a type or field of the schema. */
export function describeType(schema: GraphQLSchema): Tool {
  const names = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('_'));
  return createTool({
    name: 'describe_type',
    title: 'Describe type',
    description: () =>
      'Returns the definition of a type of the GraphQL schema, such as Contact or CreateContactInput, or of one field, such as Query.contacts. Start with Query. No REST call.',
    effects: READ,
    isOpenWorld: false,
    input: () => ({
      properties: { name: { type: 'string', maxLength: 200, description: 'Name of the type or field.' } },
      required: ['name'],
    }),
    call: ({ arguments: { name } }) => {
      if (typeof name !== 'string') return invalid('name', 'a string');
      const [, typeName = '', fieldName] = /^(\w{1,100})(?:\.(\w{1,100}))?$/.exec(name) ?? [];
      if (typeName === '')
        return invalid('name', 'the name of a type, such as Contact, or of a field, such as Query.contacts');
      const type = names.includes(typeName) ? schema.getType(typeName) : undefined;
      if (!type) return notFound('type', typeName, names);
      if (fieldName === undefined) return outcomeOf({ definition: definitionOf(type) }, []);
      const fields: Fields = 'getFields' in type ? type.getFields() : {};
      const field = fields[fieldName];
      if (!field) return notFound('field', `${typeName}.${fieldName}`, namesIn(typeName, fields));
      const args = ('args' in field ? field.args : []).map((arg) => ({
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

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown> | GraphQLInputField>>;

const namesIn = (typeName: string, fields: Fields) =>
  Object.keys(fields).map((field) => `${typeName}.${field}`);

function notFound(kind: string, name: string, known: readonly string[]): Outcome {
  const match = closestMatch(name, [...known], { maxDistance: 5 });
  const hint = match === undefined ? '' : ` Did you mean ${match}?`;
  return refusal('BAD_USER_INPUT', `The schema has no ${kind} \`${name}\`.${hint}`, { argument: 'name' });
}

const invalid = (argument: string, expected: string): Outcome =>
  refusal('BAD_USER_INPUT', `The argument \`${argument}\` must be ${expected}.`, { argument });

function definitionOf(type: GraphQLNamedType): string {
  const text = printType(type);
  return text.length <= MAX_DEFINITION_LENGTH ? text : text.replace(/^ *"""[^]*?"""\n/gm, '');
}

/** Runs any GraphQL operation that the caller is allowed to run. */
export function runQuery(
  schema: GraphQLSchema,
  { introspection, allowMutations }: { introspection: boolean; allowMutations: boolean },
): Tool {
  const effects: Effects = allowMutations
    ? { isRead: false, isDestructive: true, needsConfirmation: true, isIdempotent: false }
    : READ;
  return createTool({
    name: 'run_query',
    title: 'Run a GraphQL query',
    description: () =>
      `Runs a GraphQL ${allowMutations ? 'query or mutation' : 'query'} on contacts, campaigns, reports and all other data of the account: one call can replace many tool calls. ` +
      (introspection ? 'describe_type returns the schema. ' : '') +
      'An operation that costs too many REST calls is refused before the first one. Cost: the sum of its fields.',
    effects,
    isOpenWorld: true,
    input: ({ ask }) => ({
      properties: {
        query: { type: 'string', description: 'The GraphQL document.' },
        variables: { type: 'object', description: 'Values of the variables.' },
        operation_name: {
          type: 'string',
          description: 'Name of the operation to run, if the document has several.',
        },
        ...(allowMutations && {
          confirm: {
            type: 'boolean',
            description: ask
              ? 'Ignored: the server asks the person.'
              : 'Confirms that the person you work for has agreed to this call. Required for mutations that cannot be undone, reach a person or an outside address, or change a consent, access, costs or where data goes.',
          },
        }),
      },
      required: ['query'],
    }),
    call: (call) => run(schema, call, allowMutations),
  });
}

async function run(schema: GraphQLSchema, call: Call, allowMutations: boolean): Promise<Outcome> {
  const operation = await toRun(schema, call, allowMutations);
  if ('successful' in operation) return operation;
  const response = await execute(call.caller.send, operation.request, call.signal);
  return limitSize(outcomeOfResponse(response, null), operation.isRead ? 'first' : null);
}

interface ToRun {
  readonly request: GraphqlRequest;
  readonly isRead: boolean;
}

/** The operation of a call, or its refusal. A function of its own, because the parsed document takes much memory while the operation runs. */
async function toRun(schema: GraphQLSchema, call: Call, allowMutations: boolean): Promise<ToRun | Outcome> {
  const { query, confirm } = call.arguments;
  const variables = call.arguments['variables'] ?? {};
  const operationName = call.arguments['operation_name'] ?? undefined;
  if (typeof query !== 'string') return invalid('query', 'a string');
  if (typeof variables !== 'object' || Array.isArray(variables)) return invalid('variables', 'an object');
  if (operationName !== undefined && typeof operationName !== 'string')
    return invalid('operation_name', 'a string');
  if (query.length >= LONG_DOCUMENT) {
    try {
      await call.caller.longTaskTurn(call.signal);
    } catch (error) {
      if (call.signal.aborted) throw error;
      return outcomeOfResponse({ errors: [error as GraphQLError] }, null);
    }
  }
  const document = documentOf(query);
  if ('successful' in document) return document;
  const operation = operationOf(document, operationName);
  if ('successful' in operation) return operation;
  const isRead = operation.operation === OperationTypeNode.QUERY;
  // Agents fill in false where nothing needs confirmation.
  const unconfirmed = isRead && confirm === false ? null : refusalOfConfirm(confirm);
  if (unconfirmed) return unconfirmed;
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    return refusal('FORBIDDEN', 'run_query does not run subscriptions. Run a query again later instead.');
  if (!isRead && call.caller.readOnly) return refusal('FORBIDDEN', READ_ONLY);
  if (!isRead && !allowMutations)
    return refusal('FORBIDDEN', 'run_query runs queries only.', {
      advice:
        'Call search_actions, then the tool it names. For other mutations the operator can set MCP_ALLOW_MUTATIONS=on.',
    });
  const values = variables as Readonly<Record<string, unknown>>;
  if (!isRead && isValid(schema, document, operation, values)) {
    const needsConfirmation =
      effectsOf(document, operation).needsConfirmation ||
      hasConfirmedValue(schema, document, operation, values);
    const refused =
      needsConfirmation &&
      (await refusalOfUnconfirmed(
        'run_query',
        {
          effect: effectOf(document, operation, values),
          shorter: 'Pass long texts as variables, or split the call.',
        },
        confirm,
        call,
      ));
    if (refused) return refused;
  }
  const request = {
    query: isRead ? query : withUserErrors(schema, document),
    variables: values,
    ...(operation.name && { operationName: operation.name.value }),
  };
  return { request, isRead };
}

const USER_ERRORS = parse('{ userErrors { code field message upstreamMessages } }').definitions.flatMap(
  (one) => (one.kind === Kind.OPERATION_DEFINITION ? one.selectionSet.selections : []),
);

/**
 * The document with all user errors selected in each payload. A document can rename or skip them, or select them for another mutation only,
 * and a failed mutation would look like a success.
 */
function withUserErrors(schema: GraphQLSchema, document: DocumentNode): string {
  const types = new TypeInfo(schema);
  const addTo = (node: FieldNode): FieldNode | undefined => {
    const payload = getNamedType(types.getType());
    const isPayload = types.getParentType() === schema.getMutationType() && isObjectType(payload);
    const errors = isPayload ? getNamedType(payload.getFields()['userErrors']?.type) : undefined;
    return errors?.name === 'UserError' && node.selectionSet
      ? {
          ...node,
          selectionSet: {
            ...node.selectionSet,
            selections: [...node.selectionSet.selections, ...USER_ERRORS],
          },
        }
      : undefined;
  };
  return print(visit(document, visitWithTypeInfo(types, { Field: addTo })));
}

/** True for a mutation that passes validation. The person is not asked about any other, because execution will refuse it. */
function isValid(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return (
    validate(schema, document, LIMIT_RULES).length === 0 &&
    validate(schema, document).length === 0 &&
    areValid(schema, operation, variables)
  );
}

/** The effect of a mutation, for the person to confirm: its top-level fields first, then all that is sent, without comments. */
function effectOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string {
  const names = rootFieldsOf(document, operation).map(({ name }) => name.value);
  const used = separateOperations(document)[operation.name?.value ?? ''] ?? document;
  // Line breaks in a block string could move the rest out of sight.
  const printed = print(visit(used, { StringValue: (node) => ({ ...node, block: false }) }));
  return `run_query runs ${names.join(', ')}.\n\n${printed}\n\nVariables: ${JSON.stringify(variables, shortenText)}`;
}

function documentOf(query: string): DocumentNode | Outcome {
  const refused = (message: string) => refusal('BAD_USER_INPUT', message, { argument: 'query' });
  if (query.length > MAX_QUERY_LENGTH)
    return refused(`The document must have at most ${MAX_QUERY_LENGTH.toLocaleString('en')} characters.`);
  try {
    return parseWithinLimit(query);
  } catch (error) {
    return refused(
      error instanceof RangeError ? 'The document is nested too deep.' : (error as Error).message,
    );
  }
}

/** The operation to run. Its kind must be known before it is sent. */
function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode | Outcome {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operations.length === 0)
    return refusal('BAD_USER_INPUT', 'The document has no operation.', { argument: 'query' });
  const message =
    name === undefined
      ? 'The document has several operations. Name one of them in `operation_name`.'
      : `The document has no operation \`${shorten(name, 100)}\`.`;
  return refusal('BAD_USER_INPUT', message, { argument: 'operation_name' });
}

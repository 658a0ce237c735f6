import {
  getNamedType,
  getVariableValues,
  Kind,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { list } from '../schema/cost-words.js';
import { isCursor, NO_CURSOR } from '../resolvers/support/cursor.js';
import { FIRST_RANGE, isFirst } from '../resolvers/support/page.js';
import type { Action } from './action.js';
import type { Call, Caller } from './caller.js';
import { hasConfirmedValue, takesConfirmedValue } from './effects.js';
import { execute } from './execute.js';
import { follow, LONGEST_WAIT_SECONDS } from './follow.js';
import { objectSchema, type JsonSchema, type Properties } from './input-schema.js';
import {
  outcomeOf,
  outcomeOfResponse,
  outputSchemaOf,
  refusal,
  unknownArgument,
  type GraphqlResponse,
  type Outcome,
} from './result.js';
import { shortenText, withinSize } from './result-size.js';
import { inToolNames, type ToolNames } from './tool-names.js';
import { annotationsOf, type Tool } from './tool.js';

/** Refusal of a write by a read-only caller. */
export const READ_ONLY = 'This key or token is read-only and cannot run mutations.';

const CONFIRM = 'confirm';
const WAIT = 'wait';

const confirmSchema = (when: string): JsonSchema => ({
  type: 'boolean',
  const: true,
  description: `Confirms that the person you work for has agreed to exactly this call. ${when}`,
});
const CONFIRM_SCHEMA = confirmSchema(
  'Ask them first: the call cannot be undone, or reaches a person or an outside address.',
);
const CONFIRM_VALUE_SCHEMA = confirmSchema(
  'Required when the call changes a consent, removes stored values, publishes or ends something, or cancels or declines registrations.',
);
/** Maximum length of a question to the person, in characters. It has room for the 500 global IDs of contacts, and 50 of lists, that a call can have. */
const LONGEST_QUESTION = 40_000;
const WAIT_SCHEMA: JsonSchema = {
  type: 'boolean',
  default: false,
  description: `Waits until the job has ended, at most ${String(LONGEST_WAIT_SECONDS)} seconds; then continue with get_activity_status. Progress is reported to clients that request it.`,
};

/** The tool of an action. */
export function actionTool(schema: GraphQLSchema, action: Action): Tool {
  const { name, title, effects } = action;
  return {
    name,
    effects,
    hasAccountData: true,
    describe: (caller) => ({
      name,
      title,
      description: action.details.description,
      inputSchema: inputSchemaOf(schema, action, caller),
      outputSchema: outputSchemaOf(true),
      annotations: annotationsOf(title, effects, true),
    }),
    call: (call) => callAction(schema, action, call),
  };
}

function inputSchemaOf(
  schema: GraphQLSchema,
  { document, operation, effects, details }: Action,
  { ask, readOnly }: Caller,
): JsonSchema {
  const { input, job, names } = details;
  const takesConfirmed = takesConfirmedValue(schema, document, operation, names.bindings);
  return objectSchema({
    properties: {
      ...input.properties,
      // Read-only callers cannot use subscriptions.
      ...(job && !readOnly && { [WAIT]: WAIT_SCHEMA }),
      ...(takesConfirmed && { [CONFIRM]: CONFIRM_VALUE_SCHEMA }),
      ...(effects.needsConfirmation && { [CONFIRM]: CONFIRM_SCHEMA }),
    },
    required: [...input.required, ...(effects.needsConfirmation && !ask ? [CONFIRM] : [])],
  });
}

async function callAction(schema: GraphQLSchema, action: Action, call: Call): Promise<Outcome> {
  const { name, query, document, operation, effects, details } = action;
  const { description, names, job } = details;
  const { caller, signal } = call;
  if (caller.readOnly && !effects.isRead) return refusal('FORBIDDEN', READ_ONLY);
  const { properties } = inputSchemaOf(schema, action, caller) as unknown as Properties;
  const unknown = unknownArgument(Object.keys(call.arguments), properties);
  if (unknown) return unknown;
  const { [CONFIRM]: confirm, [WAIT]: wait = false, ...variables } = call.arguments;
  if (typeof wait !== 'boolean')
    return refusal('BAD_USER_INPUT', 'The argument `wait` must be true or false.', { argument: WAIT });
  const unconfirmed = refusalOfConfirm(confirm);
  if (unconfirmed) return unconfirmed;
  const needsConfirmation =
    effects.needsConfirmation || hasConfirmedValue(schema, document, operation, variables);
  if (needsConfirmation && areValid(schema, operation, variables)) {
    const effect = `${name}: ${description}\n\nArguments: ${JSON.stringify(variables, shortenText)}`;
    const shorter = 'Split the call into several with fewer values.';
    const refused = await refusalOfUnconfirmed(name, { effect, shorter }, confirm, call);
    if (refused) return refused;
  }
  const noPage = refusalOfPage(variables, names);
  if (noPage) return noPage;
  const response = await execute(caller.send, { query, variables }, signal);
  const ids = idArguments(schema, operation).filter((id) => variables[id] != null);
  const outcome = outcomeOfRead(action, ids, response) ?? outcomeOfResponse(response, names, ids);
  const hasRows = effects.isRead && 'limit' in properties;
  return withinSize(wait && job ? await follow(outcome, job, call) : outcome, hasRows ? 'limit' : null);
}

/** Refuses a page that execution refuses only after the reads above the connection, or first because of its cost. */
function refusalOfPage(variables: Readonly<Record<string, unknown>>, names: ToolNames): Outcome | null {
  for (const [argument, { path }] of names.bindings) {
    const value = variables[argument];
    const [name] = path.length === 1 ? path : [];
    const isOutOfRange = name === 'first' && Number.isInteger(value) && !isFirst(value as number);
    const isNoCursor = name === 'after' && typeof value === 'string' && !isCursor(value);
    if (isOutOfRange || isNoCursor)
      return refusal('BAD_USER_INPUT', inToolNames(isNoCursor ? NO_CURSOR : FIRST_RANGE, names), {
        argument,
      });
  }
  return null;
}

/** True when the variables have the right types. The person is not asked about a call that fails validation. */
export function areValid(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return !getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 }).errors;
}

interface Effect {
  /** The whole effect of a call. Only long texts are shortened: the person must not agree to effects that are not shown. */
  readonly effect: string;
  /** Advice on how to shorten it. */
  readonly shorter: string;
}

/** Refuses an argument `confirm` that is not true, also where none is needed: the person did not agree. */
export function refusalOfConfirm(confirm: unknown): Outcome | null {
  if (confirm === undefined || confirm === true) return null;
  const more = { argument: CONFIRM };
  return confirm === false
    ? refusal('CONFIRMATION_REQUIRED', 'The argument `confirm` is false. Nothing was done.', more)
    : refusal('BAD_USER_INPUT', 'The argument `confirm` must be true.', more);
}

/**
 * Requires confirmation of a call: from the person where the client supports elicitation, otherwise by the argument `confirm`.
 *
 * @returns null when the call is confirmed
 */
export async function refusalOfUnconfirmed(
  name: string,
  { effect, shorter }: Effect,
  confirm: unknown,
  { caller, signal }: Call,
): Promise<Outcome | null> {
  if (!caller.ask) {
    const message = `${name} needs \`confirm: true\`: this call cannot be undone, reaches a person or an outside address, or changes a consent, access, costs or where data goes.`;
    return confirm === true ? null : refusal('CONFIRMATION_REQUIRED', message, { argument: CONFIRM });
  }
  // They could show the call in another order, or move a part of it out of sight.
  const shown = effect.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => {
    const code = (one.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
  if (shown.length > LONGEST_QUESTION) {
    const [most, length] = [LONGEST_QUESTION, shown.length].map((count) => count.toLocaleString('en'));
    const message = `The question to the person would have ${String(length)} characters, at most ${String(most)} are allowed.`;
    return refusal('BAD_USER_INPUT', message, { advice: shorter });
  }
  return (await caller.ask(`${shown}\n\nRun it?`, signal))
    ? null
    : refusal('DECLINED', `${name} was not confirmed. Nothing was done.`);
}

const NOT_FOUND =
  'The account has no object with this ID, or the object has none of the requested data, or the credentials give no access to it.';

const NO_DATA_YET =
  'If the ID is right, there is no such data yet, for example because the campaign was not sent, or it has another type: do not repeat the call. Otherwise look up the ID.';

/** The outcome of a read by ID that did not find all objects; null for any other response. */
function outcomeOfRead(
  { effects, operation }: Action,
  ids: readonly string[],
  { data, errors }: GraphqlResponse,
): Outcome | null {
  const [name] = ids;
  const isById = operation.variableDefinitions?.some(
    ({ variable, type }) => variable.name.value === name && type.kind === Kind.NON_NULL_TYPE,
  );
  if (!effects.isRead || !data || errors || name === undefined || !isById) return null;
  const missing = Object.entries(data).flatMap(([key, value]) => {
    if (!Array.isArray(value)) return isEmpty(value) ? [[key]] : [];
    if (value.length > 0 && value.every(isEmpty)) return [[key]];
    // Some objects may have none of the requested data, such as campaigns that are not sent yet.
    return value.flatMap((one, at) => (one === null ? [[key, String(at)]] : []));
  });
  if (missing.length === 0) return null;
  // An object with its ID and nothing else.
  const isPresent = Object.values(data).some((value) => [value].flat().some((one) => one !== null));
  const message = ids.length > 1 ? `${NOT_FOUND} Check ${list(ids, 'and')}.` : NOT_FOUND;
  return outcomeOf(
    data,
    missing.map(([key = '', ...at]) => ({
      code: 'NOT_FOUND',
      message,
      argument: [name, ...at].join('.'),
      path: [key, ...at].join('.'),
      retryable: false,
      ...(isPresent && { advice: NO_DATA_YET }),
    })),
  );
}

/** Names of the arguments that are IDs or lists of IDs. */
const idArguments = (schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode) =>
  variableDefinitions
    .filter(({ type }) => getNamedType(typeFromAST(schema, type as never))?.name === 'ID')
    .map(({ variable }) => variable.name.value);

/** True for null, and for an object with only IDs: those come from the arguments. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  const others = Object.entries(value).filter(([key]) => !key.endsWith('Id'));
  return others.length > 0 && others.every(([, inner]) => inner === null);
}

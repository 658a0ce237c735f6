import { getVariableValues, isNonNullType, typeFromAST, type GraphQLSchema } from 'graphql';
import type { Action } from './action.js';
import type { Call, Caller } from './caller.js';
import { execute } from './execute.js';
import { follow } from './follow.js';
import { objectSchema, type JsonSchema } from './input-schema.js';
import {
  cut,
  OUTPUT_SCHEMA,
  outcomeOf,
  outcomeOfAnswer,
  refusal,
  unknownArgument,
  type GraphqlAnswer,
  type Outcome,
} from './result.js';
import type { Tool } from './tool.js';

const CONFIRM = 'confirm';
const WAIT = 'wait';

const CONFIRM_SCHEMA: JsonSchema = {
  type: 'boolean',
  const: true,
  description:
    'The person you work for has agreed to exactly this call. Ask them first: the effect cannot be undone by another call.',
};
const WAIT_SCHEMA: JsonSchema = {
  type: 'boolean',
  default: false,
  description:
    'True to return when the job has ended instead of when it has started. Progress is reported to clients that request it.',
};

/** Tool of one action. */
export function actionTool(schema: GraphQLSchema, action: Action): Tool {
  const { name, title, description, effects } = action;
  return {
    name,
    effects,
    describe: (caller) => ({
      name,
      title,
      description,
      inputSchema: inputSchemaOf(action, caller),
      outputSchema: OUTPUT_SCHEMA,
      annotations: {
        title,
        readOnlyHint: effects.reads,
        destructiveHint: effects.destroys,
        idempotentHint: effects.repeats,
        openWorldHint: true,
      },
    }),
    call: (call) => callAction(schema, action, call),
  };
}

function inputSchemaOf({ input, effects, job }: Action, { ask, readOnly }: Caller): JsonSchema {
  const isAsked = effects.destroys;
  return objectSchema({
    properties: {
      ...input.properties,
      // Subscriptions are not for callers who may only read.
      ...(job && !readOnly && { [WAIT]: WAIT_SCHEMA }),
      ...(isAsked && { [CONFIRM]: CONFIRM_SCHEMA }),
    },
    required: [...input.required, ...(isAsked && !ask ? [CONFIRM] : [])],
  });
}

async function callAction(schema: GraphQLSchema, action: Action, call: Call): Promise<Outcome> {
  const { name, query, effects, job, bindings } = action;
  const { caller, signal } = call;
  if (caller.readOnly && !effects.reads)
    return refusal('FORBIDDEN', 'This key or token is read-only and cannot run mutations.');
  const known = Object.keys(inputSchemaOf(action, caller)['properties'] ?? {});
  const unknown = unknownArgument(Object.keys(call.arguments), known);
  if (unknown) return unknown;
  const { [CONFIRM]: confirm, [WAIT]: wait = false, ...variables } = call.arguments;
  if (typeof wait !== 'boolean')
    return refusal('BAD_USER_INPUT', 'The argument `wait` must be true or false.', { argument: WAIT });
  if (effects.destroys && areValid(schema, action, variables)) {
    const refused = await confirmed(name, action.description, variables, confirm, call);
    if (refused) return refused;
  }
  const answer = await execute(caller.send, { query, variables }, signal);
  const outcome = outcomeOfRead(schema, action, answer) ?? outcomeOfAnswer(answer, bindings);
  return wait && job ? follow(outcome, job, call) : outcome;
}

/** Whether the variables have the types of the operation: nobody is asked about a call that is refused anyway. */
function areValid(schema: GraphQLSchema, { operation }: Action, variables: Record<string, unknown>): boolean {
  return !getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors;
}

/**
 * Has a call confirmed that cannot be taken back: by the person where the client can ask them, else by an argument.
 *
 * @returns why it is not carried out; null when it is
 */
export async function confirmed(
  name: string,
  description: string,
  values: unknown,
  confirm: unknown,
  { caller, signal }: Call,
): Promise<Outcome | null> {
  if (!caller.ask)
    return confirm === true
      ? null
      : refusal('CONFIRMATION_REQUIRED', `${name} cannot be taken back, so it needs \`confirm: true\`.`, {
          argument: CONFIRM,
        });
  const question = `${name}: ${description}\n\nArguments: ${cut(JSON.stringify(values))}\n\nCarry it out?`;
  return (await caller.ask(question, signal))
    ? null
    : refusal('DECLINED', `${name} was not confirmed and nothing was done.`);
}

const NOTHING =
  'The account has nothing with this id, or no part of what was asked for, or it cannot be seen with these credentials.';

/** A read by id that found nothing, or not all; null for any other answer. */
function outcomeOfRead(
  schema: GraphQLSchema,
  action: Action,
  { data, errors }: GraphqlAnswer,
): Outcome | null {
  if (!action.effects.reads || !data || errors) return null;
  const ids = (action.operation.variableDefinitions ?? []).find(({ type: node }) => {
    const type = typeFromAST(schema, node as never);
    return type && isNonNullType(type) && /^\[?ID!/.test(String(type));
  });
  if (!ids) return null;
  const missing = Object.entries(data).flatMap(([key, value]) => {
    if (!Array.isArray(value)) return isNothing(value) ? [[key]] : [];
    if (value.length > 0 && value.every(isNothing)) return [[key]];
    // Some of several may have nothing of what was asked for, such as campaigns that are not sent yet.
    return value.flatMap((one, at) => (one === null ? [[key, String(at)]] : []));
  });
  if (missing.length === 0) return null;
  const name = ids.variable.name.value;
  return outcomeOf(
    data,
    missing.map(([key = '', ...at]) => ({
      code: 'NOT_FOUND',
      message: NOTHING,
      argument: [name, ...at].join('.'),
      path: [key, ...at].join('.'),
      retryable: false,
    })),
  );
}

/** Whether an object has nothing but its ids, which are known without a look at the account. */
function isNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  const told = Object.entries(value).filter(([key]) => !key.endsWith('Id'));
  return told.length > 0 && told.every(([, inner]) => inner === null);
}

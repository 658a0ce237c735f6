import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The effects of an operation on the account. */
export interface Effects {
  readonly isRead: boolean;
  /** True when it overwrites, removes, sends or publishes something; false when it only adds something. */
  readonly isDestructive: boolean;
  /** True when it removes, sends or publishes something, whatever its arguments. Such an operation needs confirmation. */
  readonly needsConfirmation: boolean;
  /** True when a second call with the same arguments has no further effect. */
  readonly isIdempotent: boolean;
}

const effects = (isDestructive: boolean, needsConfirmation: boolean, isIdempotent: boolean): Effects => ({
  isRead: false,
  isDestructive,
  needsConfirmation,
  isIdempotent,
});

export const READ: Effects = {
  isRead: true,
  isDestructive: false,
  needsConfirmation: false,
  isIdempotent: true,
};
const REMOVAL = effects(true, true, true);
/** Sends or publishes something. Each call does it again. */
const RELEASE = effects(true, true, false);
const UPDATE = effects(true, false, true);
/** Adds contacts and overwrites values of those that exist. Each call is another job or sign-up. */
const SUBMISSION = effects(true, false, false);
const ADDITION = effects(false, false, true);
const CREATION = effects(false, false, false);

/** Effects of mutations. The first pattern that matches the name decides; a mutation without a match needs confirmation. */
const MUTATIONS: readonly (readonly [RegExp, Effects])[] = [
  [/^(delete|remove|cancel|unschedule|unsubscribe)/, REMOVAL],
  // An unsubscribed contact can be asked only once. A plan cannot be changed back to a free trial.
  [/^(resubscribeContact|setPartnerPlan)$/, REMOVAL],
  [/^(send|schedule|resend|createSocialPost$)/, RELEASE],
  [/^(import|createContactFromSignUpForm$)/, SUBMISSION],
  [/^(update|rename|upsert|set|checkIn|undoCheckIn)/, UPDATE],
  // The API emails a confirmation to the address.
  [/^addAccountEmail$/, CREATION],
  [/^add/, ADDITION],
  [/^(create|copy|export|test)/, CREATION],
];

/**
 * Enum values that need confirmation as an argument of any mutation: a contact who is unsubscribed cannot be opted in again, a cancellation
 * is final, and an active event is public.
 */
const CONFIRMED_VALUES = ['UNSUBSCRIBED', 'CANCELED', 'ACTIVE'];

/** Input fields without an enum that can start sending, each with the values that do not. The vendor documents no list of statuses. */
const CONFIRMED_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  'UpdateAutomationInput.status': [null, 'DRAFT', 'PAUSED'],
  'UpdateAutomationInput.activeDefinition': [null],
};

export const isConfirmedValue = (name: unknown): boolean => CONFIRMED_VALUES.includes(name as string);

/** The combined effects of the top-level fields of an operation. */
export function effectsOf(document: DocumentNode, operation: OperationDefinitionNode): Effects {
  if (operation.operation === OperationTypeNode.QUERY) return READ;
  const all = rootFieldsOf(document, operation).map(({ name }) => effectsOfMutation(name.value));
  return {
    isRead: false,
    isDestructive: all.some(({ isDestructive }) => isDestructive),
    needsConfirmation: all.some(({ needsConfirmation }) => needsConfirmation),
    isIdempotent: all.every(({ isIdempotent }) => isIdempotent),
  };
}

const effectsOfMutation = (name: string): Effects =>
  MUTATIONS.find(([pattern]) => pattern.test(name))?.[1] ?? RELEASE;

/** The top-level fields of an operation, and those of each fragment once: fragments can multiply fields without limit. */
export function rootFieldsOf(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): readonly FieldNode[] {
  const fragments = new Map(
    definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const fieldsIn = ({ selections }: SelectionSetNode): readonly FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      fragments.delete(selection.name.value);
      return fragment ? fieldsIn(fragment.selectionSet) : [];
    });
  return fieldsIn(operation.selectionSet);
}

/** True when a mutation has an argument with a value that needs confirmation. */
export function hasConfirmedValue(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    values[name] = Object.hasOwn(variables, name)
      ? variables[name]
      : defaultValue && valueFromASTUntyped(defaultValue);
  }
  const mutations = schema.getMutationType()?.getFields();
  return rootFieldsOf(document, operation).some((field) =>
    field.arguments?.some(({ name, value }) => {
      const argument = mutations?.[field.name.value]?.args.find((one) => one.name === name.value);
      return argument && isConfirmedIn(argument.type, valueFromASTUntyped(value, values));
    }),
  );
}

/** @param value as in a JSON text, with the names of enum values */
function isConfirmedIn(type: GraphQLInputType, value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (isNonNullType(type)) return isConfirmedIn(type.ofType, value);
  // A single value stands for a list of one.
  if (isListType(type)) return [value].flat().some((one) => isConfirmedIn(type.ofType, one));
  if (isEnumType(type)) return isConfirmedValue(value);
  if (!isInputObjectType(type)) return false;
  return Object.values(type.getFields()).some((field) => {
    const inner = (value as Readonly<Record<string, unknown>>)[field.name];
    const harmless = CONFIRMED_FIELDS[`${type.name}.${field.name}`];
    return (harmless && !harmless.includes(inner ?? null)) ?? isConfirmedIn(field.type, inner);
  });
}

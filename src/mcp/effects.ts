import {
  getNamedType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Bindings } from './bindings.js';

/** The effects of an operation on the account. */
export interface Effects {
  readonly isRead: boolean;
  /** True when it overwrites, removes, sends or publishes something; false when it only adds something. */
  readonly isDestructive: boolean;
  /** True when it needs confirmation whatever its arguments: docs/agents.md has the rule. */
  readonly needsConfirmation: boolean;
  /** True when a second call with the same arguments changes no more values, even if it starts another bulk activity. */
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
const ADDITION = effects(false, false, true);
const CREATION = effects(false, false, false);

/** Effects of mutations. The first pattern that matches the name decides; a mutation without a match needs confirmation. */
const MUTATIONS: readonly (readonly [RegExp, Effects])[] = [
  [/^(delete|remove|cancel|unschedule|unsubscribe)/, REMOVAL],
  // An unsubscribed contact can be asked only once. A plan cannot be changed back to a free trial. A webhook sends data to its address.
  [/^(resubscribeContact|setPartnerPlan|setPartnerWebhook)$/, REMOVAL],
  // The API mails a link to a new address of the account, which can then send campaigns. Partner accounts cost money; users have access.
  [/^(send|schedule|resend|(createSocialPost|addAccountEmail|testPartnerWebhook)$|createPartner)/, RELEASE],
  // Imports and sign-ups overwrite the values of contacts that exist.
  [/^(update|rename|upsert|set|import|checkIn|undoCheckIn|createContactFromSignUpForm$)/, UPDATE],
  [/^add/, ADDITION],
  [/^(create|copy|export)/, CREATION],
];

/** True for a value that needs no confirmation. */
type IsHarmless = (value: unknown) => boolean;
const only =
  (...values: readonly unknown[]): IsHarmless =>
  (value) =>
    values.includes(value);
/** Null and an empty list remove all. */
const keepsSome: IsHarmless = (value) => value !== null && !(Array.isArray(value) && value.length === 0);
const removesNone: IsHarmless = (value) => !keepsSome(value);

const CONTACT_CHANGES = {
  // DELETED is refused without a REST call.
  'emailAddress.permissionToSend': only(null, 'NOT_SET', 'PENDING_CONFIRMATION', 'TEMP_HOLD', 'DELETED'),
  'smsChannel.permission': only('NOT_SET', 'PENDING_CONFIRMATION'),
  listIds: keepsSome,
  tagIds: keepsSome,
  customFields: keepsSome,
  notes: keepsSome,
  phoneNumbers: keepsSome,
  streetAddresses: keepsSome,
  removeListIds: removesNone,
  removeTagIds: removesNone,
};
/** Consents of a new contact, which change none. */
const NEW_CONSENT = ['IMPLICIT', 'EXPLICIT', 'NOT_SET', 'PENDING_CONFIRMATION'];
const IMPORTED_CONSENT = { smsPermissionToSend: only(null, 'NOT_SET') };
const DRAFT_ONLY = { status: only(null, 'DRAFT') };

/**
 * Values of input fields that need no confirmation, by input type and path. All others do, also those that are added later: they cannot be
 * undone, reach a person or an outside address, change a consent, or start something.
 */
const HARMLESS: Readonly<Record<string, Readonly<Record<string, IsHarmless>>>> = {
  CreateContactInput: {
    'emailAddress.permissionToSend': only(null, 'TEMP_HOLD', 'DELETED', ...NEW_CONSENT),
    'smsChannel.permission': only(...NEW_CONSENT),
  },
  CreateContactFromSignUpFormInput: { 'smsChannel.permission': only(...NEW_CONSENT) },
  UpdateContactInput: CONTACT_CHANGES,
  UpsertContactInput: CONTACT_CHANGES,
  ImportContactsInput: IMPORTED_CONSENT,
  ImportContactsFromFileInput: IMPORTED_CONSENT,
  CreateEventInput: DRAFT_ONLY,
  UpdateEventInput: DRAFT_ONLY,
  UpdateEventRegistrationsInput: { status: only('PENDING', 'APPROVED', 'REGISTERED') },
  // Choices that the list leaves out are removed, also from contacts.
  UpdateCustomFieldInput: { choices: only() },
  // The vendor documents no list of statuses.
  UpdateAutomationInput: { status: only(null, 'DRAFT', 'PAUSED'), activeDefinition: only(null) },
};

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
      if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__') ? [] : [selection];
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
  return checkedFields(schema, document, operation).some(({ argument, path, isHarmless }) => {
    const value = path.reduce<unknown>(
      (inner, step) => (inner as Readonly<Record<string, unknown>> | null | undefined)?.[step],
      valueFromASTUntyped(argument.value, values),
    );
    return value !== undefined && !isHarmless(value);
  });
}

/** True when an operation has a variable for a value that can need confirmation. */
export function takesConfirmedValue(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  bindings: Bindings,
): boolean {
  const bound = [...bindings.values()].map(({ path }) => path);
  return checkedFields(schema, document, operation).some(({ argument, path }) =>
    bound.some(
      ([first, ...rest]) => first === argument.name.value && rest.every((step, at) => step === path[at]),
    ),
  );
}

/** The input fields of `HARMLESS` in the arguments of an operation. */
function checkedFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const mutations = schema.getMutationType()?.getFields();
  return rootFieldsOf(document, operation).flatMap((field) =>
    (field.arguments ?? []).flatMap((argument) => {
      const type = mutations?.[field.name.value]?.args.find(({ name }) => name === argument.name.value)?.type;
      return Object.entries(HARMLESS[getNamedType(type)?.name ?? ''] ?? {}).map(([path, isHarmless]) => ({
        argument,
        path: path.split('.'),
        isHarmless,
      }));
    }),
  );
}

import { OperationTypeNode, type OperationDefinitionNode } from 'graphql';

/** The effects of an operation on the account. */
export interface Effects {
  readonly isRead: boolean;
  /** True when it changes or removes something that exists, or is irreversible; false when it only adds something. */
  readonly isDestructive: boolean;
  /** True when no other operation undoes it, such as a deletion or an email. Such an operation needs confirmation. */
  readonly isIrreversible: boolean;
  /** True when a second call with the same arguments has no further effect. */
  readonly isIdempotent: boolean;
}

const effects = (isDestructive: boolean, isIrreversible: boolean, isIdempotent: boolean): Effects => ({
  isRead: false,
  isDestructive,
  isIrreversible,
  isIdempotent,
});

export const READ: Effects = {
  isRead: true,
  isDestructive: false,
  isIrreversible: false,
  isIdempotent: true,
};
const REMOVAL = effects(true, true, true);
/** Sends, publishes or changes something in bulk. Each call does it again. */
const RELEASE = effects(true, true, false);
const UPDATE = effects(true, false, true);
const ADDITION = effects(false, false, true);
const CREATION = effects(false, false, false);

/** Effects of mutations. The first pattern that matches the name decides; a mutation without a match needs confirmation. */
const MUTATIONS: readonly (readonly [RegExp, Effects])[] = [
  [/^(delete|remove|cancel|unschedule|unsubscribe)/, REMOVAL],
  // An unsubscribed contact can be asked once only. A plan cannot be changed back to a free trial.
  [/^(resubscribeContact|setPartnerPlan)$/, REMOVAL],
  [/^(send|schedule|resend|import|addAccountEmail$|createSocialPost$|createContactFromSignUpForm$)/, RELEASE],
  [/^(update|rename|upsert|set|checkIn|undoCheckIn)/, UPDATE],
  [/^add/, ADDITION],
  [/^(create|copy|export|test)/, CREATION],
];

/** Values that make an update irreversible: a contact who is unsubscribed cannot be opted in again, and a cancellation is final. */
const FINAL_VALUE = /\b(UNSUBSCRIBED|CANCELED)\b/;

/** @param text arguments of a mutation, as JSON or in a GraphQL document */
export const hasFinalValue = (text: string): boolean => FINAL_VALUE.test(text);

/** The combined effects of the top-level fields of an operation. */
export function effectsOf({ operation, selectionSet }: OperationDefinitionNode): Effects {
  if (operation === OperationTypeNode.QUERY) return READ;
  // A fragment at the top level can hide any mutation.
  const all = selectionSet.selections.map((selection) =>
    selection.kind === 'Field' ? effectsOfMutation(selection.name.value) : RELEASE,
  );
  return {
    isRead: false,
    isDestructive: all.some(({ isDestructive }) => isDestructive),
    isIrreversible: all.some(({ isIrreversible }) => isIrreversible),
    isIdempotent: all.every(({ isIdempotent }) => isIdempotent),
  };
}

const effectsOfMutation = (name: string): Effects =>
  MUTATIONS.find(([pattern]) => pattern.test(name))?.[1] ?? RELEASE;

import { OperationTypeNode, type OperationDefinitionNode } from 'graphql';

/** What an operation does to the account. */
export interface Effects {
  readonly reads: boolean;
  /** Whether it takes something away, mails somebody, or makes something public: what no other call takes back. */
  readonly destroys: boolean;
  /** Whether a second call with the same arguments changes nothing more. */
  readonly repeats: boolean;
}

const DESTROYS =
  /^(delete|remove|cancel|send|schedule|unschedule|resend|unsubscribe|resubscribe|createSocialPost|partnerAccountOperation)/;
const REPEATS =
  /^(update|rename|delete|remove|set|upsert|unsubscribe|unschedule|undoCheckIn|checkIn|addListMemberships|addContactTaggings)/;

/** By the names of its top-level fields, aliases aside. */
export function effectsOf({ operation, selectionSet }: OperationDefinitionNode): Effects {
  if (operation === OperationTypeNode.QUERY) return { reads: true, destroys: false, repeats: true };
  const names = selectionSet.selections.map((selection) =>
    // What a fragment selects is not looked at, so it may be anything.
    selection.kind === 'Field' ? selection.name.value : 'partnerAccountOperation',
  );
  return {
    reads: false,
    destroys: names.some((name) => DESTROYS.test(name)),
    repeats: names.every((name) => REPEATS.test(name)),
  };
}

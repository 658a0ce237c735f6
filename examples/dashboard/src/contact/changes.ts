import type { ResultOf, VariablesOf } from '../graphql/graphql.js';
import type { ContactFormFragment, UpdateContactMutation } from './contact-query.js';

export type Editable = ResultOf<typeof ContactFormFragment>;
type UpdateInput = VariablesOf<typeof UpdateContactMutation>['input'];
export type Changes = Omit<UpdateInput, 'id' | 'revive' | 'updateSource'>;
/** Input of a save; `revive` restores a deleted contact. */
export type Saving = Changes & Pick<UpdateInput, 'revive'>;
type PhoneKind = NonNullable<UpdateInput['phoneNumbers']>[number]['kind'];

export interface PhoneDraft {
  kind: PhoneKind;
  number: string;
}

/** Choices where the field has any, otherwise the value as text. */
export interface CustomDraft {
  value: string;
  choiceIds: readonly string[];
}

/** State of the form: empty text where the contact has no value. */
export interface Draft {
  firstName: string;
  lastName: string;
  emailAddress: string;
  jobTitle: string;
  companyName: string;
  anniversary: string;
  birthMonth: string;
  birthDay: string;
  lists: readonly string[];
  tags: readonly string[];
  phones: readonly PhoneDraft[];
  customFields: Readonly<Record<string, CustomDraft>>;
}

/** Contacts have ids of choices with leading zeros, the definitions of the fields without. */
export const choiceKey = (id: string): string => id.replace(/^0+(?=\d)/, '');

/** @param contact null for a new contact */
export function draftOf(contact: Editable | null): Draft {
  return {
    firstName: contact?.firstName ?? '',
    lastName: contact?.lastName ?? '',
    emailAddress: contact?.emailAddress?.address ?? '',
    jobTitle: contact?.jobTitle ?? '',
    companyName: contact?.companyName ?? '',
    anniversary: contact?.anniversary ?? '',
    birthMonth: String(contact?.birthday?.month ?? ''),
    birthDay: String(contact?.birthday?.day ?? ''),
    lists: (contact?.lists ?? []).map(({ listId }) => listId),
    tags: (contact?.tags ?? []).map(({ tagId }) => tagId),
    phones: (contact?.phoneNumbers ?? []).map(({ kind, number }) => ({
      kind: kind === null || kind === 'UNKNOWN' ? 'OTHER' : kind,
      number: number ?? '',
    })),
    customFields: Object.fromEntries(
      (contact?.customFields ?? []).map(({ customFieldId, value, choiceIds }) => [
        customFieldId,
        { value: value ?? '', choiceIds: (choiceIds ?? []).map(choiceKey) },
      ]),
    ),
  };
}

/**
 * Only the changes, so that concurrent changes of other users are kept. An emptied field is null, which
 * clears it.
 *
 * @returns null when nothing changed
 */
export function changesOf(before: Draft, after: Draft): Changes | null {
  const isChanged = (name: keyof Draft) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const text = (name: 'firstName' | 'lastName' | 'jobTitle' | 'companyName' | 'anniversary') =>
    isChanged(name) ? { [name]: after[name].trim() || null } : {};
  const groups = (
    name: 'lists' | 'tags',
    add: 'addListIds' | 'addTagIds',
    remove: 'removeListIds' | 'removeTagIds',
  ) => {
    const added = after[name].filter((id) => !before[name].includes(id));
    const removed = before[name].filter((id) => !after[name].includes(id));
    return { ...(added.length > 0 && { [add]: added }), ...(removed.length > 0 && { [remove]: removed }) };
  };
  const customFields = customChanges(before.customFields, after.customFields);
  const changes: Changes = {
    ...text('firstName'),
    ...text('lastName'),
    ...text('jobTitle'),
    ...text('companyName'),
    ...text('anniversary'),
    ...groups('lists', 'addListIds', 'removeListIds'),
    ...groups('tags', 'addTagIds', 'removeTagIds'),
    ...(isChanged('emailAddress') && { emailAddress: { address: after.emailAddress.trim() } }),
    ...((isChanged('birthMonth') || isChanged('birthDay')) && { birthday: birthdayOf(after) }),
    ...(isChanged('phones') && { phoneNumbers: phonesOf(after) }),
    ...(customFields.length > 0 && { customFields }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}

function birthdayOf({ birthMonth, birthDay }: Draft): Changes['birthday'] {
  // A missing or invalid part becomes 0, which the server reports at its input; without both parts the
  // birthday is cleared.
  return birthMonth || birthDay ? { month: Number(birthMonth) || 0, day: Number(birthDay) || 0 } : null;
}

/** All phone numbers, because the API replaces them as a whole. */
function phonesOf({ phones }: Draft): Changes['phoneNumbers'] {
  const filled = phones.filter(({ number }) => number.trim() !== '');
  return filled.length > 0 ? filled.map(({ kind, number }) => ({ kind, number: number.trim() })) : null;
}

type CustomChange = NonNullable<Changes['customFields']>[number];

function customChanges(before: Draft['customFields'], after: Draft['customFields']): CustomChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap<CustomChange>((fieldId) => {
    const draft = after[fieldId] ?? { value: '', choiceIds: [] };
    if (JSON.stringify(before[fieldId] ?? { value: '', choiceIds: [] }) === JSON.stringify(draft)) return [];
    // A field without a value is removed from the contact.
    const text = draft.value.trim();
    const value = draft.choiceIds.length > 0 ? { choiceIds: [...draft.choiceIds] } : text ? { text } : null;
    return [{ fieldId, value }];
  });
}

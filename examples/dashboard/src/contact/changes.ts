import type { VariablesOf } from '../graphql/graphql.js';
import type { UpdateContactMutation } from './contact-query.js';
import type { Editable } from './profile.js';

type UpdateInput = VariablesOf<typeof UpdateContactMutation>['input'];

/** What the form holds: all as text, empty where the contact has nothing. */
export interface Draft {
  firstName: string;
  lastName: string;
  emailAddress: string;
  jobTitle: string;
  companyName: string;
  anniversary: string;
  birthMonth: string;
  birthDay: string;
}

export function draftOf(contact: Editable): Draft {
  return {
    firstName: contact.firstName ?? '',
    lastName: contact.lastName ?? '',
    emailAddress: contact.emailAddress?.address ?? '',
    jobTitle: contact.jobTitle ?? '',
    companyName: contact.companyName ?? '',
    anniversary: contact.anniversary ?? '',
    birthMonth: String(contact.birthday?.month ?? ''),
    birthDay: String(contact.birthday?.day ?? ''),
  };
}

/**
 * The changes alone, so that nothing is overwritten that somebody else changed meanwhile. An emptied field is null,
 * which clears it.
 *
 * @returns null when nothing changed
 */
export function changesOf(contact: Editable, draft: Draft): UpdateInput | null {
  const before = draftOf(contact);
  const changed = (name: keyof Draft) => before[name] !== draft[name];
  const text = (name: 'firstName' | 'lastName' | 'jobTitle' | 'companyName' | 'anniversary') =>
    changed(name) ? { [name]: draft[name].trim() || null } : {};
  const changes = {
    ...text('firstName'),
    ...text('lastName'),
    ...text('jobTitle'),
    ...text('companyName'),
    ...text('anniversary'),
    ...(changed('emailAddress') && { emailAddress: { address: draft.emailAddress.trim() } }),
    ...((changed('birthMonth') || changed('birthDay')) && { birthday: birthdayOf(draft) }),
  };
  return Object.keys(changes).length > 0 ? { id: contact.contactId, ...changes } : null;
}

function birthdayOf({ birthMonth, birthDay }: Draft): UpdateInput['birthday'] {
  // A part that is missing or no number becomes 0, which the server refuses by name; none at all clears the birthday.
  return birthMonth || birthDay ? { month: Number(birthMonth) || 0, day: Number(birthDay) || 0 } : null;
}

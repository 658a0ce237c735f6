import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { CombinedError } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { useGroups } from '../groups/use-groups.js';
import { DayField } from '../ui/date-field.js';
import { Field } from '../ui/field.js';
import { MONTHS } from '../ui/format.js';
import { Picker } from '../ui/picker.js';
import { ProblemNote } from '../ui/problem.js';
import { useUnsavedChanges } from '../ui/unsaved.js';
import { changesOf, draftOf, type Draft, type Editable, type Saving } from './changes.js';
import { CustomFieldInputs } from './custom-field-inputs.js';
import { PhoneFields } from './phone-fields.js';

interface FieldError {
  readonly field: readonly string[] | null;
  readonly message: string;
}

interface Saved {
  /** Id of the contact once it is saved. */
  readonly contactId?: string | undefined;
  readonly userErrors?: readonly FieldError[] | undefined;
  readonly error?: CombinedError | undefined;
}

/** Inputs of the form by the argument that user errors name. */
const SHOWN = [
  'firstName',
  'lastName',
  'emailAddress',
  'jobTitle',
  'companyName',
  'birthday',
  'anniversary',
  'phoneNumbers',
  'customFields',
];

interface ContactFormProps {
  /** Null for a new contact. */
  contact: Editable | null;
  save: (changes: Saving) => Promise<Saved>;
  /** Called with the id after saving, and with null after cancelling. */
  onClose: (savedId: string | null) => void;
}

export function ContactForm({ contact, save, onClose }: ContactFormProps) {
  // Values when the form was opened: a response that arrives later must not look like a change.
  const [before] = useState(() => draftOf(contact));
  const [draft, setDraft] = useState(before);
  const [outcome, setOutcome] = useState<Saved>({});
  const [isSaving, setSaving] = useState(false);
  const { lists, tags } = useGroups();
  const form = useRef<HTMLFormElement>(null);
  const changes = changesOf(before, draft);
  const unsaved = useUnsavedChanges(changes !== null);
  const userErrors = outcome.userErrors ?? [];

  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, []);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [outcome]);

  const trySave = async (options: Pick<Saving, 'revive'> = {}) => {
    if (changes === null && contact) {
      onClose(null);
      return;
    }
    setSaving(true);
    const saved = await save({ ...changes, ...options });
    setSaving(false);
    setOutcome(saved);
    if (!saved.contactId) return;
    unsaved.release();
    onClose(saved.contactId);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSaving) void trySave();
  };
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const messageAt = (name: string) =>
    userErrors
      .filter(({ field }) => field?.[1] === name)
      .map(({ message }) => message)
      .join(' ');
  type TextName = Exclude<keyof Draft, 'lists' | 'tags' | 'phones' | 'customFields'>;
  const field = (name: TextName, label: string, at: string = name) => (
    <Field
      label={label}
      error={messageAt(at)}
      value={draft[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
  // The server asks for `revive` if the contact was deleted since it was opened.
  const isDeleted = messageAt('revive') !== '';
  const elsewhere = userErrors.filter((one) => ![...SHOWN, 'revive'].includes(one.field?.[1] ?? ''));
  const problem = problemOf(outcome.error);
  return (
    <form ref={form} className="form" noValidate onSubmit={submit}>
      {unsaved.prompt}
      {elsewhere.map(({ message }) => (
        <p key={message} className="form-error" role="alert">
          {message}
        </p>
      ))}
      {isDeleted && (
        <div className="form-error" role="alert">
          <p>This contact was deleted in the meantime. Restore it with your changes, or cancel.</p>
          <button
            type="button"
            className="button"
            aria-disabled={isSaving}
            onClick={() => !isSaving && void trySave({ revive: true })}
          >
            Restore and save
          </button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} onRetry={() => void trySave()} />}
      <div className="pair">
        {field('firstName', 'First name')}
        {field('lastName', 'Last name')}
      </div>
      {field('emailAddress', 'Email')}
      {field('jobTitle', 'Job title')}
      {field('companyName', 'Company')}
      <fieldset className="pair">
        <legend>Birthday</legend>
        <Field
          label="Month"
          value={draft.birthMonth}
          error={messageAt('birthday')}
          options={MONTHS.map((name, at) => ({ id: String(at + 1), name }))}
          onChange={(birthMonth) => change({ birthMonth })}
        />
        {field('birthDay', 'Day', 'birthday')}
      </fieldset>
      <DayField
        label="Anniversary"
        value={draft.anniversary}
        error={messageAt('anniversary')}
        onChange={(anniversary) => change({ anniversary })}
      />
      <Picker
        label="Lists"
        noun="list"
        options={lists}
        chosen={draft.lists}
        onChange={(chosen) => change({ lists: chosen })}
      />
      <Picker
        label="Tags"
        noun="tag"
        kind="tags"
        options={tags}
        chosen={draft.tags}
        onChange={(chosen) => change({ tags: chosen })}
      />
      <PhoneFields
        phones={draft.phones}
        error={messageAt('phoneNumbers')}
        onChange={(phones) => change({ phones })}
      />
      <CustomFieldInputs
        values={draft.customFields}
        error={messageAt('customFields')}
        onChange={(customFields) => change({ customFields })}
      />
      <div className="actions sticky">
        <button type="submit" className="button primary" aria-disabled={isSaving}>
          {isSaving ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="button" onClick={() => onClose(null)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

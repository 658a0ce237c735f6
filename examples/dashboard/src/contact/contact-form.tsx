import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { Field } from '../ui/field.js';
import { ProblemNote } from '../ui/problem.js';
import { changesOf, draftOf, type Draft } from './changes.js';
import { UpdateContactMutation } from './contact-query.js';
import type { Editable } from './profile.js';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Fields of the form by the argument that the server names in a user error. */
const FIELDS = [
  'firstName',
  'lastName',
  'emailAddress',
  'jobTitle',
  'companyName',
  'birthday',
  'anniversary',
];

interface ContactFormProps {
  contact: Editable;
  onClose: (saved: boolean) => void;
}

export function ContactForm({ contact, onClose }: ContactFormProps) {
  const [draft, setDraft] = useState(() => draftOf(contact));
  const [{ data, error, fetching }, update] = useMutation(UpdateContactMutation);
  const form = useRef<HTMLFormElement>(null);
  const userErrors = data?.updateContact?.userErrors ?? [];

  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, []);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [data]);

  const save = async () => {
    const input = changesOf(contact, draft);
    if (!input) {
      onClose(false);
      return;
    }
    const result = await update({ input });
    if (result.data?.updateContact?.contact) onClose(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fetching) void save();
  };
  const messageAt = (name: string) =>
    userErrors
      .filter(({ field }) => field?.[1] === name)
      .map(({ message }) => message)
      .join(' ');
  const field = (name: keyof Draft, label: string, at: string = name, hint?: string) => (
    <Field
      label={label}
      hint={hint}
      error={messageAt(at)}
      value={draft[name]}
      onChange={(value) => setDraft({ ...draft, [name]: value })}
    />
  );
  const elsewhere = userErrors.filter((one) => !FIELDS.includes(one.field?.[1] ?? ''));
  const problem = problemOf(error);
  return (
    <form ref={form} className="form" noValidate onSubmit={submit}>
      {elsewhere.map(({ message }) => (
        <p key={message} className="form-error" role="alert">
          {message}
        </p>
      ))}
      {problem && <ProblemNote problem={problem} onRetry={() => void save()} />}
      <div className="pair">
        {field('firstName', 'First name')}
        {field('lastName', 'Last name')}
      </div>
      {field('emailAddress', 'Email')}
      {field('jobTitle', 'Job title')}
      {field('companyName', 'Company')}
      <fieldset className="pair">
        <legend>Birthday</legend>
        <label className="field">
          <span>Month</span>
          <select
            value={draft.birthMonth}
            aria-invalid={messageAt('birthday') !== ''}
            onChange={(event) => setDraft({ ...draft, birthMonth: event.target.value })}
          >
            <option value="">–</option>
            {MONTHS.map((month, at) => (
              <option key={month} value={at + 1}>
                {month}
              </option>
            ))}
          </select>
        </label>
        {field('birthDay', 'Day', 'birthday')}
      </fieldset>
      {field('anniversary', 'Anniversary', 'anniversary', 'Such as 2015-06-13')}
      <div className="actions">
        <button type="submit" className="button primary" aria-disabled={fetching}>
          {fetching ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="button" onClick={() => onClose(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

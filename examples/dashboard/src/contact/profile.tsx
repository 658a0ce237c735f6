import { useEffect, useRef, useState } from 'react';
import type { ResultOf } from '../graphql/graphql.js';
import { Card } from '../ui/page.js';
import type { ContactFormFragment } from './contact-query.js';
import { ContactForm, MONTHS } from './contact-form.js';

export type Editable = ResultOf<typeof ContactFormFragment>;

/** The contact's own details, to read and to change. */
export function Profile({ contact }: { contact: Editable }) {
  const [isEditing, setEditing] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // The form that had the focus is gone; it returns to where it came from.
    if (wasEditing.current && !isEditing) edit.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const close = (saved: boolean) => {
    setEditing(false);
    setSaved(saved);
  };
  const { birthday } = contact;
  return (
    <Card
      title="Details"
      aside={
        !isEditing && (
          <button ref={edit} type="button" className="button quiet" onClick={() => setEditing(true)}>
            Edit
          </button>
        )
      }
    >
      <p className="hidden" role="status">
        {isSaved && !isEditing ? 'Saved' : ''}
      </p>
      {isEditing ? (
        <ContactForm contact={contact} onClose={close} />
      ) : (
        <dl className="facts">
          <dt>First name</dt>
          <dd>{contact.firstName ?? '–'}</dd>
          <dt>Last name</dt>
          <dd>{contact.lastName ?? '–'}</dd>
          <dt>Email</dt>
          <dd>{contact.emailAddress?.address ?? '–'}</dd>
          <dt>Job title</dt>
          <dd>{contact.jobTitle ?? '–'}</dd>
          <dt>Company</dt>
          <dd>{contact.companyName ?? '–'}</dd>
          <dt>Birthday</dt>
          <dd>{birthday ? `${String(birthday.day)} ${MONTHS[birthday.month - 1] ?? ''}` : '–'}</dd>
          <dt>Anniversary</dt>
          <dd>{contact.anniversary ?? '–'}</dd>
        </dl>
      )}
    </Card>
  );
}

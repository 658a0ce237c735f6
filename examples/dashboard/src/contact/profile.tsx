import { useEffect, useRef } from 'react';
import { useMutation } from 'urql';
import { useGroups } from '../groups/use-groups.js';
import { useNotices } from '../jobs/notices.js';
import { Chips } from '../ui/chips.js';
import { birthday, NONE, words } from '../ui/format.js';
import { Card } from '../ui/page.js';
import { Address, Day } from '../ui/text.js';
import { useUrlState } from '../ui/url-state.js';
import type { Editable } from './changes.js';
import { ContactForm } from './contact-form.js';
import { UpdateContactMutation } from './contact-query.js';

export function Profile({ contact }: { contact: Editable }) {
  const { params, set } = useUrlState();
  const isEditing = params.has('edit') && !contact.deletedAt;
  const { say } = useNotices();
  const [, update] = useMutation(UpdateContactMutation);
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // Returns the focus to the button that opened the form.
    if (wasEditing.current && !isEditing) edit.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  return (
    <Card
      title="Details"
      aside={
        !isEditing &&
        !contact.deletedAt && (
          <button ref={edit} type="button" className="button quiet" onClick={() => set({ edit: '1' })}>
            Edit
          </button>
        )
      }
    >
      {isEditing ? (
        <ContactForm
          contact={contact}
          save={async (changes) => {
            const { data, error } = await update({ input: { id: contact.contactId, ...changes } });
            const { contact: saved, userErrors } = data?.result ?? {};
            return { contactId: saved ? contact.contactId : undefined, userErrors, error };
          }}
          onClose={(savedId) => {
            if (savedId) say('The contact was saved.');
            set({ edit: '' });
          }}
        />
      ) : (
        <Facts contact={contact} />
      )}
    </Card>
  );
}

function Facts({ contact }: { contact: Editable }) {
  const { namesOf } = useGroups();
  return (
    <dl className="facts">
      <dt>First name</dt>
      <dd>{contact.firstName ?? NONE}</dd>
      <dt>Last name</dt>
      <dd>{contact.lastName ?? NONE}</dd>
      <dt>Email</dt>
      <dd>
        <Address>{contact.emailAddress?.address}</Address>
      </dd>
      <dt>Job title</dt>
      <dd>{contact.jobTitle ?? NONE}</dd>
      <dt>Company</dt>
      <dd>{contact.companyName ?? NONE}</dd>
      <dt>Birthday</dt>
      <dd>{birthday(contact.birthday)}</dd>
      <dt>Anniversary</dt>
      <dd>
        <Day at={contact.anniversary} />
      </dd>
      <dt>Lists</dt>
      <dd>
        <Chips kind="lists" names={namesOf((contact.lists ?? []).map(({ listId }) => listId))} />
      </dd>
      <dt>Tags</dt>
      <dd>
        <Chips kind="tags" names={namesOf((contact.tags ?? []).map(({ tagId }) => tagId))} />
      </dd>
      <dt>Phone</dt>
      <dd>
        {contact.phoneNumbers?.length
          ? contact.phoneNumbers.map(({ phoneNumberId, kind, number }) => (
              <div key={phoneNumberId}>
                {number} <span className="minor">{words(kind ?? 'OTHER').toLowerCase()}</span>
              </div>
            ))
          : NONE}
      </dd>
    </dl>
  );
}

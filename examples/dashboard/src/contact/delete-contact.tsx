import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { useNotices } from '../jobs/notices.js';
import { Confirm } from '../ui/confirm.js';
import { DeleteContactMutation } from './contact-query.js';

export function DeleteContact({ contactId, name }: { contactId: string; name: string }) {
  const navigate = useNavigate();
  const { say } = useNotices();
  const [isAsking, setAsking] = useState(false);
  const [{ fetching }, remove] = useMutation(DeleteContactMutation);
  const confirm = async () => {
    setAsking(false);
    const { data, error } = await remove({ id: contactId });
    if (data?.result?.deletedContactId) {
      say(`${name} was deleted.`);
      void navigate('/contacts');
      return;
    }
    const why = problemOf(error)?.title ?? data?.result?.userErrors.map(({ message }) => message).join(' ');
    say(`${name} was not deleted. ${why ?? ''}`, 'bad');
  };
  return (
    <>
      <button type="button" className="button" aria-disabled={fetching} onClick={() => setAsking(true)}>
        Delete
      </button>
      {isAsking && (
        <Confirm
          question={`Delete ${name}?`}
          action="Delete"
          onConfirm={() => void confirm()}
          onCancel={() => setAsking(false)}
        >
          The contact leaves all lists. Constant Contact keeps its history.
        </Confirm>
      )}
    </>
  );
}

import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { refusalOf } from '../graphql/problem.js';
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
    const outcome = await remove({ id: contactId });
    if (outcome.data?.result?.deletedContactId) {
      say(`${name} was deleted.`);
      void navigate('/contacts');
      return;
    }
    say(`${name} was not deleted. ${refusalOf(outcome)}`, 'bad');
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

import { useState } from 'react';
import { useClient, type OperationResult } from 'urql';
import { refusalOf } from '../graphql/problem.js';
import type { Groups } from '../groups/use-groups.js';
import { useNotices } from '../jobs/notices.js';
import { Confirm } from '../ui/confirm.js';
import { count, plural } from '../ui/format.js';
import { BULK_ACTIONS, DeleteContactsMutation } from './bulk-actions.js';

interface BulkBarProps {
  chosen: readonly string[];
  /** Number of chosen contacts that the search hides. */
  hiddenCount: number;
  groups: Groups;
  onClear: () => void;
}

/** Limit of the API for one job. */
const MAX_CONTACTS = 500;

type Action = keyof typeof BULK_ACTIONS;
type Result = OperationResult<{
  result: { bulkActivity: { activityId: string } | null; userErrors: readonly { message: string }[] } | null;
}>;

/** Actions on several contacts. Each is a job of Constant Contact, which a toast follows. */
export function BulkBar({ chosen, hiddenCount, groups, onClear }: BulkBarProps) {
  const client = useClient();
  const { say, follow } = useNotices();
  const [action, setAction] = useState<Action>('addToList');
  const [groupId, setGroupId] = useState('');
  const [isDeleting, setDeleting] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const who = plural(chosen.length, 'contact');
  const { of, doing, done, document } = BULK_ACTIONS[action];
  const options = groups[of];

  const run = async (
    send: (contacts: string[]) => Promise<Result>,
    doing: string,
    done: (who: string) => string,
  ) => {
    if (isBusy) return;
    setBusy(true);
    for (let at = 0; at < chosen.length; at += MAX_CONTACTS) {
      const part = chosen.slice(at, at + MAX_CONTACTS);
      const outcome = await send(part);
      const activityId = outcome.data?.result?.bulkActivity?.activityId;
      if (!activityId) {
        setBusy(false);
        say(`That did not work for ${plural(part.length, 'contact')}. ${refusalOf(outcome)}`, 'bad');
        return;
      }
      follow(activityId, doing, done(plural(part.length, 'contact')));
    }
    setBusy(false);
    onClear();
  };
  const apply = () => {
    const name = options.find(({ id }) => id === groupId)?.name;
    if (!name) return;
    void run(
      // All documents have the same variables and the same result type.
      (contacts) => client.mutation(document, { contacts, groups: [groupId] }).toPromise() as Promise<Result>,
      `${doing} “${name}”`,
      (whom) => `${whom} ${done} “${name}”.`,
    );
  };
  const remove = () => {
    setDeleting(false);
    void run(
      (contacts) => client.mutation(DeleteContactsMutation, { contacts }).toPromise(),
      `Deleting ${who}`,
      (whom) => `${whom} deleted.`,
    );
  };
  return (
    <div className="bulk" role="group" aria-label="Change the selected contacts">
      <strong role="status">
        {who} selected{hiddenCount > 0 && `, ${count(hiddenCount)} of them not shown`}
      </strong>
      <select
        aria-label="What to do"
        value={action}
        onChange={(event) => {
          setAction(event.target.value as Action);
          setGroupId('');
        }}
      >
        {Object.entries(BULK_ACTIONS).map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label={of === 'lists' ? 'Which list' : 'Which tag'}
        value={groupId}
        onChange={(event) => setGroupId(event.target.value)}
      >
        <option value="">{of === 'lists' ? 'Choose a list…' : 'Choose a tag…'}</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button primary"
        disabled={!groupId}
        aria-disabled={isBusy}
        onClick={apply}
      >
        Apply
      </button>
      <button type="button" className="button" onClick={() => setDeleting(true)}>
        Delete…
      </button>
      <button type="button" className="button" aria-label="Clear selection" onClick={onClear}>
        Clear
      </button>
      {isDeleting && (
        <Confirm
          question={`Delete ${who}?`}
          action="Delete"
          onConfirm={remove}
          onCancel={() => setDeleting(false)}
        >
          {hiddenCount > 0 && `${count(hiddenCount)} of them are not shown. `}They leave all lists. Constant
          Contact keeps their history.
        </Confirm>
      )}
    </div>
  );
}

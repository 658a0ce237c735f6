import { useState } from 'react';
import { useClient, type OperationResult } from 'urql';
import { problemOf } from '../graphql/problem.js';
import type { Groups } from '../groups/use-groups.js';
import { useNotices } from '../jobs/notices.js';
import { Confirm } from '../ui/confirm.js';
import { plural } from '../ui/format.js';
import { BULK_ACTIONS, DeleteContactsMutation } from './bulk-actions.js';

interface BulkBarProps {
  chosen: readonly string[];
  groups: Groups;
  onClear: () => void;
}

type Action = keyof typeof BULK_ACTIONS;
type Result = OperationResult<{
  result: { bulkActivity: { activityId: string } | null; userErrors: readonly { message: string }[] } | null;
}>;

/** What can be done to several contacts at once. Each is a job of Constant Contact, which a toast follows. */
export function BulkBar({ chosen, groups, onClear }: BulkBarProps) {
  const client = useClient();
  const { say, follow } = useNotices();
  const [action, setAction] = useState<Action>('addToList');
  const [groupId, setGroupId] = useState('');
  const [isDeleting, setDeleting] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const who = plural(chosen.length, 'contact');
  const { of, doing, done, document } = BULK_ACTIONS[action];
  const options = groups[of];

  const run = async (send: () => Promise<Result>, doingText: string, doneText: string) => {
    if (isBusy) return;
    setBusy(true);
    const { data, error } = await send();
    setBusy(false);
    const activityId = data?.result?.bulkActivity?.activityId;
    if (activityId) {
      onClear();
      follow(activityId, doingText, doneText);
      return;
    }
    const why = data?.result?.userErrors.map(({ message }) => message).join(' ');
    say(`That did not work. ${problemOf(error)?.title ?? why ?? ''}`, 'bad');
  };
  const apply = () => {
    const name = options.find(({ id }) => id === groupId)?.name;
    if (!name) return;
    const variables = { contacts: [...chosen], groups: [groupId] };
    void run(
      // The documents differ in what they do, not in what they take and answer.
      () => client.mutation(document, variables).toPromise() as Promise<Result>,
      `${doing} “${name}”`,
      `${who} ${done} “${name}”.`,
    );
  };
  const remove = () => {
    setDeleting(false);
    void run(
      () => client.mutation(DeleteContactsMutation, { contacts: [...chosen] }).toPromise(),
      `Deleting ${who}`,
      `${who} deleted.`,
    );
  };
  return (
    <div className="bulk" role="group" aria-label="Change the selected contacts">
      <strong role="status">{plural(chosen.length, 'contact')} selected</strong>
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
          They leave all lists. Constant Contact keeps their history.
        </Confirm>
      )}
    </div>
  );
}

import { useId } from 'react';
import { Link } from 'react-router';
import { count, progress, words } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { isOver, useProgress, type Activity } from '../jobs/use-progress.js';

interface ImportProgressProps {
  activityId: string;
  unknownColumns: readonly string[];
}

export function ImportProgress({ activityId, unknownColumns }: ImportProgressProps) {
  const id = useId();
  const { activity, problem, isUnknown, retry } = useProgress(activityId);
  const done = activity?.percentDone ?? 0;
  const over = activity !== null && isOver(activity);
  if (isUnknown) return <Empty title="Import not found">It may be older than ten days.</Empty>;
  return (
    <Card title={activity?.sourceFileName ?? 'Import'}>
      <div className="progress">
        <p id={id} role="status">
          {headline(activity)}
        </p>
        <strong>{progress(done)}</strong>
        <progress aria-labelledby={id} max={100} value={done} data-state={activity?.state} />
      </div>
      {problem && <ProblemNote problem={problem} onRetry={retry} />}
      {unknownColumns.length > 0 && (
        <p className="note">
          Columns that Constant Contact is not known to take, and may have left out:{' '}
          {unknownColumns.join(', ')}.
        </p>
      )}
      {over && <Outcome activity={activity} />}
      {over && (
        <div className="actions">
          <Link to="/contacts" className="button primary">
            Show contacts
          </Link>
          <Link to="/import" className="button">
            Import another file
          </Link>
        </div>
      )}
    </Card>
  );
}

function headline(activity: Activity | null): string {
  switch (activity?.state) {
    case undefined:
    case null:
    case 'INITIALIZED':
      return 'Queued';
    case 'PROCESSING':
      return 'Importing';
    case 'COMPLETED':
      return 'Done';
    default:
      return words(activity?.state ?? 'UNKNOWN');
  }
}

function Outcome({ activity: { counters, failures } }: { activity: Activity }) {
  const figures = [
    { label: 'Lines', value: counters?.itemsTotalCount },
    { label: 'Added or changed', value: counters?.personCount },
    { label: 'Failed', value: counters?.errorCount },
    { label: 'Opted out, on no list', value: counters?.cannotAddToListCount },
  ];
  return (
    <>
      <dl className="tiles">
        {figures.map(({ label, value }) => (
          <div key={label} className="tile">
            <dt>{label}</dt>
            <dd>{count(value ?? 0)}</dd>
          </div>
        ))}
      </dl>
      {failures && failures.length > 0 && (
        <>
          <h3>What failed</h3>
          <ul className="failures">
            {failures.map(({ message }, at) => (
              <li key={at}>{message}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

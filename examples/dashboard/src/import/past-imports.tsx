import { Link } from 'react-router';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import { problemOf } from '../graphql/problem.js';
import { count, words } from '../ui/format.js';
import { Empty, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { Table, type Column } from '../ui/table.js';
import { Day } from '../ui/text.js';

/** One call for up to 500 jobs; the API keeps them for ten days. */
const PastImportsQuery = graphql(`
  query PastImports {
    bulkActivities(first: 500) {
      nodes {
        activityId
        sourceFileName
        createdAt
        state
        counters {
          itemsTotalCount
          personCount
          errorCount
        }
      }
    }
  }
`);

type Job = NonNullable<ResultOf<typeof PastImportsQuery>['bulkActivities']>['nodes'][number];

export function PastImports() {
  const [{ data, error, fetching }, reload] = useQuery({
    query: PastImportsQuery,
    // An import may have ended since.
    requestPolicy: 'cache-and-network',
  });
  const problem = problemOf(error);
  // The API does not return the kind of a job; only imports count people or have a file.
  const imports = data?.bulkActivities?.nodes
    .filter(({ sourceFileName, counters }) => sourceFileName != null || counters?.personCount != null)
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
  return (
    <>
      <p className="note">Imports of the last ten days.</p>
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!imports && fetching && <Skeleton rows={4} label="Loading past imports" />}
      {imports?.length === 0 && <Empty title="No imports" />}
      {imports && imports.length > 0 && (
        <Table label="Past imports" columns={COLUMNS} rows={imports} idOf={({ activityId }) => activityId} />
      )}
    </>
  );
}

const COLUMNS: readonly Column<Job>[] = [
  {
    id: 'file',
    label: 'File',
    width: 'minmax(0, 2fr)',
    cell: ({ activityId, sourceFileName }) => (
      <Link to={`/import/${activityId}`}>{sourceFileName ?? 'Without a file'}</Link>
    ),
  },
  {
    id: 'started',
    label: 'Started',
    width: 'minmax(0, 1.5fr)',
    cell: ({ createdAt }) => <Day at={createdAt} withTime />,
  },
  { id: 'state', label: 'State', width: '120px', cell: ({ state }) => words(state ?? 'UNKNOWN') },
  {
    id: 'lines',
    label: 'Lines',
    isNumber: true,
    width: '90px',
    cell: ({ counters }) => count(counters?.itemsTotalCount),
  },
  {
    id: 'people',
    label: 'Added or changed',
    isNumber: true,
    width: '140px',
    cell: ({ counters }) => count(counters?.personCount),
  },
  {
    id: 'failed',
    label: 'Failed',
    isNumber: true,
    width: '90px',
    cell: ({ counters }) => count(counters?.errorCount),
  },
];

import { useQuery } from 'urql';
import { graphql } from '../graphql/graphql.js';
import { useCosts } from '../session.js';
import { count, timeOfDay } from './format.js';

const BudgetQuery = graphql(`
  query Budget {
    rateLimit {
      requestsPerDay
      remainingToday
      resetsAt
    }
  }
`);

/** The remaining REST calls of the day, and the calls of this page. The query itself is free. */
export function Budget() {
  const costs = useCosts();
  const [{ data }] = useQuery({ query: BudgetQuery });
  const perDay = data?.rateLimit.requestsPerDay ?? null;
  // Undefined until the first report, null without a limit.
  const remaining = costs.remaining === undefined ? data?.rateLimit.remainingToday : costs.remaining;
  const share = perDay && remaining != null ? remaining / perDay : 1;
  const [figure, unit] =
    remaining === undefined
      ? ['…', 'not known yet']
      : remaining === null
        ? ['No limit', 'set']
        : [count(remaining), 'calls left'];
  return (
    <details className="budget">
      <summary>
        <span className="gauge" style={{ '--share': share }} data-low={share < 0.1} aria-hidden="true" />
        <span>
          <span className="hidden">API budget: </span>
          <strong>{figure}</strong>
          <span className="budget-unit"> {unit}</span>
        </span>
      </summary>
      <div className="budget-panel">
        <h2>API budget</h2>
        <p>
          {perDay === null
            ? data && 'This server sets no daily limit.'
            : `${count(perDay)} REST calls a day; the next day begins at ${timeOfDay(data?.rateLimit.resetsAt)}.`}{' '}
          This page has used {count(costs.total)}.
        </p>
        {costs.recent.length > 0 && (
          <table>
            <caption className="hidden">Cost of the latest queries</caption>
            <thead>
              <tr>
                <th scope="col">Query</th>
                <th scope="col">Calls</th>
                <th scope="col">Cached</th>
              </tr>
            </thead>
            <tbody>
              {costs.recent.map(({ id, operation, calls, cached }) => (
                <tr key={id}>
                  <td>{operation}</td>
                  <td>{calls}</td>
                  <td>{cached}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </details>
  );
}

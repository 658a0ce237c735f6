/**
 * Measures the REST calls of a working day, by operation, for several settings: `npm run bench:budget`. The
 * day is simulated on a clock of its own; `plan.ts` has its tasks.
 */
import { parseArgs } from 'node:util';
import { SETTINGS, RECOMMENDED } from './settings.js';
import { simulateDay, type Day } from './simulate.js';

const HELP = `npm run bench:budget -- [options]

  --seed 1     another day of the same kind
  --from 0     first hour of the day
  --to 24      hour at which it ends
`;

/** Above the calls of any simulated day, so that the day runs to its end. */
const NO_LIMIT = 1_000_000;
const PER_DAY = 10_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '24' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
const part = { seed: Number(values.seed), from: Number(values.from), to: Number(values.to) };

const days: { name: string; day: Day }[] = [];
for (const { name, env } of SETTINGS)
  days.push({ name, day: await simulateDay({ env, perDay: NO_LIMIT, ...part }) });

const ids = [...new Set(days.flatMap(({ day }) => [...day.calls.keys()]))].sort();
const row = (name: string, cells: (string | number)[]) =>
  name.padEnd(40) + cells.map((cell) => cell.toLocaleString('en-US').padStart(22)).join('');
console.log(
  row(
    'REST calls',
    days.map(({ name }) => name),
  ),
);
for (const id of ids)
  console.log(
    row(
      id,
      days.map(({ day }) => day.calls.get(id) ?? 0),
    ),
  );
console.log(
  row(
    'all',
    days.map(({ day }) => day.total),
  ),
);
console.log(
  row(
    'GraphQL operations',
    days.map(({ day }) => day.operations),
  ),
);
console.log(
  row(
    'failed',
    days.map(({ day }) => day.failures.length),
  ),
);

const busy = await simulateDay({ env: RECOMMENDED.env, perDay: PER_DAY, load: 3, ...part });
const mutations = busy.failures.filter(({ isMutation }) => isMutation).length;
console.log(
  `\nThree times the load with ${PER_DAY.toLocaleString('en-US')} calls a day, ${RECOMMENDED.name} settings: ` +
    `${busy.total.toLocaleString('en-US')} calls for ${busy.operations.toLocaleString('en-US')} operations, ` +
    `${String(busy.failures.length)} failed, ${String(mutations)} of them mutations.`,
);
for (const { name, day } of days)
  for (const { kind, code } of day.failures.slice(0, 5)) console.log(`${name}: ${kind} failed with ${code}`);

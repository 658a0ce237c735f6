import { readFileSync } from 'node:fs';
import { CASES, type Calls, type Case } from './cases.js';
import { total, warmFloor } from './measure.js';

/** REST calls of a case when it was last measured. `warm` is null for mutations, which run once. */
export interface Recorded {
  cold: number;
  warm: number | null;
}

const RECORD = new URL('recorded.json', import.meta.url);
const PAGE = new URL('../../docs/calls.md', import.meta.url);
export const files = { record: RECORD, page: PAGE };

/** The last measured calls, by name of the case. */
export function recorded(): Record<string, Recorded> {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, Recorded>;
}

/** Floors of a case, with an empty and with a warm cache. */
export function floorsOf(one: Case): Recorded {
  const isRead = !one.query.startsWith('mutation');
  return { cold: total(one.floor), warm: isRead ? total(warmFloor(one)) : null };
}

/** The documentation page on the cost of each case. */
export function page(measured: Readonly<Record<string, Recorded>>): string {
  const rows = CASES.map((one) => {
    const { cold, warm } = measured[one.name] ?? { cold: Number.NaN, warm: null };
    const floors = floorsOf(one);
    return `| ${one.name} | ${one.domain} | ${numbers(cold, floors.cold)} | ${numbers(warm, floors.warm)} | ${callsText(one.floor)} | ${one.why} |`;
  });
  return `# REST calls per operation

REST calls of ${String(CASES.length)} operations, each with the **floor**: the fewest calls that any client can make under the rules of the API.
[Why did my query make N calls](why-n-calls.md) explains how to reduce them.

- **Cold**: nothing is cached. **Again**: the same operation once more, with reference data in the cache: lists, tags, custom fields, segments, the account,
  social profiles and connections, automations, and events with counts that are read by id. "–": a write is not repeated.
- The sandbox account has 1,030 contacts (30 deleted), 40 lists, 60 tags, 200 campaigns and 30 events.
- \`npm run bench:calls\` measures the operations of \`bench/calls/cases.ts\` and prints this table.
  \`npm run bench:calls -- --write\` records the result and writes this page.

| Operation | Domain | Cold (floor) | Again (floor) | Calls | Why no client can make fewer |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** The same table for a terminal. */
export function table(measured: Readonly<Record<string, Recorded>>): string {
  const lines = CASES.map((one) => {
    const { cold, warm } = measured[one.name] ?? { cold: Number.NaN, warm: null };
    const floors = floorsOf(one);
    return [
      one.name.padEnd(62),
      numbers(cold, floors.cold).padStart(9),
      numbers(warm, floors.warm).padStart(9),
      '  ',
      one.why,
    ].join(' ');
  });
  return ['operation'.padEnd(62) + 'cold'.padStart(10) + 'again'.padStart(10), ...lines].join('\n');
}

function numbers(calls: number | null, floor: number | null): string {
  return calls === null ? '–' : `${String(calls)} (${String(floor)})`;
}

function callsText(calls: Calls): string {
  return Object.entries(calls)
    .map(([id, count]) => (count === 1 ? id : `${String(count)} × ${id}`))
    .join(', ');
}

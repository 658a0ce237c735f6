/** What a "Cost:" sentence is computed for. */
export interface Facts {
  /** Objects that the field is selected on. */
  objects: number;
  /** Rows of each connection; null when the field is none. */
  rows: number | null;
  /** Items of a list argument. */
  items: number;
  polls: number;
  /** Rows of a whole collection, by its name. */
  sizeOf(collection: string): number;
}

type Form = readonly [RegExp, (groups: readonly string[], facts: Facts) => number];

const number = (text = '') => Number(text.replaceAll(',', ''));
const per = (size: string | undefined, n: number) => Math.ceil(n / number(size));

/** Every form that a clause can have; there are no others. */
const FORMS: readonly Form[] = [
  [
    /^1 REST call per item of `\w+`, (\d+) at most$/,
    ([most], { objects, items }) => number(most) * objects * items,
  ],
  [/^1 REST call, (\d+) at most$/, ([most], { objects }) => number(most) * objects],
  [/^(?:up to |\d+ to )?(\d+) REST calls?(?:; 1)?$/, ([calls], { objects }) => number(calls) * objects],
  [/^1 REST call when several [\w ]+ are asked for$/, () => 1],
  [
    /^1 REST call per [\w ]+\. From (\d+) [\w ]+ on, all ([\w ]+) are read instead, ([\d,]+) a call, where that takes fewer calls\./,
    // Of the rows of each connection, or of all objects.
    ([from, all = '', size], { objects, rows, sizeOf }) => {
      const ids = rows ?? objects;
      const least = ids < number(from) ? ids : 2 * Math.min(ids, per(size, sizeOf(all)));
      return rows === null ? least : objects * least;
    },
  ],
  [
    /^1 REST call per ([\d,]+) of all ([\w ]+?)(?: with their [\w ]+)?$/,
    ([size, all = ''], { sizeOf }) => per(size, sizeOf(all)),
  ],
  [
    /^1 REST call per ([\d,]+) [\w ]+?(?: of each `\w+`)?$/,
    // Rows of each connection, or ids of all objects.
    ([size], { objects, rows }) =>
      rows === null ? per(size, objects) : objects * Math.max(1, per(size, rows)),
  ],
  [/^1 REST call per poll, at most \d+ an hour$/, (_, { polls }) => polls],
  [/^1 REST call (?:for all [\w ]+|for the \d+ newest [\w ]+)$/, () => 1],
  [
    /^1 REST call per [\w/ ]+?(?: that is not among them|, shared by all fields with this cost)?$/,
    (_, { objects }) => objects,
  ],
];

/** When a clause is due; that several are asked for is part of its form. */
const CONDITION = / when (?!several \w+ are asked for$).*$/;

/**
 * The most REST calls that the end of a description says.
 *
 * @throws Error when it does not end with a cost in one of the fixed forms
 */
export function callsSaid(description: string, facts: Facts): number {
  if (description.endsWith('No extra REST call.')) return 0;
  const [, clauses, note] = /Cost: (.*?)\.( From .*\.)?$/.exec(description) ?? [];
  if (clauses === undefined) throw new Error(`no cost is said: ${description}`);
  return clauses
    .replace(/; none when .*$/, '')
    .split(', plus ')
    .map((clause) => clause.replace(/ \(none when .*\)$/, '').replace(CONDITION, ''))
    .map((clause) =>
      note?.includes(`, all ${clause.replace('1 REST call per ', '')}s are`) ? `${clause}.${note}` : clause,
    )
    .reduce((sum, clause) => sum + callsOf(clause, facts), 0);
}

function callsOf(clause: string, facts: Facts): number {
  for (const [form, calls] of FORMS) {
    const found = form.exec(clause);
    if (found) return calls(found.slice(1), facts);
  }
  throw new Error(`this is none of the forms of a cost: ${clause}`);
}

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
    /^1 REST call, at most (\d+), per item of `\w+`$/,
    ([most], { objects, items }) => number(most) * objects * items,
  ],
  [/^\d+ REST calls?, at most (\d+)$/, ([most], { objects }) => number(most) * objects],
  [/^(?:up to )?(\d+) REST calls?$/, ([calls], { objects }) => number(calls) * objects],
  [
    /^1 REST call per [\w ]+, or from (\d+) [\w ]+ on 1 per ([\d,]+) of all ([\w ]+) if that is less \(at most twice as many\)$/,
    // Of the rows of each connection, or of all objects.
    ([from, size, all = ''], { objects, rows, sizeOf }) => {
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
  [/^1 REST call (?:for all [\w ]+|for the \d+ newest [\w ]+|to look for several [\w ]+ at once)$/, () => 1],
  [
    /^1 REST call per [\w/ ]+?(?: to look for several parts of `\w+` at once| that is not among them| for all fields with this cost together)?$/,
    (_, { objects }) => objects,
  ],
];

/**
 * The most REST calls that the last sentence of a description says.
 *
 * @throws Error when it does not end with a cost in one of the fixed forms
 */
export function callsSaid(description: string, facts: Facts): number {
  if (description.endsWith('No extra REST call.')) return 0;
  const [, clauses] = /Cost: (.*)\.$/.exec(description) ?? [];
  if (clauses === undefined) throw new Error(`no cost is said: ${description}`);
  return clauses
    .replace(/; none when .*$/, '')
    .split(', plus ')
    .map((clause) => clause.replace(/ \(none when .*\)$/, '').replace(/ when .*$/, ''))
    .reduce((sum, clause) => sum + callsOf(clause, facts), 0);
}

function callsOf(clause: string, facts: Facts): number {
  for (const [form, calls] of FORMS) {
    const found = form.exec(clause);
    if (found) return calls(found.slice(1), facts);
  }
  throw new Error(`this is none of the forms of a cost: ${clause}`);
}

/** Numbers that the calls of a "Cost:" sentence are computed for. */
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
    /^up to (\d+) REST calls per item of `\w+`$/,
    ([most], { objects, items }) => number(most) * objects * items,
  ],
  [/^(?:up to )?(\d+) REST calls?$/, ([calls], { objects }) => number(calls) * objects],
  [/^1 REST call when several [\w ]+ are requested$/, () => 1],
  [
    /^1 REST call per [\w ]+\. From (\d+) [\w ]+ on, all ([\w ]+) of the account are read instead, ([\d,]+) per REST call, when that is estimated to take fewer calls$/,
    // Of the rows of each connection, or of all objects.
    ([from, all = '', size], { objects, rows, sizeOf }) => {
      const ids = rows ?? objects;
      const least = ids < number(from) ? ids : 2 * Math.min(ids, per(size, sizeOf(all)));
      return rows === null ? least : objects * least;
    },
  ],
  [
    /^(?:up to )?1 REST call per ([\d,]+) existing ([\w ]+?)(?: with their [\w ]+)?$/,
    ([size, all = ''], { sizeOf }) => per(size, sizeOf(all)),
  ],
  [
    /^1 REST call per ([\d,]+) [\w ]+?(?: of each `\w+`)?$/,
    // Rows of each connection, or ids of all objects.
    ([size], { objects, rows }) =>
      rows === null ? per(size, objects) : objects * Math.max(1, per(size, rows)),
  ],
  [/^1 REST call per poll$/, (_, { polls }) => polls],
  [/^1 REST call (?:for all [\w ]+|for the \d+ newest [\w ]+)$/, () => 1],
  [/^1 REST call per [\w/ ]+?(?: that is not among them)?$/, (_, { objects }) => objects],
];

/** When a clause is due or free; that several objects are requested is part of its form. */
const CONDITION = / (?:unless .*|when (?!several \w+ are requested$).*)$/;
/** Sentences after the costs that change no number. */
const REMARK =
  /^(?:None when .+|Usually \d+|Only 1 when .+|All fields of the object with this cost share the call|A wrong estimate at most doubles the cost)$/;

/**
 * The most REST calls that the end of a description says.
 *
 * @throws Error when it does not end with a cost in one of the fixed forms
 */
export function callsSaid(description: string, facts: Facts): number {
  if (description.endsWith('No extra REST call.')) return 0;
  const [, text] = /Cost: (.*)\.$/.exec(description) ?? [];
  if (text === undefined) throw new Error(`no cost is stated: ${description}`);
  const sentences = text.split('. ');
  const costs = sentences.filter((sentence, index) => index === 0 || sentence.startsWith('Plus '));
  const note = sentences.find((sentence) => sentence.startsWith('From '));
  const rest = sentences.filter((one) => !costs.includes(one) && one !== note && !REMARK.test(one));
  if (rest.some((one) => one !== `At most ${String(facts.polls)} polls per hour`))
    throw new Error(`these are none of the sentences of a cost: ${rest.join('. ')}`);
  return costs
    .flatMap((sentence) => sentence.replace('Plus ', '').split(', plus '))
    .map((clause) => clause.replace(CONDITION, ''))
    .map((clause) =>
      note?.includes(`, all ${clause.replace('1 REST call per ', '')}s of`) ? `${clause}. ${note}` : clause,
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

/** Parts of cost sentences in descriptions. */

export const count = (n: number): string => n.toLocaleString('en');

export const calls = (n: number): string => (n === 1 ? '1 REST call' : `${count(n)} REST calls`);

/** @param usually calls in the usual case, where they may be more */
export const upTo = (most: number, usually: number): string =>
  usually === most ? calls(most) : `up to ${calls(most)}`;

export const perPage = (pageSize: number, rows: string): string =>
  `1 REST call per ${count(pageSize)} ${rows}`;

export const perOne = (rows: string): string => `1 REST call per ${singular(rows)}`;

const singular = (plural: string): string => plural.replace(/ies$/, 'y').replace(/s$/, '');

/** Condition: one of these fields is selected. */
export function selected(fields: readonly string[]): string {
  return `${list(fields.map(quoted), 'or')} is selected`;
}

/** Condition: only these fields are selected. */
export function onlySelected(fields: readonly string[]): string {
  const others = fields.filter((field) => !/id$/i.test(field));
  return `only ${list([...(others.length < fields.length ? ['IDs'] : []), ...others.map(quoted)], 'and')} are selected`;
}

const quoted = (field: string) => `\`${field}\``;

export function list(items: readonly string[], joint: 'and' | 'or'): string {
  const [last = '', ...before] = [...items].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} ${joint} ${last}`;
}

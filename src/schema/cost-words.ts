/** How costs read in descriptions. */

export const count = (n: number): string => n.toLocaleString('en');

export const calls = (n: number): string => (n === 1 ? '1 REST call' : `${count(n)} REST calls`);

/** @param usually calls in the usual case, where they may be more */
export function upTo(most: number, usually: number): string {
  if (usually === most) return calls(most);
  if (usually === 0) return `up to ${calls(most)}`;
  return usually === 1 ? `${calls(1)}, ${count(most)} at most` : `${count(usually)} to ${calls(most)}`;
}

export const perPage = (pageSize: number, rows: string): string =>
  `1 REST call per ${count(pageSize)} ${rows}`;

export const perOne = (rows: string): string => `1 REST call per ${singular(rows)}`;

const singular = (plural: string): string => plural.replace(/ies$/, 'y').replace(/s$/, '');

/** That these fields are selected, or one of them. */
export function selected(fields: readonly string[]): string {
  return `${list(fields.map(quoted), 'or')} is selected`;
}

/** That nothing but these fields is selected. */
export function onlySelected(fields: readonly string[]): string {
  const others = fields.filter((field) => !/id$/i.test(field));
  return `only ${list([...(others.length < fields.length ? ['ids'] : []), ...others.map(quoted)], 'and')} are selected`;
}

const quoted = (field: string) => `\`${field}\``;

function list(items: readonly string[], joint: 'and' | 'or'): string {
  const [last = '', ...before] = [...items].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} ${joint} ${last}`;
}

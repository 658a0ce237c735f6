import type { Limits } from '../resolvers/support/declared-limits.js';
import { count, list } from './cost-words.js';

/** Options of an argument or input field: a description, and the limits that it states. */
export interface Limited {
  readonly description: string;
  readonly extensions: { readonly limits: Limits };
}

/**
 * Tag of a description that states limits. Each limit becomes words of the text, and is declared in the extensions, by which
 * mutations check their input and from which the input schemas of tools are made: `` limited`Name, ${{ maxLength: 50 }}.` ``.
 */
export function limited(
  texts: TemplateStringsArray,
  ...parts: readonly (Limits | Limited | string)[]
): Limited {
  let limits: Limits = {};
  const words = parts.map((part) => {
    if (typeof part === 'string') return part;
    const isText = 'description' in part;
    limits = { ...limits, ...(isText ? part.extensions.limits : part) };
    return isText ? part.description : wordsOf(part);
  });
  return { description: String.raw({ raw: texts }, ...words), extensions: { limits } };
}

/** Limits that a description does not state. */
export function unstated(limits: Limits): Limited {
  return { description: '', extensions: { limits } };
}

export const NOT_BLANK = unstated({ minLength: 1 });

function wordsOf({ enum: only, not, items, nullable, const: value, ...limits }: Limits): string {
  if (items) return wordsOf(items);
  if (nullable === false) return 'cannot be cleared';
  if (value) return String(value);
  const values = only ?? not;
  if (values) return list(values.map(String), 'or');
  const least = limits.minLength ?? limits.minItems ?? limits.minimum;
  const most = limits.maxLength ?? limits.maxItems ?? limits.maximum;
  const unit = limits.maxLength === undefined ? '' : ' characters';
  if (most === undefined) return limits.minLength === 1 ? 'not empty' : `${number(least)} or more`;
  return `${least === undefined ? 'at most' : `${number(least)} to`} ${number(most)}${unit}`;
}

/** With the sign for minus that texts have. */
const number = (value = 0): string => count(value).replace('-', '−');

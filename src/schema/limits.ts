import { count, list } from './cost-words.js';

/** Limits of an argument or input field, by the keywords of JSON Schema. */
export interface Limits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The only values that it accepts. */
  readonly enum?: readonly (string | number)[];
  /** Values of its enum that it does not accept. */
  readonly not?: readonly string[];
  /** The only value that it accepts. */
  readonly const?: true;
  /** False when an update cannot clear it. */
  readonly nullable?: false;
  /** Limits of each item of a list. */
  readonly items?: Limits;
}

/** Options of an argument or input field: a description, and the limits that it states. */
export interface Limited {
  readonly description: string;
  readonly extensions: { readonly limits: Limits };
}

/**
 * Tag of a description that states limits. Each limit becomes words of the text, and is declared in the extensions, which the input schemas
 * of tools are made from: `` limited`Name, ${{ maxLength: 50 }}.` ``.
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

/** The limits that an argument or input field declares. */
export function limitsOf({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): Limits {
  return extensions['limits'] ?? {};
}

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

import { isRecord, saysFailure } from './error-body.js';
import { jsonIn } from './json.js';

/** Deeper parts of a response are not searched. */
const MAX_DEPTH = 8;

const ERRORS = /^_*err(?:or)?s?$|(?:_|[a-z])errors?$|Errors?(?:$|[A-Z])/;
const OUTCOME = /^(?:http_?)?(?:status|code|state|result|outcome)(?:_?code)?$/i;
const FAILED = /^(?:error|fail(?:ed|ure)?|[45]\d\d)$/i;
const SUCCESS = /^(?:success|succeeded|ok)$/i;

const NEGATED = /\b(?:no|0|zero|without(?: any)?) (?:errors?|exceptions?|failures?|failed)\b/gi;
const FAILURE_WORDS = new RegExp(
  [
    'error|exception|throttl|exceed|forbidden|unauthori[sz]ed|invalid|unavailable|unsupported|unexpected',
    String.raw`\b(?:faults?|fail(?:s|ed|ure|ures)?|denied|refused|rejected|blocked|expired|missing|conflict|sorry|oops|captcha)\b`,
    String.raw`\bnot (?:authori[sz]ed|allowed|permitted|found|acceptable|implemented|available|valid|supported|be)\b`,
    String.raw`\b(?:cannot|can['’]t|could ?n['’]t|unable|does ?n['’]t exist|does not exist|try again)\b`,
    String.raw`\b(?:tim(?:ed?|ing)[ _-]?out|too (?:many|large)|bad (?:gateway|request)|no (?:healthy|route|such)|disconnect)`,
  ].join('|'),
  'i',
);

/**
 * Returns true if a response in which no data is expected says that the request failed: in the API's error formats or those of
 * gateways and frameworks, at any place, also encoded as a string, or in words.
 *
 * @param body parsed JSON, or a text that is none
 */
export function reportsFailure(body: unknown): boolean {
  return body === false || isFailure(body, MAX_DEPTH);
}

/** Returns true if a property with a name of the contract has a value that only errors have: `{"status": "500"}`. */
export function hasFailureCode(body: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(body).some(([key, value]) => isFailureCode(key, value));
}

function isFailure(value: unknown, depth: number): boolean {
  if (depth === 0) return false;
  if (typeof value === 'string') {
    const encoded = /^\s*["[{]/.test(value) ? jsonIn(value) : undefined;
    // NUL shows that the text is UTF-16.
    if (encoded === undefined) return FAILURE_WORDS.test(value.replaceAll('\0', '').replace(NEGATED, ''));
    return isFailure(encoded, depth - 1);
  }
  if (Array.isArray(value)) return value.some((item) => isFailure(item, depth - 1));
  if (!isRecord(value)) return false;
  return (
    isProblem(value) ||
    Object.entries(value).some(
      ([key, child]) =>
        saysFailure(key, child) ||
        (ERRORS.test(key) && hasContent(child)) ||
        (SUCCESS.test(key) && (child === 0 || child === 'no')) ||
        isFailureCode(key, child) ||
        isFailure(child, depth - 1),
    )
  );
}

/** Returns true for the error formats of RFC 9457 and of AWS. */
function isProblem(value: Record<string, unknown>): boolean {
  return '__type' in value || ('title' in value && ('type' in value || 'detail' in value));
}

function isFailureCode(key: string, value: unknown): boolean {
  return (
    OUTCOME.test(key) &&
    (typeof value === 'number' || typeof value === 'string') &&
    FAILED.test(String(value))
  );
}

function hasContent(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

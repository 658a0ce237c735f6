import type { IncomingHttpHeaders } from 'node:http';
import { jsonIn } from './json.js';

/** Statuses whose responses describe errors of the request. Others concern the server's own access. */
export const EXPLAINED: ReadonlySet<number> = new Set([400, 404, 406, 409, 410, 415, 422]);

const MAX_MESSAGES = 5;
const MAX_MESSAGE_LENGTH = 500;
/** Longer texts are truncated before they are searched. */
const MAX_SEARCHED_LENGTH = 4_000;
const MAX_DEPTH = 6;
const CUT = '[removed]';

/** Headers that name a call, in the order in which the vendor's support asks for them. */
const TRACING_HEADERS = ['x-amzn-requestid', 'x-eig-tracking-id', 'x-amz-apigw-id'] as const;
const REQUEST_ID = /^[\w.:=+/-]{1,128}$/;

/** The ids under which the vendor's support finds the call. */
export function requestIdsOf(headers: IncomingHttpHeaders): string[] {
  const ids = TRACING_HEADERS.flatMap((name) => headers[name] ?? []).map((id) => id.trim());
  return [...new Set(ids.filter((id) => REQUEST_ID.test(id)))];
}

/**
 * Extracts the vendor's messages from an error body in any of its forms: a list of errors, one error, nested errors,
 * a list of texts, several sentences joined by commas or semicolons. Plain text without secrets.
 *
 * @param names properties and parameters of the request: a comma before one of them may begin a new sentence
 */
export function upstreamMessagesOf(body: unknown, names: ReadonlySet<string>): string[] {
  const messages = new Set<string>();
  // A body may consist of texts only.
  const isMessage = typeof body === 'string' || (Array.isArray(body) && typeof body[0] === 'string');
  for (const text of textsOf(body, isMessage, 0)) {
    // A truncated word may be a part of a secret, which no rule would recognize.
    const whole =
      text.length > MAX_SEARCHED_LENGTH ? text.slice(0, MAX_SEARCHED_LENGTH).replace(/\S*$/, '') : text;
    for (const sentence of whole.split(/[\r\n\u2028\u2029]+/).flatMap((line) => sentencesOf(line, names))) {
      const message = shortened(withoutSecrets(plainText(sentence)));
      if (message !== '') messages.add(message);
      if (messages.size === MAX_MESSAGES) return [...messages];
    }
  }
  return [...messages];
}

const MESSAGE_KEYS: ReadonlySet<string> = new Set([
  'error_message',
  'error_messages',
  'error_description',
  'errormessage',
  'message',
  'detail',
  'reason',
  'reasons',
]);
const LIST_KEYS: ReadonlySet<string> = new Set(['error', 'activity_errors', 'details']);

/** Texts below a key that holds messages. */
function* textsOf(value: unknown, isMessage: boolean, depth: number): Generator<string> {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    // A gateway may wrap the error body of the service behind it in a text.
    const inner = isMessage && /^\s*[[{]/.test(value) ? jsonIn(value) : undefined;
    if (inner !== undefined) yield* textsOf(inner, true, depth + 1);
    else if (isMessage) yield value;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* textsOf(item, isMessage, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    const isError = Object.keys(value).some((key) => MESSAGE_KEYS.has(key.toLowerCase()));
    for (const [key, child] of Object.entries(value)) {
      const name = key.toLowerCase();
      // A word beside a message is a code.
      if (name === 'reason' && typeof child === 'string' && !/\s/.test(child.trim()) && hasMessage(value))
        continue;
      const holdsTexts =
        MESSAGE_KEYS.has(name) || name === 'errors' || (LIST_KEYS.has(name) && Array.isArray(child));
      if (isMessage && !isError && !holdsTexts && name !== 'error_key') {
        // Errors by property.
        for (const text of [child].flat()) if (typeof text === 'string') yield `${key}: ${text}`;
      }
      if (holdsTexts || typeof child === 'object') yield* textsOf(child, holdsTexts, depth + 1);
    }
  }
}

function hasMessage(error: object): boolean {
  return Object.entries(error).some(
    ([key, text]) => key.toLowerCase() !== 'reason' && MESSAGE_KEYS.has(key.toLowerCase()) && Boolean(text),
  );
}

/** `first_name`, `#/custom_fields/2/value`, `'custom_fields[2].value'`. */
const PROPERTY = String.raw`["'\x60]?(?:#\/)?[a-z][\w:]*(?:[./[\]]+\w+)*\]?["'\x60]?`;
const VERB = String.raw`(?:must|should|may|can|cannot|can't|could|is|isn't|are|was|were|has|have|does|do|exceeds?|contains?|requires?|needs?|not|too|already|expected)\b`;
const CLAUSE = new RegExp(String.raw`^\s*(?:the\s+)?(${PROPERTY})\s*(?:${VERB}|:)`, 'i');
const SUBORDINATE =
  /^\s*(?:when|if|unless|because|since|as|although|though|while|once|after|before|where|for)\b/i;
const HAS_VERB = new RegExp(String.raw`\s${VERB}|:`, 'i');

/** Splits sentences joined by commas or semicolons. Separators inside a sentence, such as in a list of names, stay. */
function sentencesOf(text: string, names: ReadonlySet<string>): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const { index, 0: joint } of text.matchAll(/,\s*|(?<!&#?\w{1,10});\s*/g)) {
    const next = index + joint.length;
    const before = text.slice(start, index);
    const after = text.slice(next);
    const isJoint = joint.startsWith(';')
      ? !isQuoted(before) && isClause(before) && isClause(after.split(';', 1)[0] ?? '')
      : begins(after, names) && isWhole(before);
    if (!isJoint) continue;
    sentences.push(before);
    start = next;
  }
  return [...sentences, text.slice(start).replace(/(?<!&#?\w{1,10});\s*$/, '')];
}

function begins(text: string, names: ReadonlySet<string>): boolean {
  const property = CLAUSE.exec(text)?.[1]?.replace(/^["'`]?(?:#\/)?|["'`]$/g, '');
  return property !== undefined && (/[_./[]/.test(property) || names.has(property));
}

/** Returns true if a quotation is open at the end of a text. */
function isQuoted(text: string): boolean {
  return text.split('"').length % 2 === 0;
}

/** Returns true if a text between semicolons is a statement of its own, as in `first_name is too long; last_name required`. */
function isClause(text: string): boolean {
  const says = /\b(?:required|invalid|missing|unknown|exists?|allowed|found|expired|taken)\b/i;
  const clause = text.replace(/,?\s*\btoo\W*$/i, '');
  return isWhole(clause) || (says.test(clause) && !SUBORDINATE.test(clause));
}

function isWhole(sentence: string): boolean {
  return HAS_VERB.test(sentence) && !SUBORDINATE.test(sentence);
}

/** Without tags, and without characters that cannot be seen or that change the direction of the text around them. */
function plainText(text: string): string {
  return text
    .replace(/<\/?[a-z][a-z\d]*(?:\s[^<>]*)?>/gi, ' ')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const SECRET_NAME = String.raw`(?:token|secret|passw(?:or)?d|passphrase|pwd|(?:api|access|private)[_-]?key|authorization|credentials?|signature|cookie|session(?:[_-]?id)?|client[_-]?id)`;
/** A text that is no word: it has a digit or is long. */
const NO_WORD = String.raw`(?=[^\s"',;&]*\d|[^\s"',;&]{16})[^\s"',;&]+`;

/** Cuts what looks like a token or a URL with a query. */
function withoutSecrets(text: string): string {
  return text
    .split(' ')
    .map((word) => (isUrlWithQuery(word) ? CUT : word))
    .join(' ')
    .replace(/\b([Bb]earer|BEARER):?\s+(?=\S*[\d=]|\S*[._~+/-]\w|\S*[a-z][A-Z]|\S{16})\S{6,}/g, `$1 ${CUT}`)
    .replace(/\b([Bb]asic|BASIC):?\s+(?=\S*[\d=]|\S*[a-z][A-Z])[\w+/]{6,}={0,2}/g, `$1 ${CUT}`)
    .replace(
      new RegExp(
        String.raw`((?:${SECRET_NAME}|(?<![\w-])code(?=\s*=\s*["']?\S*[a-z]))["']?\s*)=\s*["']?[^\s"',;&]+`,
        'gi',
      ),
      `$1=${CUT}`,
    )
    .replace(new RegExp(String.raw`(${SECRET_NAME}["']?\s*:)\s*["']?${NO_WORD}`, 'gi'), `$1 ${CUT}`)
    .replace(
      new RegExp(
        String.raw`(${SECRET_NAME}\s+["']?)(?=[^\s"',;&]*\d)(?=[^\s"',;&]*[a-z])[^\s"',;&]{6,}`,
        'gi',
      ),
      `$1${CUT}`,
    )
    .replace(/eyJ[\w-]+(?:\.[\w-]*){1,4}/g, CUT)
    .replace(/[\w+/-]{20,}={0,2}(?!@|[\w.+-]*@)/g, (run) => (isToken(run) ? CUT : run));
}

function isUrlWithQuery(word: string): boolean {
  return /\w:\/\/[^?#@]*[?#@]./.test(word) || /\?[^?=]*=|\/[^?]*\?\w/.test(word);
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** Returns true if a run of letters, digits and `_ + / -` may be a secret: it is not a word, a property name, a path of names, or an object ID. */
function isToken(run: string): boolean {
  const mixes = (text: string) => /[a-z]/i.test(text) && /\d/.test(text);
  const rest = run.replace(UUID, '').replace(/=+$/, '');
  const pieces = rest.split(/[-_/+]/);
  if (pieces.some((piece) => piece.length >= 32 || (piece.length >= 20 && mixes(piece)))) return true;
  // A name such as `Spring-Sale-2026-Final-Version` has words and numbers between its marks.
  const isName = pieces.every((piece) => /^(?:[A-Z]?[a-z]*|[A-Z]+|[a-z]?\d+)$/.test(piece));
  return rest.length >= 24 && mixes(rest) && !isName && /[a-z]/.test(rest) && /[A-Z]/.test(rest);
}

function shortened(text: string): string {
  if (text.length <= MAX_MESSAGE_LENGTH) return text;
  // A half of a surrogate pair is no character.
  return `${text.slice(0, MAX_MESSAGE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

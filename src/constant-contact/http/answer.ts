import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import { FREE_FORM } from './free-form.js';
import { decodeText } from './decode-text.js';

export interface Answer {
  readonly status: number;
  /** Parsed JSON, text of a CSV, undefined for an empty body. */
  readonly body: unknown;
}

const CARRIED_OUT = ' By its status this was carried out: look before you do it again.';

/** The body as the operation promises it. A write that succeeded did so without a body, too; a read without one told nothing. */
export function readAnswer(id: OperationId, status: number, bytes: Buffer): Answer | ConstantContactError {
  const { method, response, bodiless, rows }: OperationFacts = operations[id];
  const text = decodeText(bytes);
  if (response === 'csv') return { status, body: text };
  // What another account's API said is passed on as it is, whether it is JSON or not.
  if (id === 'partnerAccountOperationsPostSync' && text !== '') return { status, body: jsonOr(text) };
  const empty = text.trim() === '';
  if (response === 'none' || (empty && !(method === 'GET' && status === 200)))
    return { status, body: undefined };
  try {
    const body: unknown = JSON.parse(text);
    // Whoever asked for rows goes through them, and would take another thing for a fault of this program.
    const isList = rows === '' && status === 200;
    if (isList ? Array.isArray(body) : typeof body === 'object' && body !== null) {
      if (hasNullInList(text)) closeGaps(body);
      return { status, body };
    }
  } catch {
    // The parser's message quotes the text, so it is not kept.
  }
  // Nothing was promised; what is there all the same was looked at.
  if (bodiless.includes(status)) return { status, body: undefined };
  return new ConstantContactError(
    'invalidResponse',
    `Constant Contact answered with something other than the JSON it promises.${method === 'GET' ? '' : CARRIED_OUT}`,
    { operationId: id, status },
  );
}

/** What a text of JSON says; any other text itself. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** True for every text of JSON with a null among the items of an array, and for few others. */
function hasNullInList(text: string): boolean {
  // Looked for by its rarer letters, and no further than a null of a property: an expression for it takes twice as long
  // where there are none, and four times as long where there are many.
  for (let at = text.indexOf('ull'); at !== -1; at = text.indexOf('ull', at + 1)) {
    if (text[at - 1] !== 'n') continue;
    let before = at - 2;
    while (isBlank(text[before])) before -= 1;
    if (text[before] === '[' || text[before] === ',') return true;
  }
  return false;
}

/** Whether JSON may have it between two tokens. */
function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\n' || letter === '\r' || letter === '\t';
}

/** Takes the nulls out of every array of an answer, in place: a row that is none is nothing to anybody. Other JSON keeps them. */
function closeGaps(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value) && value.includes(null)) {
    const rows: unknown[] = value.filter((item) => item !== null);
    value.length = 0;
    for (const row of rows) value.push(row);
  }
  for (const [key, child] of Object.entries(value)) if (!FREE_FORM.has(key)) closeGaps(child);
}

import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import type { ErrorKind } from '../errors.js';

type RefusalKind = Extract<ErrorKind, 'forbidden' | 'rejected' | 'conflict' | 'notFound' | 'wrongRequest'>;

/** Statuses of objects that do not exist. */
export const MISSING: ReadonlySet<number> = new Set([404, 406, 410]);

/** Operations whose body contains JSON written by the user: errors in it are the user's. */
const USERS_OWN_JSON: ReadonlySet<OperationId> = new Set<OperationId>([
  'createAutomationCampaignUsingPost',
  'createSegment',
  'updateAutomationCampaignUsingPut',
  'updateSegment',
]);

/** Error kind of a status from 400 on that rejects the request. */
export function refusalKind(
  id: OperationId,
  status: number,
  errorKeys: readonly string[],
  upstreamMessages: readonly string[],
): RefusalKind {
  if (MISSING.has(status)) return 'notFound';
  if (status === 409) return 'conflict';
  // Method, path and body of an operation in a client account are the caller's.
  if (id === 'partnerAccountOperationsPostSync') return 'rejected';
  // The contract has 405 for accounts whose plan cannot be read or set.
  if (status === 405)
    return (operations[id] as OperationFacts).errors.includes(status) ? 'forbidden' : 'wrongRequest';
  if (status !== 400) return 'rejected';
  const hasBody = operations[id].body !== null;
  if (hasBody && !USERS_OWN_JSON.has(id) && upstreamMessages.some(isAboutFormat)) return 'wrongRequest';
  return saysNotFound(id, errorKeys, upstreamMessages) ? 'notFound' : 'rejected';
}

/** Returns true if a message is about invalid JSON, or about properties or types that no user input can cause. */
function isAboutFormat(message: string): boolean {
  return /malformed json|not (?:a )?valid json|invalid json|json (?:parse|parsing|syntax)|(?:parse|parsing|read|deserialize) (?:the )?(?:json|request body)|cannot (?:construct|deserialize)|(?:unrecogni[sz]ed|unknown) (?:field|property)|unexpected (?:character|token|end of (?:input|json))|trailing comma|request body is (?:missing|empty|required|not readable)|content[ -]type|media type/i.test(
    message,
  );
}

const UNKNOWN = String.raw`(?:not[ _]found|(?:does|do) not exist|doesn['’]t exist|no longer exists|(?:could|can) ?not be (?:found|located)|is unknown|(?:is|was|has been|already)(?: already)?(?: been)? (?:deleted|removed))`;
const SAYS_NOT_FOUND = new RegExp(
  String.raw`\b${UNKNOWN}|\b(?:no such|no (?:\w+ ){1,3}(?:found|with|exists)|unknown \w+|(?:did not|didn['’]t|cannot|can['’]t|could not|couldn['’]t|unable to|failed to) (?:find|locate)|nonexistent|non-existent)\b`,
  'i',
);

const ABOUT_QUERY = /\b(?:query|parameters?|cursor|page[ _]?size)\b/i;

/** Returns true if a 400 means that the object of the path does not exist. */
function saysNotFound(
  id: OperationId,
  errorKeys: readonly string[],
  upstreamMessages: readonly string[],
): boolean {
  const { pathParams, queryParams, body }: OperationFacts = operations[id];
  if (pathParams.length === 0) return false;
  const isKey = errorKeys.some((key) => /(?:^|[._])not_?found(?:[._]|$)/i.test(key));
  // Without a body, only a parameter can be unknown.
  if (body === null) {
    const isOfQuery = (message: string) =>
      ABOUT_QUERY.test(message) || queryParams.some((name) => new RegExp(`\\b${name}\\b`).test(message));
    const ofPath = upstreamMessages.filter((message) => !isOfQuery(message));
    if (ofPath.length === 0 && upstreamMessages.length > 0) return false;
    return isKey || ofPath.some((message) => SAYS_NOT_FOUND.test(message));
  }
  return upstreamMessages.some((message) =>
    pathParams.some((name) => (isKey && message.includes(name)) || isUnknown(name, message)),
  );
}

/** Returns true if a message says that this parameter, or its object, does not exist: `contact_id … not found`, `The contact does not exist`. */
function isUnknown(name: string, message: string): boolean {
  const words = name.replace(/_id$/, '').split('_');
  const noun = words.join('[ _]');
  const id = String.raw`["'\x60(]*(?:\d+|[\da-f]{4,}[\w-]*)["'\x60)]*`;
  // Sentences say "activity" for a campaign_activity_id, too.
  const subject = String.raw`\b(?:${name}|${noun}|${words.at(-1) ?? ''})(?:[ _]id)?["'\x60]?[:=]?\s*(?:with (?:the )?(?:${name}|id) )?(?:${id}\s+)?`;
  return new RegExp(
    String.raw`${subject}(?:was |is |could |can |has )*${UNKNOWN}|\b(?:no such|unknown|nonexistent|non-existent) (?:${name}|${noun})\b(?![ _](?!id))|\bno ${noun} (?:with|was found|found)\b`,
    'i',
  ).test(message);
}

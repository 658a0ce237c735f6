import { InputError } from './input-error.js';

/** Checks the format of a part of an ID. */
type IdForm = Pick<RegExp, 'test'>;

/** Formats of the vendor's IDs. Deliberately loose, because its samples are not all well-formed UUIDs. */
const UUID = /^(?=.*\d)(?=.*-)[0-9A-Za-z-]{20,50}$/;
/** A well-formed UUID. Upper case is accepted as input; see `idKey` for responses. */
const WELL_FORMED = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const NUMBER = /^\d{1,19}$/;
const KEY = /^[A-Za-z0-9_-]{1,64}$/;
/** Longer texts are not decoded. */
const MAX_ID_LENGTH = 400;

/**
 * Every type with a global ID, with the format of each part of its raw ID. IDs have several parts when the
 * REST path needs all of them; they are joined by `:` inside the global ID.
 */
export const NODE_TYPES = {
  AbTest: [UUID],
  Account: [KEY],
  AccountEmail: [NUMBER],
  Automation: [UUID],
  BulkActivity: [UUID],
  Contact: [UUID],
  ContactList: [UUID],
  CustomField: [UUID],
  EmailCampaign: [UUID],
  EmailCampaignActivity: [UUID],
  Event: [UUID],
  EventRegistration: [UUID, KEY, UUID],
  NonOpenerResend: [UUID, KEY],
  PartnerAccount: [KEY],
  PartnerWebhookSubscription: [NUMBER],
  Segment: [NUMBER],
  SocialProfile: [KEY],
  Tag: [UUID],
} as const satisfies Record<string, readonly IdForm[]>;

export type NodeType = keyof typeof NODE_TYPES;

/** Queries that translate numeric IDs of the V2 API. */
const V2_XREFS: Partial<Record<NodeType, string>> = {
  Contact: 'contactXrefs',
  ContactList: 'contactListXrefs',
  EmailCampaign: 'emailCampaignXrefs',
  EmailCampaignActivity: 'emailCampaignXrefs',
};

const TYPES: ReadonlyMap<string, readonly IdForm[]> = new Map(Object.entries(NODE_TYPES));

/** Global id of an object: base64 of `Type:part[:part…]`. */
export function encodeGlobalId(type: NodeType, ...parts: readonly (string | number)[]): string {
  return Buffer.from([type, ...parts].join(':')).toString('base64');
}

/**
 * Decodes a global ID.
 * @returns null when the text is not a global ID of this API, or a part is malformed
 */
export function decodeGlobalId(id: string): { type: NodeType; parts: string[] } | null {
  if (id.length > MAX_ID_LENGTH || !/^[A-Za-z0-9+/]+={0,2}$/.test(id)) return null;
  const [type, ...parts] = Buffer.from(id, 'base64').toString('utf8').split(':');
  const forms = TYPES.get(type ?? '');
  if (forms?.length !== parts.length) return null;
  if (!parts.every((part, index) => forms[index]?.test(part))) return null;
  return { type: type as NodeType, parts: parts.map(asInResponses) };
}

/**
 * The raw parts of an ID argument, which may be a global ID of that type or, for IDs of one part, the
 * vendor's raw ID.
 * @throws InputError `INVALID_ID` when it is neither
 */
export function idParts(type: NodeType, id: string | number, field: readonly string[]): string[] {
  const text = String(id);
  const forms: readonly IdForm[] = NODE_TYPES[type];
  // Global IDs contain no hyphen.
  if (forms.length === 1 && forms[0] === UUID && WELL_FORMED.test(text)) return [text.toLowerCase()];
  const decoded = decodeGlobalId(text);
  if (decoded?.type === type) return decoded.parts;
  if (!decoded && forms.length === 1 && text.length <= MAX_ID_LENGTH && forms[0]?.test(text))
    return [asInResponses(text)];
  throw new InputError('INVALID_ID', problemOf(type, text, decoded?.type), field);
}

function problemOf(type: NodeType, text: string, decodedType: NodeType | undefined): string {
  if (decodedType) return `This is the ID of ${article(decodedType)}, not of ${article(type)}.`;
  const forms: readonly IdForm[] = NODE_TYPES[type];
  const xrefs = V2_XREFS[type];
  if (xrefs !== undefined && /^\s*\d+\s*$/.test(text)) {
    return `This is a number, like the IDs of the V2 API. To get the V3 ID, use ${xrefs}.`;
  }
  const raw = forms.length === 1 ? ' or its Constant Contact ID' : '';
  return `This is not an ID of ${article(type)}. Give its global ID${raw}.`;
}

/** A part of an ID in the spelling of responses, so that it matches them. */
function asInResponses(part: string): string {
  return WELL_FORMED.test(part) ? part.toLowerCase() : part;
}

/** `idParts` for types whose id has one part. */
export function rawId(type: NodeType, id: string | number, field: readonly string[]): string {
  return idParts(type, id, field)[0] ?? '';
}

/** The raw ID in the `input` of a mutation, by default its `id`. */
export function inputId<Name extends string = 'id'>(
  type: NodeType,
  input: Readonly<Record<NoInfer<Name>, string>>,
  name = 'id' as Name,
): string {
  return rawId(type, input[name], ['input', name]);
}

/**
 * An ID of an object that has no global ID, such as an export file.
 * @throws InputError `INVALID_ID` for a malformed ID
 */
export function bareId(id: string, what: string, field: readonly string[]): string {
  if (KEY.test(id)) return id;
  throw new InputError('INVALID_ID', `This is not the ID of ${what}.`, field);
}

/**
 * Raw IDs of a list argument, without duplicates, in the given order.
 * @throws InputError `TOO_MANY` above `max`, `REQUIRED` when empty (unless `min` is 0), `INVALID_ID` for a
 * malformed one
 */
export function rawIds(
  type: NodeType,
  ids: readonly (string | number)[],
  field: readonly string[],
  { min = 1, max }: { min?: 0 | 1; max: number },
): string[] {
  const unique = [...new Set(ids.map((id, index) => rawId(type, id, [...field, String(index)])))];
  if (unique.length < min) {
    throw new InputError(
      'REQUIRED',
      `\`${String(field.at(-1))}\` is empty. Give the ID of at least one ${type}.`,
      field,
    );
  }
  if (unique.length > max) {
    throw new InputError(
      'TOO_MANY',
      `At most ${String(max)} are allowed here; this has ${String(unique.length)}. Split it into several requests.`,
      field,
    );
  }
  return unique;
}

function article(type: NodeType): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}

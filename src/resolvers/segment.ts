import type { GraphQLResolveInfo } from 'graphql';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Api } from '../constant-contact/api.js';
import type { RequestBody } from '../constant-contact/contract/operations.js';
import type { Context } from '../context.js';
import { numericId, parseJson } from '../constant-contact/http/json.js';
import { isWord } from '../constant-contact/words.js';
import { partOfSegment, type Contact } from '../loaders/contact.js';
import type { Segment } from '../loaders/segment.js';
import { contactPage, mayLackParent } from './contact.js';
import type { CreateSegmentInput, UpdateSegmentInput } from './inputs.js';
import { inputId, rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { requiredText } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { needsOnlyId, selects } from './support/selection.js';
import { afterWrite, nameIn, withChanges, withSent, writeBack } from './support/write-back.js';

/** Maximum length of segment criteria (contract: `SegmentData.segment_criteria`). */
export const CRITERIA_MAX = 20_000;

export function segment(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Segment | Promise<Segment | null> {
  const id = rawId('Segment', args.id, ['id']);
  if (needsOnlyId(info, ['id', 'segmentId'], ['contacts'])) return { segment_id: numericId(id) };
  return selects(info, 'segmentCriteria') ? loaders.segmentDetails.load(id) : loaders.segments.named.load(id);
}

export function segments(
  _parent: unknown,
  args: ConnectionArgs & { sortBy?: string | null },
  { loaders }: Context,
): Promise<Connection<Segment>> {
  return paginate(
    args,
    loaders.segments.list({ variant: (args.sortBy ?? 'plain') as 'plain' | 'name' | 'date' }),
  );
}

/**
 * Criteria as a JSON document. The API stores them as a string; one that is not JSON is returned unchanged.
 */
export async function segmentCriteria(row: Segment, _args: unknown, { loaders }: Context): Promise<unknown> {
  const { segment_id: id } = row;
  const whole =
    row.segment_criteria !== undefined || id == null ? row : await loaders.segmentDetails.load(String(id));
  const text = whole?.segment_criteria;
  if (text == null) return null;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

export async function contactsOfSegment(
  { segment_id, name }: Segment,
  args: ConnectionArgs,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact> | null> {
  if (segment_id == null) return null;
  const id = String(segment_id);
  const read = contactPage(args, { segment_id: id }, context, info);
  if (name !== undefined) return read;
  const page = await nullIfNotFound(read);
  return page && mayLackParent(page, name) && !(await context.loaders.segments.named.load(id)) ? null : page;
}

export const createSegment = mutate(async ({ input }: { input: CreateSegmentInput }, { api }) => {
  const body = { name: input.name, segment_criteria: criteriaText(input.segmentCriteria) };
  return { segment: withSent(body, await api.call('createSegment', { body })) };
});

/**
 * A name can be sent without criteria, but not criteria without a name: a missing name costs a second call to
 * read it.
 */
export const updateSegment = mutate(async ({ input }: { input: UpdateSegmentInput }, { api }) => {
  const segment_id = numericId(inputId('Segment', input));
  const { name, segmentCriteria: criteria } = input;
  if (name === undefined && criteria === undefined) {
    throw new InputError('REQUIRED', 'Give name, segmentCriteria or both.', ['input']);
  }
  if (criteria !== undefined) criteriaText(criteria);
  const path = { segment_id };
  if (name != null && criteria === undefined) return { segment: await rename(api, segment_id, name) };
  const segment = await api.exchange(async (exchange) => {
    const current: Segment = name == null ? await api.call('getSegmentDetail', { path }, { exchange }) : {};
    const body = withChanges<RequestBody<'updateSegment'>>(writeBack('updateSegment', current), {
      name: name ?? nameIn(current),
      segment_criteria: criteriaText(criteria),
    });
    return afterWrite(
      'updateSegment',
      current,
      body,
      await api.call('updateSegment', { path, body }, { exchange }),
    );
  });
  // Other criteria are met by other contacts.
  api.sizes.forgetPart('contacts', partOfSegment(String(segment_id)));
  return { segment: { ...segment, segment_id } };
});

async function rename(api: Api, segment_id: number, name: string): Promise<Segment> {
  const body = { name };
  const written = await api.call('updateSegmentName', { path: { segment_id }, body });
  return { ...withSent(body, written), segment_id };
}

export const renameSegment = mutate(async ({ input }: { input: { id: string; name: string } }, { api }) => {
  const segment_id = numericId(inputId('Segment', input));
  return { segment: await rename(api, segment_id, input.name) };
});

export const deleteSegment = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const segment_id = numericId(inputId('Segment', input));
  await api.call('deleteSegment', { path: { segment_id } });
  return { deletedId: String(segment_id) };
});

/**
 * The JSON document as the string that the API expects. A string that contains the document is accepted too.
 * @throws InputError unless it is a JSON object whose top-level group is an `and`, within the size limit
 */
function criteriaText(criteria: unknown): string {
  const field = ['input', 'segmentCriteria'];
  const document = typeof criteria === 'string' ? parsed(criteria) : criteria;
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new InputError('INVALID', 'Segment criteria must be a JSON object.', field);
  }
  const { criteria: group } = document as { criteria?: { type?: unknown } | null };
  if (group?.type !== undefined && !isWord(group.type, 'and')) {
    throw new InputError(
      'INVALID',
      'The top-level group of segment criteria must have the type "and".',
      field,
    );
  }
  // A string is sent unchanged: parsing rounds large numbers.
  return requiredText(
    typeof criteria === 'string' ? criteria : JSON.stringify(document),
    CRITERIA_MAX,
    field,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

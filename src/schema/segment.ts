import { CONTACT_PARTS, contacts, partOfSegment } from '../loaders/contact.js';
import { segmentDetails, segments, type Segment as SegmentRow } from '../loaders/segment.js';
import * as resolvers from '../resolvers/segment.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { ContactConnection, earlyReads } from './contact.js';
import { deletion } from './deletion.js';
import { entity } from './entity.js';
import { inputEnum } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { cost, distinct, type Asked } from './cost.js';
import { mutation } from './mutation.js';
import { named } from './named.js';
import { limited } from './limits.js';

const CRITERIA = { maxLength: resolvers.CRITERIA_MAX };
const CRITERIA_RULES =
  'The top-level group has the type "and". Groups with the source "contact" or "tracking" have the type "and" or "or", groups with the source "list_membership" or "tags" have the type "or". At most 500 campaigns, and at most 1,825 days. For example {"version":"1.0.0","criteria":{"type":"and","group":[{"source":"tracking","field":"not_opened","op":"contains-any","const_value":"last-n-campaigns","param":"5"}]}}.';

const partOfParent = ({ parentArgs }: Asked) => named('Segment', parentArgs['id'], partOfSegment);

export const Segment = builder.objectRef<SegmentRow>('Segment').implement({
  extensions: distinct(segments),
  description:
    'A saved set of criteria for contacts. Its contacts are computed on each read; a segment has no member count.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Segment', 'segment_id'),
    segmentId: rawIdField(t, 'segment_id', 'Constant Contact ID (a number).'),
    name: requiredText(t, 'name', 'Name, unique in the account.'),
    segmentCriteria: t.field({
      type: 'JSON',
      description:
        'Criteria as a JSON document. `segments` returns segments without them, so each is read by its ID.',
      queryCost: cost.one(segmentDetails),
      resolve: resolvers.segmentCriteria,
    }),
    createdAt: dateTime(t, 'created_at', 'When the segment was created.'),
    editedAt: dateTime(t, 'edited_at', 'When the segment last changed.'),
    contacts: t.field({
      type: ContactConnection,
      description:
        'Contacts that currently meet the criteria. The API cannot filter or count them, and may first take a while to compute them.',
      queryCost: cost.all(
        cost.pages(contacts, { part: partOfParent }),
        earlyReads(() => true),
        cost.reread(contacts, {
          selects: CONTACT_PARTS.fields,
          when: 'sub-resources of the contacts are selected',
          part: partOfParent,
        }),
      ),
      args: connectionArgs(t.arg),
      resolve: resolvers.contactsOfSegment,
    }),
  }),
});

entity(Segment, 'Segment', 'segmentId', (id, { loaders }) => loaders.segments.named.load(id));

const SegmentConnection = connectionType('Segment', Segment, {
  of: 'segments',
  totalCount: 'Number of segments in the account, not only on this page. Deleted segments are not counted.',
});

const SegmentSort = inputEnum('SegmentSort', 'Sort order of segments.', {
  DATE: { wire: 'date', description: 'By last change, newest first.' },
  NAME: { wire: 'name', description: 'By name, from A to Z.' },
});

builder.queryFields((t) => ({
  segment: t.field({
    type: Segment,
    description: 'A segment by its ID, also when it is deleted. `null` when it never existed.',
    queryCost: cost.scan(segments, {
      misses: true,
      due: (_n, asked) => !asked.has(['contacts']) || !asked.only(['id', 'segmentId', 'contacts']),
    }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the segment.' }),
    },
    resolve: resolvers.segment,
  }),
  segments: t.field({
    type: SegmentConnection,
    description: 'Segments of the account, without deleted ones.',
    queryCost: cost.pages(segments),
    args: {
      ...connectionArgs(t.arg),
      sortBy: t.arg({ type: SegmentSort, description: 'Sort order. Default: DATE.' }),
    },
    resolve: resolvers.segments,
  }),
}));

mutation('createSegment', {
  description: 'Creates a segment.',
  queryCost: cost.calls(1),
  argument: 'The new segment.',
  input: (t) => ({
    name: t.string({ required: true, ...limited`Name, unique in the account, ${{ minLength: 1 }}.` }),
    segmentCriteria: t.field({
      type: 'JSON',
      required: true,
      ...limited`Criteria as a JSON document, ${CRITERIA} as text. ${CRITERIA_RULES}`,
    }),
  }),
  payload: (t) => ({
    segment: t.expose('segment', { type: Segment, description: 'The new segment.' }),
    segmentEdge: edgeField(t, SegmentConnection, 'the new segment', (payload) => payload.segment),
  }),
  resolve: resolvers.createSegment,
});

mutation('updateSegment', {
  description:
    'Updates a segment. The API accepts criteria only together with a name, so the name is read first when you omit it.',
  queryCost: cost.calls(2, { oneWhen: 'you pass a name' }),
  argument: 'The new values.',
  inputNote:
    'Omit a field to keep its value; neither can be cleared. New criteria replace the old ones as a whole.',
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the segment.' }),
    name: t.string(limited`New name, unique in the account, ${{ minLength: 1 }}. It ${{ nullable: false }}.`),
    segmentCriteria: t.field({
      type: 'JSON',
      ...limited`New criteria as a JSON document, ${CRITERIA} as text. They ${{ nullable: false, isConditional: true }}. ${CRITERIA_RULES}`,
    }),
  }),
  payload: (t) => ({ segment: t.expose('segment', { type: Segment, description: 'The updated segment.' }) }),
  resolve: resolvers.updateSegment,
});

mutation('renameSegment', {
  description: 'Renames a segment. Its criteria stay unchanged.',
  queryCost: cost.calls(1),
  argument: 'The new name.',
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the segment.' }),
    name: t.string({ required: true, ...limited`New name, unique in the account, ${{ minLength: 1 }}.` }),
  }),
  payload: (t) => ({ segment: t.expose('segment', { type: Segment, description: 'The renamed segment.' }) }),
  resolve: resolvers.renameSegment,
});

deletion('deleteSegment', 'Segment', {
  noun: 'segment',
  rawIdField: 'deletedSegmentId',
  description:
    'Deletes a segment immediately; its contacts stay. First make sure that no scheduled campaign is sent to it.',
  resolve: resolvers.deleteSegment,
});

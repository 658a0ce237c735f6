import { CONTACT_PARTS, contacts } from '../loaders/contact.js';
import { segmentDetails, segments, type Segment as SegmentRow } from '../loaders/segment.js';
import * as resolvers from '../resolvers/segment.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { ContactConnection, earlyReads } from './contact.js';
import { inputEnum } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { deletedIdField, payloadType } from './payload.js';
import { cost, distinct } from './cost.js';
import { KEPT } from './update-words.js';

const CRITERIA_RULES =
  'The topmost group has the type "and". Groups of the sources "contact" and "tracking" are joined by and or or, those of "list_membership" and "tags" by or. At most 500 campaigns, and days up to 1,825.';

export const Segment = builder.objectRef<SegmentRow>('Segment');

Segment.implement({
  extensions: distinct(segments),
  description:
    'Contacts that meet criteria, computed anew each time they are read. It is no list and has no member count.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Segment', 'segment_id'),
    segmentId: rawIdField(t, 'segment_id', "Constant Contact's own id of the segment (a number)."),
    name: requiredText(t, 'name', 'Name, unique in the account.'),
    segmentCriteria: t.field({
      type: 'JSON',
      description: 'The criteria as a JSON document. The collection leaves criteria out.',
      queryCost: cost.one(segmentDetails),
      resolve: resolvers.segmentCriteria,
    }),
    createdAt: dateTime(t, 'created_at', 'When the segment was made.'),
    editedAt: dateTime(t, 'edited_at', 'When it last changed.'),
    contacts: t.field({
      type: ContactConnection,
      description:
        'Contacts that meet the criteria now. The API cannot filter or count them, and may need a moment first.',
      queryCost: cost.all(
        cost.pages(contacts),
        earlyReads(() => true),
        cost.reread(contacts, { selects: CONTACT_PARTS.fields, when: 'their sub-resources are selected' }),
      ),
      args: connectionArgs(t.arg),
      resolve: resolvers.contactsOfSegment,
    }),
  }),
});

builder.asEntity(Segment, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ segmentId: string }>('segmentId')],
  resolveReference: (key, { loaders }) =>
    byReference('Segment', key, 'segmentId', (id) => loaders.segments.named.load(id)),
});

const SegmentConnection = connectionType('Segment', Segment, {
  of: 'segments',
  totalCount: 'All segments of the account, deleted ones left out.',
});

const SegmentSort = inputEnum('SegmentSort', 'The order of segments.', {
  DATE: { wire: 'date', description: 'Latest change first.' },
  NAME: { wire: 'name', description: 'By name, from A to Z.' },
});

builder.queryFields((t) => ({
  segment: t.field({
    type: Segment,
    description: 'One segment, a deleted one as well; null when it never existed.',
    queryCost: cost.scan(segments, { misses: true }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the segment.' }) },
    resolve: resolvers.segment,
  }),
  segments: t.field({
    type: SegmentConnection,
    description: 'Segments of the account, deleted ones left out.',
    queryCost: cost.pages(segments),
    args: {
      ...connectionArgs(t.arg),
      sortBy: t.arg({ type: SegmentSort, description: 'The order; DATE when left out.' }),
    },
    resolve: resolvers.segments,
  }),
}));

const CreateSegmentInput = builder.inputType('CreateSegmentInput', {
  description: 'A new segment.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name, unique in the account.' }),
    segmentCriteria: t.field({
      type: 'JSON',
      required: true,
      description: `The criteria as a JSON document, at most ${resolvers.CRITERIA_MAX.toLocaleString('en')} characters as text. ${CRITERIA_RULES}`,
    }),
  }),
});

const UpdateSegmentInput = builder.inputType('UpdateSegmentInput', {
  description: `Changes to a segment. ${KEPT} Neither of the two can be cleared; criteria are replaced whole.`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the segment.' }),
    name: t.string({ description: 'New name, unique in the account.' }),
    segmentCriteria: t.field({
      type: 'JSON',
      description: `New criteria as a JSON document, at most ${resolvers.CRITERIA_MAX.toLocaleString('en')} characters as text. ${CRITERIA_RULES}`,
    }),
  }),
});

const RenameSegmentInput = builder.inputType('RenameSegmentInput', {
  description: 'A new name for a segment.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the segment.' }),
    name: t.string({ required: true, description: 'New name, unique in the account.' }),
  }),
});

const DeleteSegmentInput = builder.inputType('DeleteSegmentInput', {
  description: 'The segment to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global or raw id of the segment.' }) }),
});

const CreateSegmentPayload = payloadType<{ segment: SegmentRow }>(
  'CreateSegmentPayload',
  'What came of `createSegment`.',
  (t) => ({
    segment: t.expose('segment', { type: Segment, description: 'The new segment.' }),
    segmentEdge: edgeField(t, SegmentConnection, 'the new segment', (payload) => payload.segment),
  }),
);

const written = (name: string, mutation: string, description: string) =>
  payloadType<{ segment: SegmentRow }>(name, `What came of \`${mutation}\`.`, (t) => ({
    segment: t.expose('segment', { type: Segment, description }),
  }));
const UpdateSegmentPayload = written(
  'UpdateSegmentPayload',
  'updateSegment',
  'The segment after the change.',
);
const RenameSegmentPayload = written(
  'RenameSegmentPayload',
  'renameSegment',
  'The segment under its new name.',
);

const DeleteSegmentPayload = payloadType<{ deletedSegmentId: string }>(
  'DeleteSegmentPayload',
  'What came of `deleteSegment`.',
  (t) => ({
    deletedId: deletedIdField(
      t,
      'Segment',
      'the segment that is gone',
      (payload) => payload.deletedSegmentId,
    ),
    deletedSegmentId: t.id({
      description: 'Raw id of the segment that is gone.',
      resolve: (payload) => payload.deletedSegmentId,
    }),
  }),
);

builder.mutationFields((t) => ({
  createSegment: t.field({
    type: CreateSegmentPayload,
    description: 'Makes a segment.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateSegmentInput, required: true, description: 'The new segment.' }) },
    resolve: resolvers.createSegment,
  }),
  updateSegment: t.field({
    type: UpdateSegmentPayload,
    description:
      'Changes a segment. The API takes criteria only together with a name, so a name that is left out is read first.',
    queryCost: cost.calls(2, { oneWhen: 'a name is given' }),
    args: { input: t.arg({ type: UpdateSegmentInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateSegment,
  }),
  renameSegment: t.field({
    type: RenameSegmentPayload,
    description: 'Renames a segment and leaves its criteria alone.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: RenameSegmentInput, required: true, description: 'The new name.' }) },
    resolve: resolvers.renameSegment,
  }),
  deleteSegment: t.field({
    type: DeleteSegmentPayload,
    description:
      'Deletes a segment at once; its contacts stay. See first that no scheduled campaign is sent to it.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteSegmentInput, required: true, description: 'The segment.' }) },
    resolve: resolvers.deleteSegment,
  }),
}));

import type { FieldRef } from '@pothos/core';
import { bulkActivities, type BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import * as resolvers from '../resolvers/bulk-activity.js';
import { valueOf } from '../resolvers/support/live.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField, type Fields, type SchemaTypes } from './fields.js';
import { Node } from './node.js';
import { cost, MOST_POLLS } from './cost.js';

const BulkActivityState = openEnum('BulkActivityState', 'How far a bulk activity has come.', {
  INITIALIZED: { wire: 'initialized', description: 'Waiting for its turn.' },
  PROCESSING: { wire: 'processing', description: 'At work.' },
  COMPLETED: {
    wire: 'completed',
    description: 'Done. Single rows may have failed all the same: see `failures` and `counters`.',
  },
  CANCELLED: { wire: 'cancelled', description: 'Stopped before its end.' },
  FAILED: { wire: 'failed', description: 'Broken off by an error.' },
  TIMED_OUT: { wire: ['timed_out', 'time_out'], description: 'Broken off because it took too long.' },
});

const BulkActivityFailure = builder.objectRef<resolvers.BulkActivityFailure>('BulkActivityFailure');
BulkActivityFailure.implement({
  description: 'Something that a bulk activity could not do.',
  fields: (t) => ({
    line: t.exposeInt('line', {
      description: 'Line of the import that it is about, as the API counts; null when the text names none.',
    }),
    message: t.exposeString('message', {
      nullable: false,
      description: 'What went wrong, in the words of the API.',
    }),
  }),
});

const BulkActivityCounters = builder.objectRef<resolvers.BulkActivityCounters>('BulkActivityCounters');
BulkActivityCounters.implement({
  description: 'What a bulk activity has counted so far. Which counters there are depends on its kind.',
  fields: (t) => ({
    itemsTotalCount: t.exposeInt('items_total_count', { description: 'Items to work on.' }),
    itemsCompletedCount: t.exposeInt('items_completed_count', { description: 'Items that are done.' }),
    personCount: t.exposeInt('person_count', { description: 'For imports: contacts added or changed.' }),
    errorCount: t.exposeInt('error_count', { description: 'For imports: rows that failed.' }),
    correctableCount: t.exposeInt('correctable_count', {
      description: "For imports: failed rows that can be put right in the vendor's user interface.",
    }),
    cannotAddToListCount: t.exposeInt('cannot_add_to_list_count', {
      description: 'For imports: contacts that were put on no list, because they had opted out.',
    }),
    listCount: t.exposeInt('list_count', { description: 'For list jobs: lists worked on.' }),
  }),
});

export const BulkActivity = builder.objectRef<BulkActivityRow>('BulkActivity');
BulkActivity.implement({
  description:
    'A job that the API carries out in the background. It can be read for 10 days. The API does not tell what kind of job it is.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'BulkActivity', 'activity_id'),
    activityId: rawIdField(t, 'activity_id', "Constant Contact's own id of the activity (a UUID)."),
    ...enumFields(t, 'state', 'state', BulkActivityState, 'How far it has come.', {
      nullable: false,
    }),
    percentDone: t.exposeInt('percent_done', { description: 'How far it has come, 0 to 100.' }),
    createdAt: dateTime(t, 'created_at', 'When it was asked for.'),
    startedAt: dateTime(t, 'started_at', 'When it began; null while it waits.'),
    completedAt: dateTime(t, 'completed_at', 'When it ended; null until then.'),
    updatedAt: dateTime(t, 'updated_at', 'When its state last changed.'),
    sourceFileName: t.exposeString('source_file_name', {
      description: 'For imports from a file: name of the file.',
    }),
    counters: t.field({
      type: BulkActivityCounters,
      description: 'What it has counted so far.',
      resolve: ({ status }) => status,
    }),
    failures: t.field({
      type: [BulkActivityFailure],
      nullable: { list: true, items: false },
      description: 'What it could not do. A completed activity may have failures, too.',
      resolve: resolvers.failures,
    }),
  }),
});

builder.asEntity(BulkActivity, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ activityId: string }>('activityId')],
  resolveReference: (key, { loaders }) =>
    byReference('BulkActivity', key, 'activityId', (id) => loaders.bulkActivities.load(id)),
});

const BulkActivityConnection = connectionType('BulkActivity', BulkActivity, { of: 'bulk activities' });

/** The fields of a payload that give the job which the mutation started. */
export function startedJob(
  t: Fields<{ bulkActivity?: BulkActivityRow }>,
  description: string,
): Record<'bulkActivity' | 'bulkActivityEdge', FieldRef<SchemaTypes>> {
  return {
    bulkActivity: t.expose('bulkActivity', { type: BulkActivity, description }),
    bulkActivityEdge: edgeField(t, BulkActivityConnection, 'the job', (payload) => payload.bulkActivity),
  };
}

const BulkActivitiesFilter = builder.inputType('BulkActivitiesFilter', {
  description: 'Which bulk activities to read.',
  fields: (t) => ({
    state: t.field({
      type: BulkActivityState.type,
      description: 'In this state; in any when left out. The API does not look for INITIALIZED.',
    }),
  }),
});

builder.queryFields((t) => ({
  bulkActivity: t.field({
    type: BulkActivity,
    description:
      'One bulk activity of the last 10 days; null when there is none. Several that the query names are read together as a rule.',
    queryCost: cost.calls(2, { usually: 1 }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the activity.' }) },
    resolve: resolvers.bulkActivity,
  }),
  bulkActivities: t.field({
    type: BulkActivityConnection,
    description: 'Bulk activities of the last 10 days.',
    queryCost: cost.pages(bulkActivities),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({ type: BulkActivitiesFilter, description: 'Which activities; all when left out.' }),
    },
    resolve: resolvers.bulkActivities,
  }),
}));

builder.subscriptionField('bulkActivityProgress', (t) =>
  t.field({
    type: BulkActivity,
    description: `A bulk activity at once, and again each time something of it has changed, until it has ended; null, and the end, when there is none. It is polled every second at first, every 15 to 30 seconds later. Everybody who follows the same activity with the same credentials shares the polls. A poll that fails for a passing reason, such as too many requests, is made again later, for five minutes; any other failure ends it with an error.`,
    queryCost: cost.watch({ events: MOST_POLLS }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the activity.' }) },
    subscribe: resolvers.bulkActivityProgress,
    resolve: valueOf,
  }),
);

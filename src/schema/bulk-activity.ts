import type { FieldRef } from '@pothos/core';
import { bulkActivities, type BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import * as resolvers from '../resolvers/bulk-activity.js';
import { rawId } from '../resolvers/support/global-id.js';
import { valueOf } from '../resolvers/support/live.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { entity } from './entity.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField, type Fields, type SchemaTypes } from './fields.js';
import { Node } from './node.js';
import { cost, MOST_POLLS } from './cost.js';
import { limited } from './limits.js';

const BulkActivityState = openEnum('BulkActivityState', 'State of a bulk activity.', {
  INITIALIZED: { wire: 'initialized', description: 'Queued.' },
  PROCESSING: { wire: 'processing', description: 'Running.' },
  COMPLETED: {
    wire: 'completed',
    description: 'Finished. Single rows may still have failed: see `failures` and `counters`.',
  },
  CANCELLED: { wire: 'cancelled', description: 'Stopped before it was finished.' },
  FAILED: { wire: 'failed', description: 'Aborted by an error.' },
  TIMED_OUT: { wire: ['timed_out', 'time_out'], description: 'Aborted because it took too long.' },
});

const BulkActivityFailure = builder.objectRef<resolvers.BulkActivityFailure>('BulkActivityFailure');
BulkActivityFailure.implement({
  description: 'A failure of a bulk activity, or of one of its rows.',
  fields: (t) => ({
    line: t.exposeInt('line', {
      description:
        'Number of the line that failed. Line 1 of a file has the names of the columns. `null` when the message names no line.',
    }),
    message: t.exposeString('message', {
      nullable: false,
      description: 'Error message of the REST API.',
    }),
  }),
});

const BulkActivityCounters = builder.objectRef<resolvers.BulkActivityCounters>('BulkActivityCounters');
BulkActivityCounters.implement({
  description:
    'Progress counters of a bulk activity. Each kind of job has some of them; the others are `null` or 0.',
  fields: (t) => ({
    itemsTotalCount: t.exposeInt('items_total_count', { description: 'Number of items to process.' }),
    itemsCompletedCount: t.exposeInt('items_completed_count', {
      description: 'Number of items that have been processed.',
    }),
    personCount: t.exposeInt('person_count', {
      description: 'For imports: number of contacts created or updated.',
    }),
    errorCount: t.exposeInt('error_count', { description: 'For imports: number of rows that failed.' }),
    correctableCount: t.exposeInt('correctable_count', {
      description:
        'For imports: number of failed rows that can be corrected in the Constant Contact user interface.',
    }),
    cannotAddToListCount: t.exposeInt('cannot_add_to_list_count', {
      description:
        'For imports: number of contacts that were not added to lists because they had unsubscribed.',
    }),
    listCount: t.exposeInt('list_count', { description: 'For jobs on lists: number of lists processed.' }),
  }),
});

export const BulkActivity = builder.objectRef<BulkActivityRow>('BulkActivity').implement({
  description:
    'A background job of the REST API, such as an import. It can be read for 10 days. The API does not report the kind of job.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'BulkActivity', 'activity_id'),
    activityId: rawIdField(t, 'activity_id', 'Constant Contact ID (UUID).'),
    ...enumFields(t, 'state', 'state', BulkActivityState, 'Current state.', {
      nullable: false,
    }),
    percentDone: t.exposeInt('percent_done', { description: 'Progress in percent, 0 to 100.' }),
    createdAt: dateTime(t, 'created_at', 'When the job was requested.'),
    startedAt: dateTime(t, 'started_at', 'When the job started. `null` while it is queued.'),
    completedAt: dateTime(t, 'completed_at', 'When the job ended. `null` until then.'),
    updatedAt: dateTime(t, 'updated_at', 'When the state of the job last changed.'),
    sourceFileName: t.exposeString('source_file_name', {
      description: 'For imports from a file: file name.',
    }),
    counters: t.expose('status', { type: BulkActivityCounters, description: 'Progress counters.' }),
    failures: t.field({
      type: [BulkActivityFailure],
      description: 'Failures of the activity, or of single rows. A completed activity can have some.',
      resolve: resolvers.failures,
    }),
  }),
});

entity(BulkActivity, 'BulkActivity', 'activityId', (id, { loaders }) => loaders.bulkActivities.load(id));

const BulkActivityConnection = connectionType('BulkActivity', BulkActivity, { of: 'bulk activities' });

/** Fields of a payload for the background job that the mutation started. */
export function startedJob(
  t: Fields<{ bulkActivity?: BulkActivityRow }>,
  description: string,
): Record<'bulkActivity' | 'bulkActivityEdge', FieldRef<SchemaTypes>> {
  return {
    bulkActivity: t.expose('bulkActivity', { type: BulkActivity, description }),
    bulkActivityEdge: edgeField(
      t,
      BulkActivityConnection,
      'the background job',
      (payload) => payload.bulkActivity,
    ),
  };
}

const BulkActivitiesFilter = builder.inputType('BulkActivitiesFilter', {
  description: 'Filters for bulk activities.',
  fields: (t) => ({
    state: t.field({
      type: BulkActivityState.type,
      ...limited`Activities in this state. Default: any state. The API cannot filter by ${{ not: ['INITIALIZED'] }}.`,
    }),
  }),
});

builder.queryFields((t) => ({
  bulkActivity: t.field({
    type: BulkActivity,
    description:
      'A bulk activity of the last 10 days by its ID. `null` when it does not exist. Several in one query are usually read together.',
    queryCost: cost.calls(2, { usually: 1 }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the bulk activity.' }),
    },
    resolve: (_parent, { id }, { loaders }) => loaders.bulkActivities.load(rawId('BulkActivity', id, ['id'])),
  }),
  bulkActivities: t.field({
    type: BulkActivityConnection,
    description: 'Bulk activities of the last 10 days, optionally filtered.',
    queryCost: cost.pages(bulkActivities),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: BulkActivitiesFilter,
        description: 'Filter. Default: all activities of the last 10 days.',
      }),
    },
    resolve: resolvers.bulkActivities,
  }),
}));

builder.subscriptionField('bulkActivityProgress', (t) =>
  t.field({
    type: BulkActivity,
    description: `Progress of a bulk activity: its current state immediately, then an event for each change until it has ended. A single \`null\` event when it does not exist. The activity is polled every second at first and every 15 to 30 seconds later; subscriptions to the same activity with the same credentials share the polls. A poll that fails temporarily, for example with too many requests, is retried for up to five minutes; any other failure ends the subscription with an error.`,
    queryCost: cost.watch({ events: MOST_POLLS }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the bulk activity.' }),
    },
    subscribe: resolvers.bulkActivityProgress,
    resolve: valueOf,
  }),
);

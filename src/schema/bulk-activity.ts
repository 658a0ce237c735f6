import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField } from './fields.js';
import { Node } from './node.js';

const BulkActivityState = openEnum('BulkActivityState', 'How far a bulk activity has come.', {
  INITIALIZED: 'Waiting for its turn.',
  PROCESSING: 'At work.',
  COMPLETED: 'Done. Single rows may have failed all the same: see `failures`.',
  CANCELLED: 'Stopped before its end.',
  FAILED: 'Broken off by an error.',
  TIMED_OUT: { wire: ['TIMED_OUT', 'TIME_OUT'], description: 'Broken off because it took too long.' },
});

export const BulkActivity = builder.objectRef<BulkActivityRow>('BulkActivity').implement({
  description: 'A job that the API carries out in the background. It can be read for 10 days.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'BulkActivity', (activity) => activity.activity_id ?? ''),
    activityId: rawIdField(t, 'activity_id', "Constant Contact's own id of the activity (a UUID)."),
    ...enumFields(t, 'state', 'state', BulkActivityState, 'How far it has come.'),
    createdAt: dateTime(t, 'created_at', 'When it was asked for.'),
    updatedAt: dateTime(t, 'updated_at', 'When its state last changed.'),
  }),
});

builder.asEntity(BulkActivity, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ activityId: string }>('activityId')],
  resolveReference: (key, { loaders }) =>
    byReference('BulkActivity', key, 'activityId', loaders.bulkActivity.load),
});

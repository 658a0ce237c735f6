import { readById } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { numericId } from '../constant-contact/http/json.js';
import { collection } from './makers/collection.js';
import { single } from './makers/single.js';

/** Rows of the collection have the same shape without `segment_criteria`. */
export type Segment = Schema<'SegmentDetail'>;

/** Segments with their criteria, and deleted ones: the collection has neither. */
export const segmentDetails = single<Segment>({
  noun: 'segments',
  read: ({ api }, id) => {
    const segment_id = numericId(id);
    return api.reference('segments', `segment:${id}`, (session) =>
      readById<Segment>(session.call('getSegmentDetail', { path: { segment_id } }), segment_id, 'segment_id'),
    );
  },
});

export const segments = collection({
  noun: 'segments',
  family: 'segments',
  reads: 'getAccountSegments',
  rows: (body): readonly Segment[] => body.segments,
  key: 'segment_id',
  // Contract: default of `limit`.
  pageSize: 1_000,
  most: 1_000,
  usual: 25,
  // Every order returns all of them.
  variants: { plain: {}, name: { query: { sort_by: 'name' } }, date: { query: { sort_by: 'date' } } },
  one: segmentDetails,
  needed: (wants) => wants('EmailRecipients', 'segment', 'segments') || wants('AutomationTrigger', 'segment'),
});

import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { millis } from '../dates.js';
import { conflict, invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { compileCriteria } from '../model/segment-criteria.js';
import type { SegmentRow } from '../stores/audience.js';

const PAGE = 1_000;

/** Deleted segments are in no listing, but can be read by ID. */
export const segment = {
  getAccountSegments: (call) => {
    const page = call.page.take(sorted(call.account, call.query.sort_by ?? 'date'), {
      limit: call.query.limit ?? PAGE,
      key: (row) => String(row.segment_id),
    });
    const segments = page.rows.map(segmentMaster);
    return { status: 200, body: { segments, ...page.links } };
  },

  getSegmentDetail: (call) => {
    const row = call.account.segments.get(String(call.path.segment_id));
    if (!row) throw notFound('segment_id does not exist.');
    return { status: 200, body: segmentResource(row) };
  },

  createSegment: (call) => {
    const { account, body, now } = call;
    checkName(account, body.name, null);
    compileCriteria(account, body.segment_criteria);
    const row = account.segments.add({
      segment_id: account.ids.number('segment', 1_001),
      name: body.name,
      segment_criteria: body.segment_criteria,
      created_at: now,
      edited_at: now,
      deleted_at: null,
      computed: false,
    });
    return { status: 201, body: segmentResource(row) };
  },

  updateSegment: (call) => {
    const { account, body } = call;
    const row = findLive(account, call.path.segment_id);
    checkName(account, body.name, row);
    compileCriteria(account, body.segment_criteria);
    row.segment_criteria = body.segment_criteria;
    row.computed = false;
    rename(account, row, body.name, call.now);
    return { status: 200, body: segmentResource(row) };
  },

  updateSegmentName: (call) => {
    const row = findLive(call.account, call.path.segment_id);
    checkName(call.account, call.body.name, row);
    rename(call.account, row, call.body.name, call.now);
    return { status: 200, body: segmentResource(row) };
  },

  deleteSegment: (call) => {
    const row = findLive(call.account, call.path.segment_id);
    call.account.segments.update(row, () => {
      row.deleted_at = call.now;
    });
    return { status: 204 };
  },
} satisfies Handlers;

function sorted(account: Account, by: string): SegmentRow[] {
  const live = account.segments.filter((row) => row.deleted_at === null);
  if (by === 'name') return live.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  if (by === 'date') return live.sort((a, b) => b.edited_at - a.edited_at || b.segment_id - a.segment_id);
  throw invalid('sort_by must be name or date.');
}

function segmentMaster(row: SegmentRow): Schema<'SegmentMaster'> {
  return {
    segment_id: row.segment_id,
    name: row.name,
    created_at: millis(row.created_at),
    edited_at: millis(row.edited_at),
  };
}

function segmentResource(row: SegmentRow): Schema<'SegmentDetail'> {
  return { ...segmentMaster(row), segment_criteria: row.segment_criteria };
}

function rename(account: Account, row: SegmentRow, name: string, now: number): void {
  account.segments.update(row, () => {
    row.name = name;
    row.edited_at = now;
  });
}

function checkName(account: Account, name: string, own: SegmentRow | null): void {
  if (name.trim() === '') throw invalid('name must not be blank.');
  const holder = account.segments.first('name', name.toLowerCase());
  if (holder && holder !== own) throw conflict('A segment with this name exists.');
}

function findLive(account: Account, id: number): SegmentRow {
  const row = account.segments.get(String(id));
  if (row?.deleted_at !== null) throw notFound('segment_id does not exist.');
  return row;
}

import { Random } from '../../src/sandbox/random.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A task of a user at a time of the day. */
export interface Task {
  /** Milliseconds since midnight UTC. */
  readonly at: number;
  readonly kind: 'overview' | 'contacts' | 'contact' | 'edit' | 'sync' | 'send' | 'follow' | 'report';
  /** Name of the caller. */
  readonly who: string;
  /** Draws what it is about, the same for the same seed. */
  readonly draw: number;
}

export interface PlanOptions {
  readonly seed: number;
  /** How many times the usual load: desks, syncs, and campaigns. */
  readonly load: number;
  /** Hours of the day that are simulated. */
  readonly from: number;
  readonly to: number;
}

const DESKS = 20;
/** Office hours. */
const OFFICE = { from: 9, to: 17 };
const OVERVIEW_EVERY = 2 * MINUTE;
const CONTACTS_EVERY = HOUR;
const EDIT_EVERY = 4 * HOUR;
const SYNC_EVERY = 10 * MINUTE;
const SEND_AT = 10 * HOUR;
/** After the campaign was sent, each desk follows its state, and looks at its report each minute for so long. */
const REPORT_FOR = 30 * MINUTE;

/**
 * A working day: each desk shows an overview of campaigns, lists and tags that refreshes every two minutes, looks at contacts and
 * changes some; a CRM is synchronised every ten minutes around the clock; a campaign is sent at ten, and all desks follow it.
 */
export function planDay({ seed, load, from, to }: PlanOptions): Task[] {
  const random = new Random(seed, 'day');
  const tasks: Task[] = [];
  const add = (at: number, kind: Task['kind'], who: string) => {
    tasks.push({ at: Math.round(at / SECOND) * SECOND, kind, who, draw: random.next() });
  };
  const repeat = (every: number, { from, to }: { from: number; to: number }, then: (at: number) => void) => {
    for (let at = from * HOUR + random.next() * every; at < to * HOUR; at += every) then(at);
  };
  const desks = Array.from({ length: DESKS * load }, (_, at) => `desk-${String(at + 1)}`);
  for (const who of desks) {
    repeat(OVERVIEW_EVERY, OFFICE, (at) => {
      add(at, 'overview', who);
    });
    repeat(CONTACTS_EVERY, OFFICE, (at) => {
      add(at, 'contacts', who);
      add(at + 20 * SECOND, 'contact', who);
    });
    repeat(EDIT_EVERY, OFFICE, (at) => {
      add(at, 'edit', who);
    });
    add(SEND_AT + (30 + 30 * random.next()) * SECOND, 'follow', who);
    repeat(MINUTE, { from: 10 + 1 / 60, to: 10 + REPORT_FOR / HOUR }, (at) => {
      add(at, 'report', who);
    });
  }
  repeat((SYNC_EVERY / load) | 0, { from: 0, to: 24 }, (at) => {
    add(at, 'sync', 'crm');
  });
  for (let n = 0; n < load; n += 1) add(SEND_AT + n * SECOND, 'send', 'marketing');
  return tasks.filter(({ at }) => at >= from * HOUR && at < to * HOUR).sort((a, b) => a.at - b.at);
}

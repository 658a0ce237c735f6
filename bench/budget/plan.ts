import { Random } from '../../src/sandbox/random.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface Task {
  /** Milliseconds since midnight UTC. */
  readonly at: number;
  readonly kind: 'overview' | 'contacts' | 'contact' | 'edit' | 'sync' | 'send' | 'follow' | 'report';
  readonly who: string;
  /** Random number that selects the records of the task; the same for the same seed. */
  readonly draw: number;
}

export interface PlanOptions {
  readonly seed: number;
  /** Multiple of the usual load: desks, synchronisations and campaigns. */
  readonly load: number;
  /** Simulated hours of the day. */
  readonly from: number;
  readonly to: number;
}

const DESKS = 20;
const OFFICE = { from: 9, to: 17 };
const OVERVIEW_EVERY = 2 * MINUTE;
const CONTACTS_EVERY = HOUR;
const EDIT_EVERY = 4 * HOUR;
const SYNC_EVERY = 10 * MINUTE;
const SEND_AT = 10 * HOUR;
/** After a campaign is sent, each desk polls its report once a minute for this long. */
const REPORT_FOR = 30 * MINUTE;

/**
 * A working day: each desk shows an overview of campaigns, lists and tags that refreshes every two minutes,
 * reads contacts and changes some; a CRM is synchronised every ten minutes around the clock; a campaign is
 * sent at ten, and all desks follow it.
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

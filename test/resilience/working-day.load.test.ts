import { describe, expect, it } from 'vitest';
import { DEFAULT, RECOMMENDED, RECOMMENDED_AGES } from '../../bench/budget/settings.js';
import { simulateDay, type Answered } from '../../bench/budget/simulate.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';

const PER_DAY = 10_000;
/** More than any of the days takes. */
const ENOUGH = 1_000_000;
const MINUTES = 60_000;
/** Simulating a day takes half a minute, and longer on a busy machine. */
const LONGEST = 10 * MINUTES;

const { contacts, campaigns, reports } = RECOMMENDED_AGES;
/** Cache families of each kind of task, and their maximum age in seconds. */
const READS: Partial<Record<Answered['task']['kind'], Partial<Record<OperationId, number>>>> = {
  overview: {
    getAllBulkEmailCampaignSummaries: reports,
    retrieveEmailCampaignsUsingGET: campaigns,
    // With the counts of their members.
    getLists: contacts,
    getTags: contacts,
  },
  contacts: { getContacts: contacts },
  contact: {
    getContact: contacts,
    getContactOpenClickRate: reports,
    getContactTracking: reports,
  },
  report: {
    retrieveEmailCampaignUsingGET: campaigns,
    getEmailSummary: reports,
    getCampaignActivityLinkStats: reports,
  },
};

/** Holds each answer against the calls that were made by then and the changes that were answered. */
function auditor() {
  const titles = new Map<unknown, unknown>();
  const problems: string[] = [];
  const checked = new Map<string, number>();
  let compared = 0;
  const audit = ({ task, operation, answer, at, journal }: Answered) => {
    const { data } = answer;
    if (task.kind === 'edit') {
      const { contactId, jobTitle } = data.result.contact as Record<string, unknown>;
      titles.set(contactId, jobTitle);
    }
    if (task.kind === 'contact') {
      const { contactId, jobTitle } = data.contact as Record<string, unknown>;
      if (titles.has(contactId)) compared += 1;
      if (titles.has(contactId) && titles.get(contactId) !== jobTitle)
        problems.push(`${String(contactId)} has the title ${String(jobTitle)} again`);
    }
    const id =
      task.kind === 'contact' || task.kind === 'report' ? (operation.variables?.['id'] as string) : undefined;
    for (const [name, seconds] of Object.entries(READS[task.kind] ?? {})) {
      const last = journal.findLast(
        ({ operationId, path, status }) =>
          operationId === name &&
          status === 200 &&
          (id === undefined || !path.startsWith('/v3/contacts/') || path.includes(id)),
      );
      const age = last ? (at - last.at) / 1_000 : Infinity;
      checked.set(name, Math.max(checked.get(name) ?? 0, age));
      if (age > seconds) problems.push(`${task.kind}: ${name} is ${String(age)} seconds old`);
    }
    const { oldestSeconds = 0 } = answer.extensions.upstream as {
      oldestSeconds?: number;
    };
    const most = Math.max(...Object.values(READS[task.kind] ?? { reports }));
    if (oldestSeconds > most) problems.push(`${task.kind}: ${String(oldestSeconds)} seconds are told`);
  };
  return { audit, problems, checked, compared: () => compared };
}

describe('a working day with the recommended settings', () => {
  it(
    'uses a quarter of the calls of the default, and no data is older than its family allows',
    { timeout: LONGEST },
    async () => {
      const usual = await simulateDay({ env: DEFAULT.env, perDay: ENOUGH });
      const { audit, problems, checked } = auditor();
      const cached = await simulateDay({
        env: RECOMMENDED.env,
        perDay: ENOUGH,
        onAnswer: audit,
      });
      expect(usual.failures).toEqual([]);
      expect(cached.failures).toEqual([]);
      expect(cached.operations).toBe(usual.operations);
      expect(problems).toEqual([]);
      expect(checked.size).toBe(11);
      expect(cached.total / usual.total).toBeLessThanOrEqual(0.25);
    },
  );

  it(
    'survives three times the load for a whole day: nothing fails, and the calls last',
    { timeout: LONGEST },
    async () => {
      const { audit, problems, compared } = auditor();
      const day = await simulateDay({ env: RECOMMENDED.env, perDay: PER_DAY, load: 3, onAnswer: audit });
      expect(day.failures).toEqual([]);
      expect(day.operations).toBeGreaterThan(18_000);
      expect(day.total).toBeLessThan(PER_DAY);
      expect(compared()).toBeGreaterThan(50);
      expect(problems).toEqual([]);
    },
  );
});

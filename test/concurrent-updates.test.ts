import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from './support/clock.js';
import { startApp, type Answer, type TestApp } from './support/app.js';
import { startFacade } from './support/facade.js';

const ROUNDS = 30;

let app: TestApp;
afterEach(() => app.close());

const someone = () => [...app.sandbox.account().contacts].find((row) => !row.deleted_at && row.email)!;

/** An update, which has to succeed. */
async function run(field: string, input: Record<string, unknown>): Promise<any> {
  const type = field.charAt(0).toUpperCase() + field.slice(1);
  const text = `mutation ($input: ${type}Input!) { result: ${field}(input: $input) { userErrors { code message } } }`;
  const { data, errors } = await app.query(text, { variables: { input } });
  expect(errors).toBeUndefined();
  expect(data.result.userErrors).toEqual([]);
}

interface Pair {
  /** Two updates of different parts. */
  updates: [() => Promise<void>, () => Promise<void>];
  /** Values written by both updates. */
  written: () => unknown;
  expected: unknown;
}

const draft = () =>
  [...app.sandbox.account().campaignActivities].find(
    (row) => row.role === 'primary_email' && row.status === 'DRAFT' && row.format_type === 5,
  )!;
const list = () =>
  [...app.sandbox.account().lists].find((row) => !row.deleted_at && row.channel === 'email')!;

/** By what is updated: the updates of one round. */
const PAIRS: Record<string, (round: string) => Pair> = {
  'fields of a contact': (round) => {
    const { contact_id: id } = someone();
    return {
      updates: [
        () => run('updateContact', { id, firstName: `First ${round}` }),
        () => run('updateContact', { id, jobTitle: `Job ${round}` }),
      ],
      written: () => [someone().first_name, someone().job_title],
      expected: [`First ${round}`, `Job ${round}`],
    };
  },
  'lines of the address of an event': (round) => {
    const row = [...app.sandbox.account().events].find(({ status }) => status === 'ACTIVE')!;
    const { event_id: id } = row;
    return {
      updates: [
        () => run('updateEvent', { id, location: { city: `City ${round}` } }),
        () => run('updateEvent', { id, location: { venue: `Venue ${round}` } }),
      ],
      written: () => [row.address?.city, row.address?.location_name],
      expected: [`City ${round}`, `Venue ${round}`],
    };
  },
  'tags of a contact': (round) => {
    const { contact_id: id, taggings } = someone();
    const account = app.sandbox.account();
    const [a, b] = [...account.tags].map(({ tag_id }) => tag_id);
    taggings.length = 0;
    return {
      updates: [
        () => run('updateContact', { id, addTagIds: [a] }),
        () => run('updateContact', { id, addTagIds: [b], lastName: round }),
      ],
      written: () => [...someone().taggings].sort(),
      expected: [a, b].sort(),
    };
  },
  'a contact, by id and by address': (round) => {
    const { contact_id: id, email } = someone();
    return {
      updates: [
        () => run('upsertContact', { emailAddress: { address: email!.address }, companyName: round }),
        () => run('updateContact', { id, jobTitle: `Job ${round}` }),
      ],
      written: () => [someone().company_name, someone().job_title],
      expected: [round, `Job ${round}`],
    };
  },
  'a contact that signs up': (round) => {
    const row = someone();
    const [a, b] = [...app.sandbox.account().lists].filter(
      (one) => !one.deleted_at && one.channel === 'email',
    );
    row.list_memberships.length = 0;
    // An address may sign up only five times a day.
    app.sandbox.account().signUps.clear();
    return {
      updates: [
        () => run('createContactFromSignUpForm', { emailAddress: row.email!.address, listIds: [a!.list_id] }),
        () => run('updateContact', { id: row.contact_id, addListIds: [b!.list_id], lastName: round }),
      ],
      written: () => [...someone().list_memberships].sort(),
      expected: [a!.list_id, b!.list_id].sort(),
    };
  },
  'a list': (round) => {
    const { list_id: id } = list();
    return {
      updates: [
        () => run('updateContactList', { id, name: `Name ${round}` }),
        () => run('updateContactList', { id, description: `Words ${round}` }),
      ],
      written: () => [list().name, list().description],
      expected: [`Name ${round}`, `Words ${round}`],
    };
  },
  'an email': (round) => {
    const { campaign_activity_id: activityId } = draft();
    return {
      updates: [
        () => run('updateEmailCampaignActivity', { activityId, subject: `Subject ${round}` }),
        () => run('updateEmailCampaignActivity', { activityId, preheader: `Preheader ${round}` }),
      ],
      written: () => [draft().subject, draft().preheader],
      expected: [`Subject ${round}`, `Preheader ${round}`],
    };
  },
  'the address of the account': (round) => ({
    updates: [
      () => run('updateAccountPhysicalAddress', { addressLine1: `Street ${round}` }),
      () => run('updateAccountPhysicalAddress', { addressLine2: `Floor ${round}` }),
    ],
    written: () => {
      const address = app.sandbox.account().profile.address;
      return [address?.address_line1, address?.address_line2];
    },
    expected: [`Street ${round}`, `Floor ${round}`],
  }),
};

describe('two concurrent updates lose nothing', () => {
  it.each(Object.entries(PAIRS))(`in ${String(ROUNDS)} rounds: %s`, async (_, pairOf) => {
    app = await startApp({ sandbox: { contacts: 60, campaigns: 40 } });
    const lost: unknown[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { updates, written, expected } = pairOf(String(round));
      await Promise.all((round % 2 === 0 ? updates : updates.reverse()).map((update) => update()));
      try {
        expect(written()).toEqual(expected);
      } catch {
        lost.push(written());
      }
    }
    expect(lost).toEqual([]);
  });

  it('when one object is in many updates, which run in the order of arrival', async () => {
    app = await startApp({ sandbox: { contacts: 20 } });
    const { contact_id: id } = someone();
    app.resetCalls();
    const notes = Array.from({ length: 20 }, (_, at) => `note ${String(at)}`);
    someone().notes.length = 0;
    await Promise.all(notes.map((note) => run('updateContact', { id, addNotes: [note] })));
    expect(
      someone()
        .notes.map(({ content }) => content)
        .sort(),
    ).toEqual([...notes].sort());
    expect(app.calls()).toEqual(notes.flatMap(() => ['getContact', 'putContact']));
  });

  it('when a contact changes its address while its old address signs up', async () => {
    app = await startApp({ sandbox: { contacts: 60 } });
    const lost: unknown[] = [];
    const [a, b] = [...app.sandbox.account().lists].filter(
      (one) => !one.deleted_at && one.channel === 'email',
    );
    const people = [...app.sandbox.account().contacts].filter(
      (row) => !row.deleted_at && row.email && row.email.permission_to_send !== 'unsubscribed',
    );
    for (const [round, { contact_id: id, email, list_memberships: lists }] of people.entries()) {
      const before = email!.address;
      lists.length = 0;
      const address = `moved${String(round)}@example.com`;
      const moved = run('updateContact', { id, emailAddress: { address }, addListIds: [a!.list_id] });
      // The sign-up comes first, in between, or last.
      for (let turn = 0; turn < (round % 8) * 4; turn += 1) await new Promise(setImmediate);
      await Promise.all([
        moved,
        run('createContactFromSignUpForm', { emailAddress: before, listIds: [b!.list_id] }),
      ]);
      const rows = [...app.sandbox.account().contacts];
      const on = rows.filter((row) => row.contact_id === id || row.email?.address === before);
      if (!on.some((row) => row.list_memberships.includes(b!.list_id))) lost.push(round);
    }
    expect(lost).toEqual([]);
  });

  it('and a deletion runs before or after an update, never between its read and its write', async () => {
    app = await startApp({ sandbox: { contacts: 20 } });
    const { contact_id: id } = someone();
    app.resetCalls();
    await Promise.all([
      run('updateContact', { id, jobTitle: 'Gardener' }),
      app.query(`mutation { deleteContact(input: { id: "${id}" }) { userErrors { code } } }`),
    ]);
    expect(app.calls()).toEqual(['getContact', 'putContact', 'deleteContact']);
  });
});

describe('an update', () => {
  it.each([60, 100])('writes directly after its read while %i queries wait', async (waiting) => {
    const clock = manualClock();
    app = await startApp({
      sandbox: { contacts: 200, requestsPerSecond: 0 },
      client: { clock, requestsPerSecond: 4, maxWaitMs: 60_000 },
    });
    const ids = [...app.sandbox.account().contacts].map(({ contact_id }) => contact_id);
    const [id, ...others] = ids;
    app.resetCalls();
    const queries = others
      .slice(0, waiting)
      .map((one) => app.query(`{ contact(id: "${one}") { firstName } }`));
    const answers = Promise.all([...queries, run('updateContact', { id, jobTitle: 'Gardener' })]);
    await clock.run(answers);
    const paths = app.sandbox.journal.entries.map(
      ({ method, path }) => `${method} ${path.split('/').pop()!}`,
    );
    const write = paths.indexOf(`PUT ${id!}`);
    expect(paths[write - 1]).toBe(`GET ${id!}`);
    expect(paths).toHaveLength(waiting + 2);
  });

  it('reads again when its write had to wait, and never writes from a read older than two seconds', async () => {
    const clock = manualClock();
    app = await startApp({ sandbox: { contacts: 20 }, client: { clock, random: () => 0 } });
    const row = someone();
    const body = { error_key: 'throttled', error_message: 'Too Many Requests' };
    app.sandbox.faults.script({
      operationId: 'putContact',
      times: 2,
      fault: { kind: 'status', status: 429, body },
    });
    app.resetCalls();
    const update = run('updateContact', { id: row.contact_id, jobTitle: 'Gardener' });
    await reached(clock, () => app.calls().filter((id) => id === 'putContact').length === 2);
    // Another program opts the person out during the pause of two seconds.
    row.email!.permission_to_send = 'unsubscribed';
    await clock.run(update);
    expect(app.calls()).toEqual(['getContact', 'putContact', 'putContact', 'getContact', 'putContact']);
    expect(someone()).toMatchObject({ job_title: 'Gardener', email: { permission_to_send: 'unsubscribed' } });
  });

  it('lets those behind it continue when it is cancelled while waiting', async () => {
    app = await startApp({ sandbox: { contacts: 20 } });
    const { contact_id: id } = someone();
    app.sandbox.faults.script({ operationId: 'getContact', fault: { kind: 'stall' } });
    const mutation = `mutation { updateContact(input: { id: "${id}", jobTitle: "Gone" }) { userErrors { code } } }`;
    const clients = [new AbortController(), new AbortController()];
    const given = clients.map(({ signal }) => app.query(mutation, { signal }).catch(() => 'gone'));
    while (app.sandbox.journal.count('getContact') === 0) await new Promise(setImmediate);
    const last = run('updateContact', { id, jobTitle: 'Gardener' });
    for (const client of [...clients].reverse()) client.abort();
    await Promise.all([...given, last]);
    expect(someone().job_title).toBe('Gardener');
  });

  it('does not wait for an update of another object, nor for one with other credentials', async () => {
    app = await startApp({ sandbox: { contacts: 20 } });
    const [stuck, free] = [...app.sandbox.account().contacts].filter((row) => !row.deleted_at);
    const other = startFacade(app.sandbox.url);
    app.sandbox.faults.script({ operationId: 'putContact', fault: { kind: 'stall' } });
    const client = new AbortController();
    const mutation = `mutation { updateContact(input: { id: "${stuck!.contact_id}", jobTitle: "Stuck" }) { userErrors { code } } }`;
    const first: Promise<Answer | string> = app
      .query(mutation, { signal: client.signal })
      .catch(() => 'gone');
    while (app.sandbox.journal.count('putContact') === 0) await new Promise(setImmediate);
    await run('updateContact', { id: free!.contact_id, jobTitle: 'Gardener' });
    await other.query({ query: mutation.replace('Stuck', 'Baker') });
    expect(app.sandbox.journal.count('putContact')).toBe(3);
    client.abort();
    await first;
    await other.close();
  });
});

async function reached(clock: ManualClock, isSo: () => boolean): Promise<void> {
  while (!isSo()) await clock.advance(100);
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { manualClock, type ManualClock } from './support/clock.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUERY = `query ($since: DateTime!, $first: Int, $after: String) {
  contactChanges(since: $since, first: $first, after: $after) {
    nodes { kinds changedAt contact { contactId deletedAt } }
    until pageInfo { hasNextPage hasPreviousPage endCursor } } }`;

let app: TestApp;
let clock: ManualClock;

async function ask(variables: Record<string, unknown>, document = QUERY): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data.contactChanges;
}

/** Every page of a walk, so many rows a page. */
async function walk(since: string | number, first?: number): Promise<{ rows: any[]; until: string }> {
  const rows: any[] = [];
  const untils = new Set<string>();
  let after: string | null = null;
  do {
    const page = await ask({ since: new Date(since).toISOString(), first, after });
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    rows.push(...page.nodes);
    untils.add(page.until);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  expect(untils.size).toBe(1);
  return { rows, until: [...untils][0] ?? '' };
}

const row = (place: number): ContactRow => {
  const live = [...app.sandbox.account().contacts].filter((one) => one.deleted_at === null && one.email);
  const found = live[place];
  if (!found) throw new Error('no such contact');
  return found;
};

function optOut(contact: ContactRow, at: number): void {
  if (!contact.email) throw new Error('no address');
  Object.assign(contact.email, {
    permission_to_send: 'unsubscribed',
    opt_out_date: at,
    opt_out_source: 'Contact',
  });
}

const create = async (address: string): Promise<string> => {
  const { data } = await app.query(
    'mutation ($address: String!) { createContact(input: { emailAddress: { address: $address } }) { contact { contactId } userErrors { message } } }',
    { variables: { address } },
  );
  return data.createContact.contact.contactId;
};

const kindsOf = (rows: any[]): Record<string, string[]> =>
  Object.fromEntries(rows.map((one) => [one.contact.contactId, one.kinds]));

beforeEach(async () => {
  clock = manualClock();
  app = await startApp({ sandbox: { clock }, client: { clock } });
  await clock.advance(2 * DAY);
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

describe('contactChanges', () => {
  it('lists each change once, in four calls', async () => {
    const since = clock.now();
    await clock.advance(MINUTE);
    const fresh = await create('fresh@example.com');
    const both = await create('both@example.com');
    const [changed, left, gone, all] = [row(10), row(11), row(12), row(13)];
    await clock.advance(MINUTE);
    changed.updated_at = clock.now();
    const bothRow = app.sandbox.account().contacts.get(both);
    if (bothRow) bothRow.updated_at = clock.now();
    optOut(left, clock.now());
    // The deletion does not move the date of the last change: that is not promised anywhere.
    gone.deleted_at = clock.now();
    all.updated_at = clock.now();
    optOut(all, clock.now() + 5_000);
    all.deleted_at = clock.now();
    await clock.advance(10 * MINUTE);
    app.resetCalls();

    const { rows, until } = await walk(since);
    expect(app.calls()).toEqual(['getContacts', 'getContacts', 'getContacts', 'getContacts']);
    expect(rows).toHaveLength(6);
    expect(kindsOf(rows)).toEqual({
      [fresh]: ['CREATED'],
      [both]: ['CREATED', 'UPDATED'],
      [changed.contact_id]: ['UPDATED'],
      [left.contact_id]: ['OPTED_OUT'],
      [gone.contact_id]: ['DELETED'],
      [all.contact_id]: ['UPDATED', 'OPTED_OUT', 'DELETED'],
    });
    const of = (id: string) => rows.find((one) => one.contact.contactId === id);
    expect(Date.parse(of(left.contact_id).changedAt)).toBe(left.email?.opt_out_date);
    expect(Date.parse(of(all.contact_id).changedAt)).toBe(all.email?.opt_out_date);
    expect(of(gone.contact_id).changedAt.slice(0, 10)).toBe(of(gone.contact_id).contact.deletedAt);
    expect(Date.parse(until)).toBe(clock.now() - 2 * MINUTE);
  });

  it('continues from one walk to the next without a gap', async () => {
    let since: string | number = clock.now();
    const expected: string[] = [];
    const seen: string[] = [];
    for (let step = 0; step < 8; step++) {
      expected.push(await create(`step${String(step)}@example.com`));
      await clock.advance(MINUTE);
      const { rows, until } = await walk(since);
      seen.push(...rows.map((one) => one.contact.contactId));
      since = until;
    }
    expect([...new Set(seen)]).toEqual(expected);
    // Only changes of the last two minutes are repeated.
    expect(seen.length).toBeLessThanOrEqual(expected.length * 3);
    await clock.advance(5 * MINUTE);
    since = (await walk(since)).until;
    expect((await walk(since)).rows).toEqual([]);
  });

  it('returns the newest changes immediately, and again until they are two minutes old', async () => {
    const since = clock.now();
    const id = await create('late@example.com');
    const atOnce = await walk(since);
    expect(kindsOf(atOnce.rows)).toEqual({ [id]: ['CREATED'] });
    expect(Date.parse(atOnce.until)).toBe(since);
    await clock.advance(3 * MINUTE);
    const again = await walk(atOnce.until);
    expect(kindsOf(again.rows)).toEqual({ [id]: ['CREATED'] });
    expect(Date.parse(again.until)).toBe(since + MINUTE);
    expect((await walk(again.until)).rows).toEqual([]);
  });

  it('repeats deletions of the day on which a window starts and of the day before, but no older ones', async () => {
    const gone = row(20);
    gone.deleted_at = clock.now() - 30 * MINUTE;
    for (let day = 0; day < 2; day += 1) {
      expect(kindsOf((await walk(clock.now() - 10 * MINUTE)).rows)).toEqual({
        [gone.contact_id]: ['DELETED'],
      });
      await clock.advance(DAY);
    }
    expect((await walk(clock.now() - 10 * MINUTE)).rows).toEqual([]);
  });

  it('pages through all changes, whatever the page size', async () => {
    const long = '2010-01-01T00:00:00Z';
    const total = app.sandbox.account().contacts.size;
    const whole = await walk(long, 10_000);
    expect(whole.rows).toHaveLength(total);
    const ids = whole.rows.map((one) => one.contact.contactId);
    expect(new Set(ids).size).toBe(total);
    // 1,030 contacts in three pages each time they are listed as made and as changed, one page each for the other two.
    expect(app.calls().length).toBeLessThanOrEqual(8);
    const { rows } = await walk(long, 130);
    expect(rows).toEqual(whole.rows);
    const deleted = whole.rows.filter((one) => one.contact.deletedAt);
    expect(deleted.length).toBeGreaterThan(20);
    expect(deleted.every((one) => one.kinds.includes('DELETED'))).toBe(true);
  });

  it('keeps the end of the window while its pages are read', async () => {
    const since = clock.now();
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push(await create(`early${String(i)}@example.com`));
    await clock.advance(5 * MINUTE);
    const first = await ask({ since: new Date(since).toISOString(), first: 4 });
    await clock.advance(5_000);
    await create('meanwhile@example.com');
    await clock.advance(30 * MINUTE);
    const second = await ask({
      since: new Date(since).toISOString(),
      first: 4,
      after: first.pageInfo.endCursor,
    });
    expect([...first.nodes, ...second.nodes].map((one: any) => one.contact.contactId)).toEqual(ids);
    expect(second.until).toBe(first.until);
  });

  it('includes the selected fields of the contacts', async () => {
    const since = clock.now() - MINUTE;
    const contact = row(30);
    contact.updated_at = clock.now();
    await clock.advance(5 * MINUTE);
    app.resetCalls();
    const { nodes } = await ask(
      { since: new Date(since).toISOString() },
      `query ($since: DateTime!) { contactChanges(since: $since) { nodes { contact { phoneNumbers { number } tags { tagId } lists { name } } } } }`,
    );
    expect(nodes[0].contact.lists).toHaveLength(contact.list_memberships.length);
    expect(nodes[0].contact.tags).toHaveLength(contact.taggings.length);
    expect(app.calls().sort()).toEqual([
      'getContacts',
      'getContacts',
      'getContacts',
      'getContacts',
      'getLists',
    ]);
  });

  it('ends a page early where it would cost more than assumed, and other queries cost the same', async () => {
    await app.query('{ contacts(first: 1) { totalCount } }');
    app.resetCalls();
    const page = await ask({ since: '1990-01-01T00:00:00Z', first: 2_000 });
    expect(app.calls()).toHaveLength(6);
    expect(page.nodes.length).toBeGreaterThan(1_000);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(app.sizes().hasLongLists).toBe(false);
  });

  it('rejects a time in the future and cursors of another walk', async () => {
    const future = await app.query(QUERY, {
      variables: { since: new Date(clock.now() + DAY).toISOString() },
    });
    expect(future.errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    const page = await ask({ since: '2010-01-01T00:00:00Z', first: 3 });
    app.resetCalls();
    const other = await app.query(QUERY, {
      variables: { since: '2011-01-01T00:00:00Z', after: page.pageInfo.endCursor },
    });
    expect(other.errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(app.calls()).toEqual([]);
  });
});

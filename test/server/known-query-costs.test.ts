import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { AccountSizes } from '../../src/constant-contact/cache/account-sizes.js';
import { buildSchema } from '../../src/schema/index.js';
import { rememberQueryCosts } from '../../src/server/known-query-costs.js';
import { queryCostOf } from '../../src/server/query-cost.js';

const schema = buildSchema();

/** Cached and computed query costs of a query with these variables, one after the other. */
function both(query: string, ...variables: Record<string, unknown>[]) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const remembered = rememberQueryCosts();
  const bills = variables.map((variableValues) => remembered({ schema, document, variableValues }));
  const fresh = variables.map((variableValues) => queryCostOf({ schema, document, variableValues }));
  return { bills, fresh };
}

describe('cached query costs', () => {
  it('are reused when the difference cannot affect the cost', () => {
    const { bills, fresh } = both(
      'query ($id: ID!) { contact(id: $id) { firstName lists { name } } }',
      { id: 'a' },
      { id: 'b' },
    );
    expect(bills[1]).toBe(bills[0]);
    expect(bills).toEqual(fresh);
  });

  it('are reused for another filter with the same number of rows', () => {
    const { bills, fresh } = both(
      `query ($first: Int, $email: String, $tags: [ID!]) {
        contacts(first: $first, filter: { email: $email, tagIds: $tags }) { nodes { firstName lists { name } } }
      }`,
      { first: 50, email: 'ana@garden.example' },
      { first: 50, email: 'bo@garden.example', tagIds: ['1'] },
      { first: 5_000, email: 'bo@garden.example' },
    );
    expect(bills).toEqual(fresh);
    expect(bills[1]).toBe(bills[0]);
    expect(bills[2]?.total).toBeGreaterThan(bills[0]?.total ?? Infinity);
  });

  it('are not reused when a part of a filter changes the cost', () => {
    const query = (filter: string, type: string) =>
      `query ($first: Int, $part: ${type}) { contacts(first: $first, filter: ${filter}) { nodes { firstName lists { name } } } }`;
    for (const [filter, type, part] of [
      ['{ segmentId: $part }', 'ID', '7'],
      ['$part', 'ContactsFilter', { segmentId: '7' }],
    ] as const) {
      const { bills, fresh } = both(query(filter, type), { first: 50 }, { first: 50, part });
      expect(bills).toEqual(fresh);
      expect(bills[1]?.total).toBeGreaterThan(bills[0]?.total ?? Infinity);
    }
  });

  it('are not reused for another number of rows, given, default, or null', () => {
    const { bills, fresh } = both(
      'query ($first: Int = 900) { contacts(first: $first) { nodes { contactId } } }',
      { first: 50 },
      { first: 5_000 },
      {},
      { first: null },
      { first: 50 },
    );
    expect(bills).toEqual(fresh);
    expect(bills[4]).toBe(bills[0]);
    expect(new Set(bills.map(({ total }) => total)).size).toBe(3);
  });

  it('are not reused when a directive includes other fields', () => {
    const { bills, fresh } = both(
      `query ($n: Boolean!, $first: Int!) {
        contactLists { nodes { name members: contacts(first: $first) @include(if: $n) { nodes { contactId } } } }
      }`,
      { n: false, first: 5 },
      { n: false, first: 2_000 },
      { n: true, first: 5 },
      { n: true, first: 2_000 },
    );
    expect(bills).toEqual(fresh);
    expect(bills[1]).toBe(bills[0]);
    expect(new Set(bills.map(({ total }) => total)).size).toBe(3);
  });

  it('are not corrupted by invalid variables', () => {
    const { bills, fresh } = both(
      'query ($first: Int!) { contacts(first: $first) { nodes { contactId } } }',
      { first: 'many' },
      {},
      { first: 5_000 },
    );
    expect(bills).toEqual(fresh);
    expect(bills.map(({ total }) => total > 0)).toEqual([false, false, true]);
  });

  it('are separate for the operations of a document', () => {
    const document = parse(
      'query A { contacts(first: 500) { nodes { contactId } } } query B { contacts(first: 5000) { nodes { contactId } } }',
    );
    const remembered = rememberQueryCosts();
    const total = (operationName: string) => remembered({ schema, document, operationName }).total;
    expect([total('A'), total('B'), total('A')]).toEqual([1, 10, 1]);
  });

  it('remain correct however many there are', () => {
    const many = Array.from({ length: 200 }, (_, n) => ({ first: 1 + n * 40 }));
    const { bills, fresh } = both(
      'query ($first: Int!) { contacts(first: $first) { nodes { contactId } } }',
      ...many,
      ...many,
    );
    expect(bills).toEqual(fresh);
  });

  it('are reused for an account with many sizes until one changes, and not for another account', () => {
    const document = parse('{ contactLists { nodes { contacts(first: 50) { nodes { firstName } } } } }');
    const remembered = rememberQueryCosts();
    const costFor = (known: AccountSizes) => remembered({ schema, document, known });
    const lists = Array.from({ length: 300 }, (_, at) => at * 1_000);
    const accounts = Array.from({ length: 2 }, () => {
      const sizes = new AccountSizes();
      for (let part = 0; part < 50; part += 1)
        sizes.notePart('contacts', `of segment ${String(part)}`, 70_000);
      sizes.noteGroups('contacts of lists', lists);
      return sizes;
    });
    const [cost, other] = accounts.map(costFor);
    expect(other).not.toBe(cost);
    accounts[0]!.noteGroups('contacts of lists', lists);
    expect(accounts.map(costFor).map((again, at) => again === [cost, other][at])).toEqual([true, true]);
    accounts[0]!.notePart('contacts', 'of segment 0', 70_001);
    expect(costFor(accounts[0]!)).not.toBe(cost);
  });
});

import { expect } from 'vitest';
import type { ContactRow } from '../../src/sandbox/stores/audience.js';
import type { TestApp } from './app.js';

/** A well-formed id without a record. */
export const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

/** Well-formed ids without records. */
export const uuids = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${UNKNOWN_ID.slice(0, -4)}${String(1000 + at)}`);

/** A time of the sandbox as GraphQL writes it. */
export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const codes = (payload: { userErrors: { code: string; field: string[] }[] }): [string, string][] =>
  payload.userErrors.map(({ code, field }) => [code, field.join('.')]);

/** A contact without its update source and time, which every write changes. */
export function lasting({ update_source: _, updated_at: __, ...row }: ContactRow): Partial<ContactRow> {
  return row;
}

/** Test helpers for contacts; they call `app` at each use, because each test may have another. */
export function contactTools(app: () => TestApp) {
  const account = () => app().sandbox.account();
  const rows = (test: (row: ContactRow) => boolean = () => true) => account().contacts.filter(test);
  const some = (test: (row: ContactRow) => boolean): ContactRow => structuredClone(rows(test)[0]!);
  return {
    account,
    /** Contacts in the account's order; live rows, which change with the account. */
    rows,
    /** A copy of the first matching contact. */
    some,
    stored: (id: string): ContactRow => account().contacts.get(id)!,
    /** The first contact, which has every kind of detail. */
    fullContact: () => some((row) => row.custom_fields.length > 20),
    optedOut: (by: 'Contact' | 'Account') =>
      some((row) => row.deleted_at === null && row.email?.opt_out_source === by),
    gone: () => some((row) => row.deleted_at !== null && row.email !== null),
    fieldNamed: (label: string) => account().customFields.find((field) => field.label === label)!,
    listNamed: (name: string) => account().lists.find((list) => list.name === name)!.list_id,
    tagIds: () => [...account().tags].map((tag) => tag.tag_id),

    /** Data of a query; fails on errors. */
    async ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
      const { data, errors } = await app().query(query, { variables });
      expect(errors).toBeUndefined();
      return data;
    },

    /** Payload of one mutation. */
    async run(name: string, input: Record<string, unknown>, selection = ''): Promise<any> {
      const type = name.charAt(0).toUpperCase() + name.slice(1);
      const { data, errors } = await app().query(
        `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${selection} userErrors { code field message } } }`,
        { variables: { input } },
      );
      expect(errors).toBeUndefined();
      return data[name];
    },
  };
}

import { recordIds } from '../example-variables.js';
import type { TestApp } from '../app.js';

/** Variables by action. Mutually exclusive ones are in several runs; together the runs use every variable. */
export type ActionInputs = Record<string, (app: TestApp) => Variables[] | Promise<Variables[]>>;
export type Variables = Record<string, unknown>;

/** Ids of records that belong together. */
export function ids(app: TestApp): Record<string, string> & Record<`${string}Ids`, string[]> {
  return recordIds(app) as Record<string, string> & Record<`${string}Ids`, string[]>;
}

/** Ids of existing contacts, from the end: other actions read those at the start. */
export function lastContacts({ sandbox }: TestApp, count: number, from = 0): string[] {
  return [...sandbox.account().contacts]
    .filter((row) => row.deleted_at === null && row.email?.permission_to_send === 'implicit')
    .map((row) => row.contact_id)
    .slice(-count - from, from === 0 ? undefined : -from);
}

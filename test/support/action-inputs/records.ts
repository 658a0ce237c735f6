import type { CampaignActivityRow } from '../../../src/sandbox/stores/campaigns.js';
import type { ContactRow } from '../../../src/sandbox/stores/audience.js';
import { recordIds } from '../example-variables.js';
import type { TestApp } from '../app.js';

/** Variables of an action, by its name. Those that exclude each other are in several runs; together the runs have every variable. */
export type ActionInputs = Record<string, (app: TestApp) => Variables[] | Promise<Variables[]>>;
export type Variables = Record<string, unknown>;

/** The ids of records that belong together. */
export function ids(app: TestApp): Record<string, string> & Record<`${string}Ids`, string[]> {
  return recordIds(app) as Record<string, string> & Record<`${string}Ids`, string[]>;
}

/** Ids of contacts that are there, from the end: those at the start are what other actions read. */
export function lastContacts({ sandbox }: TestApp, count: number, from = 0): string[] {
  return [...sandbox.account().contacts]
    .filter((row) => row.deleted_at === null && row.email?.permission_to_send === 'implicit')
    .map((row) => row.contact_id)
    .slice(-count - from, from === 0 ? undefined : -from);
}

/** The first contact that fits. */
export function contactWith({ sandbox }: TestApp, fits: (row: ContactRow) => boolean): string {
  return found([...sandbox.account().contacts].find((row) => row.deleted_at === null && fits(row)))
    .contact_id;
}

/** The primary activity of the first campaign that fits. */
export function activityWith(
  { sandbox }: TestApp,
  fits: (row: CampaignActivityRow) => boolean,
): CampaignActivityRow {
  return found(
    [...sandbox.account().campaignActivities].find((row) => row.role === 'primary_email' && fits(row)),
  );
}

/** An email of own HTML in that state, with recipients and nothing else planned for it. */
export function emailIn(app: TestApp, status: string): CampaignActivityRow {
  return activityWith(
    app,
    (row) =>
      row.status === status &&
      row.format_type === 5 &&
      row.resend === null &&
      row.ab_test === null &&
      row.contact_list_ids.length > 0,
  );
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The sandbox has no such record.');
  return value;
}

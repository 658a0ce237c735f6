import type { CampaignActivityRow } from '../../../src/sandbox/stores/campaigns.js';
import type { ContactRow } from '../../../src/sandbox/stores/audience.js';
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

export function contactWith({ sandbox }: TestApp, fits: (row: ContactRow) => boolean): string {
  return found([...sandbox.account().contacts].find((row) => row.deleted_at === null && fits(row)))
    .contact_id;
}

export function activityWith(
  { sandbox }: TestApp,
  fits: (row: CampaignActivityRow) => boolean,
): CampaignActivityRow {
  return found(
    [...sandbox.account().campaignActivities].find((row) => row.role === 'primary_email' && fits(row)),
  );
}

/** An email with custom HTML in that state, with recipients and without a schedule. */
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

import type { ContactRow } from '../../src/sandbox/stores/audience.js';
import type { CampaignActivityRow } from '../../src/sandbox/stores/campaigns.js';
import type { TestApp } from './app.js';

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

export async function exportActivity(app: TestApp): Promise<string> {
  const { data } = await app.query('mutation { exportContacts(input: {}) { bulkActivity { activityId } } }');
  return data.exportContacts.bulkActivity.activityId as string;
}

/** Polls an export until its file is ready; the sandbox finishes it within a millisecond. */
export async function exportedFile(app: TestApp): Promise<string> {
  const id = await exportActivity(app);
  for (;;) {
    const { data } = await app.query(
      'query ($id: ID!) { bulkActivity(id: $id) { export { fileExportId } } }',
      { variables: { id } },
    );
    const file: unknown = data.bulkActivity.export?.fileExportId;
    if (typeof file === 'string') return file;
  }
}

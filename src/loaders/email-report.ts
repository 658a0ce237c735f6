import type { OperationId, Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { errorKeysOf } from '../constant-contact/http/error-body.js';
import { batch, type BatchAnswer } from './makers/batch.js';
import { single } from './makers/single.js';

export type CampaignStats = Schema<'CampaignStatsResultGenericStatsEmailPercentsEmail'>;
export type ActivityStats = Schema<'CampaignActivityStatsResultGenericStatsEmailActivity'>;
export type EmailLink = Schema<'EmailLinkClickCount'>;

/** Results of a report on several IDs. Errors are about IDs without a result. */
interface Results<Row> {
  results?: readonly Row[];
  /** A single error may come without an array, as in error bodies. */
  errors?: readonly Schema<'StatsError'>[] | Schema<'StatsError'> | null;
}

/** Null for campaigns without statistics. */
export const campaignStats = batch<CampaignStats>({
  noun: 'email campaigns',
  key: 'campaign_id',
  // Vendor guide.
  size: 150,
  read: async ({ api }, ids) => {
    const path = { campaign_ids: ids.join(',') };
    return answerOf('getEmailSummary', ids, await api.send('getEmailSummary', { path }));
  },
});

/** Null for activities without statistics. */
export const activityStats = batch<ActivityStats>({
  noun: 'email campaign activities',
  key: 'campaign_activity_id',
  // Vendor guide.
  size: 10,
  read: async ({ api }, ids) => {
    const path = { campaign_activity_ids: ids.join(',') };
    const answer = await api.send('getEmailCampaignActivitySummary', { path });
    return answerOf('getEmailCampaignActivitySummary', ids, answer);
  },
});

/**
 * Clicked links of an activity, and those without clicks if the operation selects them anywhere: one read
 * serves all places.
 */
export const emailLinks = single<readonly EmailLink[]>({
  noun: 'email campaign activities',
  read: async ({ api, wants }, campaign_activity_id) => {
    const query = wants('EmailCampaignActivity', 'links(includeUnclicked)') ? { no_clicks: true } : {};
    const body = await api.call('getCampaignActivityLinkStats', { path: { campaign_activity_id }, query });
    return body.link_click_counts ?? [];
  },
});

/** Words in the keys of errors that are no statement about an ID. Any other error means that it has no statistics. */
const OUTAGE = /internal|unavailable|time_?out|throttl|fail/;

/** An outage that names IDs applies to those, any other outage to all IDs without a result. */
function answerOf<Row>(
  operationId: OperationId,
  ids: readonly string[],
  { body: { results, errors }, isCached = false }: { body: Results<Row>; isCached?: boolean },
): BatchAnswer<Row> {
  const rows = results ?? [];
  const outages = [errors ?? []].flat().flatMap((error) => {
    const text = JSON.stringify([error]);
    const keys = errorKeysOf(text);
    const isOutage = keys.length > 0 ? keys.some((key) => OUTAGE.test(key)) : rows.length === 0;
    if (!isOutage) return [];
    const lower = text.toLowerCase();
    return [{ keys, about: ids.filter((id) => lower.includes(id.toLowerCase())) }];
  });
  if (outages.length === 0) return { rows };
  return {
    rows,
    isCached,
    reasonFor: (id) => {
      const own = outages.filter(({ about }) => about.length === 0 || about.includes(id));
      if (own.length === 0) return undefined;
      return reportFailure(operationId, [...new Set(own.flatMap(({ keys }) => keys))]);
    },
  };
}

function reportFailure(operationId: OperationId, errorKeys: readonly string[]): ConstantContactError {
  const reason = errorKeys.length > 0 ? ` (${errorKeys.join(', ')})` : '';
  return new ConstantContactError(
    'unavailable',
    `Constant Contact returned an error instead of these statistics${reason}.`,
    { operationId, status: 200, errorKeys },
  );
}

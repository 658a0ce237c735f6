import type { Context } from '../context.js';
import { isoTime, type IsoTime } from '../constant-contact/dates.js';
import { isWord } from '../constant-contact/words.js';
import type { PagePercents, UniqueCounts } from '../loaders/campaign-summary.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import { nullUnlessSent } from './email-report.js';
import type { Connection } from './support/page.js';

export function uniqueCounts(
  { campaign_id, current_status }: EmailCampaign,
  _args: unknown,
  { loaders }: Context,
): Promise<UniqueCounts | null> | null {
  if (!campaign_id || isWord(current_status, 'draft')) return null;
  return nullUnlessSent(current_status, loaders.uniqueCounts.load(campaign_id));
}

/** Null without a call for a draft. A sent campaign may have any other state. */
export function lastSentAt(
  campaign: EmailCampaign,
  _args: unknown,
  { loaders }: Context,
): IsoTime | null | Promise<IsoTime | null> {
  if (!campaign.campaign_id || isWord(campaign.current_status, 'draft')) return null;
  const date = loaders.lastSent.load(campaign);
  return date instanceof Promise ? date.then(isoTime) : isoTime(date);
}

/**
 * The percentages that the API computed for its page; null when the rows of the connection are not exactly
 * that page.
 */
export function pagePercents<Percents>({ extras, nodes }: Connection<unknown>): Percents | null {
  const [page, ...others] = extras as readonly PagePercents<Percents>[];
  return page && others.length === 0 && page.rows === nodes.length ? (page.percents ?? null) : null;
}

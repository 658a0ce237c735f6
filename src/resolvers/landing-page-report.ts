import type { Context } from '../context.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { LandingPageReportName, LandingPageRow } from '../loaders/landing-page-report.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { searchText } from './support/limits.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

/**
 * A landing page of which only the ID of its campaign activity is known: the API has no operation that lists
 * or reads landing pages.
 */
export interface LandingPageReport {
  campaignActivityId: string;
}

export function landingPageReport(_parent: unknown, args: { campaignActivityId: string }): LandingPageReport {
  return {
    campaignActivityId: rawId('EmailCampaignActivity', args.campaignActivityId, ['campaignActivityId']),
  };
}

/** The reports of the landing page of a row. */
export function reportOfRow({ campaign_activity_id }: LandingPageRow): LandingPageReport | null {
  return campaign_activity_id ? { campaignActivityId: campaign_activity_id } : null;
}

/** Rows of one report of a landing page. */
export function landingPageConnection(report: LandingPageReportName) {
  return (
    { campaignActivityId }: LandingPageReport,
    args: ConnectionArgs & { contactsFilter?: string | null },
    { loaders }: Context,
  ): Promise<Connection<LandingPageRow> | null> =>
    nullIfNotFound(
      paginate(
        args,
        loaders.landingPageReports.list(
          report,
          campaignActivityId,
          dropNulls({ contacts_filter: searchText(args.contactsFilter, ['contactsFilter']) }),
        ),
      ),
    );
}

import { nameOfKind } from '../constant-contact/cache/account-sizes.js';
import { contactLists } from './contact-list.js';
import { contacts, partOfSegment } from './contact.js';
import { emailCampaigns } from './email-campaign.js';
import { nameOfReport, TRACKING_REPORTS, trackingReports, type TrackingReport } from './email-tracking.js';
import { events } from './event.js';
import {
  LANDING_PAGE_REPORTS,
  landingPageReports,
  nameOfPageReport,
  type LandingPageReportName,
} from './landing-page-report.js';
import type { Loader, Scope } from './makers/loader.js';
import type { PageSource } from './makers/page-source.js';
import { tags } from './tag.js';

function page<Instance extends object>(
  loader: Loader<Instance>,
  list: (instance: Instance) => Pick<PageSource<unknown>, 'fetch' | 'maxPage'>,
  limit?: number,
) {
  return (scope: Scope) => {
    const source = list(scope.use(loader));
    return source.fetch(null, limit ?? source.maxPage);
  };
}

/**
 * Reads that report the size of a collection in one call: a page with a count, or one that is likely
 * complete.
 */
const READS: ReadonlyMap<string, (scope: Scope) => Promise<unknown>> = new Map([
  [contacts.cost.rows, page(contacts, (all) => all.list({ status: 'all' }, { count: true, keep: false }), 1)],
  [contactLists.cost.rows, page(contactLists, (all) => all.list({ variant: 'all' }))],
  [tags.cost.rows, page(tags, (all) => all.list({ variant: 'counted' }))],
  [emailCampaigns.cost.rows, page(emailCampaigns, (all) => all.list({}))],
  [events.cost.rows, page(events, (all) => all.list({}))],
]);

/** Maximum number of calls before an operation is refused. */
const MAX_READS = 10;

/** First pages of parts of collections, which show how many rows a part has, if these are few: name before the ID → read. */
const PART_READS: readonly (readonly [string, (id: string) => (scope: Scope) => Promise<unknown>])[] = [
  [
    nameOfKind(contacts.cost.rows, partOfSegment('')),
    (segment_id) => page(contacts, (all) => all.list({ segment_id })),
  ],
  ...(Object.keys(TRACKING_REPORTS) as TrackingReport[]).map(
    (report) =>
      [
        nameOfKind(trackingReports.cost.rows, nameOfReport(report, '')),
        (activityId: string) => page(trackingReports, (all) => all.list(report, activityId, {})),
      ] as const,
  ),
  ...(Object.keys(LANDING_PAGE_REPORTS) as LandingPageReportName[]).map(
    (report) =>
      [
        nameOfKind(landingPageReports.cost.rows, nameOfPageReport(report, '')),
        (activityId: string) => page(landingPageReports, (all) => all.list(report, activityId, {})),
      ] as const,
  ),
];

function partRead(name: string): ((scope: Scope) => Promise<unknown>) | undefined {
  for (const [prefix, read] of PART_READS)
    if (name.startsWith(prefix)) return read(name.slice(prefix.length));
  return undefined;
}

/**
 * Reads the sizes of those of these collections and parts of collections for which one call each is enough, so that a query cost need
 * not assume them. A collection that was read recently is not read again.
 * @returns null when there are none, or too many
 */
export function readSizes(scope: Scope, collections: Iterable<string>): Promise<unknown> | null {
  const reads = [...collections].flatMap((name) => {
    const read = READS.get(name) ?? partRead(name);
    return read ? [() => scope.api.sizes.lookUp(name, () => read(scope))] : [];
  });
  if (reads.length === 0 || reads.length > MAX_READS) return null;
  return Promise.all(reads.map((read) => read()));
}

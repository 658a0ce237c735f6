import { contactLists } from '../loaders/contact-list.js';
import { campaignSummaries } from '../loaders/campaign-summary.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { parseDate } from '../constant-contact/dates.js';
import {
  activityStats,
  campaignStats,
  emailLinks,
  type ActivityStats,
  type CampaignStats,
} from '../loaders/email-report.js';
import { nameOfReport, trackingCost, type TrackingReport } from '../loaders/email-tracking.js';
import { campaignRow } from '../resolvers/email-campaign.js';
import * as resolvers from '../resolvers/email-report.js';
import { builder } from './builder.js';
import { connectionArgs } from './connection.js';
import { ContactList } from './contact-list.js';
import { EmailCampaign } from './email-campaign.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import {
  BounceReason,
  EmailBounces,
  EmailClicks,
  EmailDidNotOpens,
  EmailForwards,
  EmailLink,
  EmailOpens,
  EmailOptouts,
  EmailSends,
} from './email-tracking.js';
import { enumFields, openEnum } from './enums.js';
import type { Fields } from './fields.js';
import { campaignReference } from './references.js';
import { isAfterCursor } from './cost-part.js';
import { cost, type Asked } from './cost.js';
import { rowsOfPart } from './cost-pages.js';
import { named } from './named.js';

type DeviceCounts = (device: 'computer' | 'mobile' | 'tablet' | 'other' | 'none') => number | null;

const DeviceCountsRef = builder.objectRef<DeviceCounts>('EmailDeviceCounts').implement({
  description: 'Counts by type of device.',
  fields: (t) => ({
    computer: t.int({ description: 'Count for computers.', resolve: (counts) => counts('computer') }),
    mobile: t.int({ description: 'Count for phones.', resolve: (counts) => counts('mobile') }),
    tablet: t.int({ description: 'Count for tablets.', resolve: (counts) => counts('tablet') }),
    other: t.int({ description: 'Count for other devices.', resolve: (counts) => counts('other') }),
    none: t.int({
      description: 'Count for devices that could not be identified.',
      resolve: (counts) => counts('none'),
    }),
  }),
});

/** Counts that campaigns and activities share. */
function countFields<Parent extends { stats?: object; last_refresh_time?: string }>(t: Fields<Parent>) {
  const count = (key: string, description: string) =>
    t.int({ description, resolve: ({ stats }) => resolvers.stat(stats, key) });
  const devices = (key: string, description: string) =>
    t.field({
      type: DeviceCountsRef,
      description,
      resolve:
        ({ stats }): DeviceCounts =>
        (device) =>
          resolvers.stat(stats, `${key}_${device}`),
    });
  return {
    sends: count('em_sends', 'Number of emails sent.'),
    uniqueOpens: count('em_opens', 'Number of contacts who opened the email.'),
    opens: count('em_opens_all', 'Number of opens, including repeated opens.'),
    opensByDevice: devices('em_opens_all', '`opens` by type of device.'),
    uniqueClicks: count('em_clicks', 'Number of contacts who clicked a link in the email.'),
    clicks: count('em_clicks_all', 'Number of clicks, including repeated clicks.'),
    clicksByDevice: devices('em_clicks_all', '`clicks` by type of device.'),
    forwards: count('em_forwards', 'Number of contacts who forwarded the email.'),
    optouts: count('em_optouts', 'Number of contacts who opted out through the email.'),
    bounces: count('em_bounces', 'Number of emails that bounced.'),
    notOpened: count('em_not_opened', 'Emails sent minus opens and bounces. Never below 0.'),
    lastRefreshTime: t.field({
      type: 'DateTime',
      description: 'When the API last computed these counts. They lag behind the actual activity.',
      resolve: ({ last_refresh_time }) => parseDate(last_refresh_time),
    }),
  };
}

type Percents = Schema<'BulkEmailCampaignSummariesPercents'>;

/** Percentages of a campaign, and of the campaigns of a page. */
function percentFields<Row extends Percents>(t: Fields<Row>) {
  const percent = (key: keyof Percents, description: string) =>
    t.float({ description, resolve: (row) => row[key] });
  return {
    openPercentOfDelivered: percent('open', 'Contacts who opened, as a percentage of emails delivered.'),
    clickPercentOfOpeners: percent('click', 'Contacts who clicked, as a percentage of contacts who opened.'),
    didNotOpenPercentOfDelivered: percent(
      'did_not_open',
      'Contacts who did not open, as a percentage of emails delivered.',
    ),
    bouncePercentOfSends: percent('bounce', 'Emails that bounced, as a percentage of emails sent.'),
    unsubscribePercentOfDelivered: percent(
      'unsubscribe',
      'Contacts who opted out, as a percentage of emails delivered.',
    ),
  };
}

export const EmailSummaryPercents = builder.objectRef<Percents>('EmailSummaryPercents').implement({
  description: 'Percentages from 0 to 100 over all email campaigns of one page.',
  fields: percentFields,
});

const EmailStatsPercents = builder.objectRef<NonNullable<CampaignStats['percents']>>('EmailStatsPercents');
EmailStatsPercents.implement({
  description: 'Percentages from 0 to 100. Each field name states the base of its percentage.',
  fields: (t) => ({
    ...percentFields(t),
    mobileOpenPercentOfOpens: t.exposeFloat('mobile_open', {
      description: 'Opens on phones, as a percentage of all opens.',
    }),
    desktopOpenPercentOfOpens: t.exposeFloat('desktop_open', {
      description: 'Opens on computers, as a percentage of all opens.',
    }),
    mobileClickPercentOfClicks: t.exposeFloat('mobile_click', {
      description: 'Clicks on phones, as a percentage of all clicks.',
    }),
    desktopClickPercentOfClicks: t.exposeFloat('desktop_click', {
      description: 'Clicks on computers, as a percentage of all clicks.',
    }),
  }),
});

const EmailCampaignStats = builder.objectRef<CampaignStats>('EmailCampaignStats').implement({
  description: 'Results of a campaign, including its resend.',
  fields: (t) => ({
    ...countFields(t),
    percents: t.expose('percents', {
      type: EmailStatsPercents,
      description: 'Results of the campaign as percentages.',
    }),
  }),
});

const EmailBounceCounts = builder.objectRef<NonNullable<ActivityStats['stats']>>('EmailBounceCounts');
EmailBounceCounts.implement({
  description: 'Numbers of bounced emails by reason.',
  fields: (t) => ({
    blocked: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_blocked'),
      description: 'Emails that the receiving server rejected.',
    }),
    mailboxFull: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_mailbox_full'),
      description: 'Emails to a full mailbox.',
    }),
    nonexistentAddress: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_nonexistent_address'),
      description: 'Emails to an address that does not exist.',
    }),
    suspended: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_suspended'),
      description: 'Emails that were not attempted, because earlier mail to the address bounced.',
    }),
    undeliverable: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_undeliverable'),
      description: 'Emails that could not be delivered.',
    }),
    vacation: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_vacation'),
      description: 'Emails answered by an out-of-office reply.',
    }),
    other: t.int({
      resolve: (row) => resolvers.stat(row, 'em_bounces_other'),
      description: 'Emails that bounced for any other reason.',
    }),
  }),
});

const EmailCampaignActivityStats = builder.objectRef<ActivityStats>('EmailCampaignActivityStats').implement({
  description: 'Results of one email of a campaign.',
  fields: (t) => ({
    ...countFields(t),
    abuse: t.int({
      description: 'Number of contacts who reported the email as spam.',
      resolve: ({ stats }) => resolvers.stat(stats, 'em_abuse'),
    }),
    bouncesByReason: t.expose('stats', { type: EmailBounceCounts, description: '`bounces` by reason.' }),
    campaign: t.field({
      type: EmailCampaign,
      description: 'Campaign of the email.',
      queryCost: campaignReference(),
      resolve: ({ campaign_id }, _args, context, info) => campaignRow(campaign_id, context, info),
    }),
  }),
});

const LinkListAction = openEnum('LinkListAction', 'Effect of a click on the list membership of a contact.', {
  ADD: 'Adds the contact to the list.',
});

EmailLink.implement({
  description: 'Link in an email, with its clicks.',
  fields: (t) => ({
    urlId: t.exposeID('url_id', { description: 'ID of the link within the email.' }),
    url: t.exposeString('link_url', { description: 'Address that the link leads to.' }),
    uniqueClicks: t.exposeInt('unique_clicks', { description: 'Number of contacts who clicked the link.' }),
    ...enumFields(
      t,
      'listAction',
      'list_action',
      LinkListAction,
      'Effect of a click on the membership in `list`.',
    ),
    list: t.field({
      type: ContactList,
      description: 'List that a click adds the contact to.',
      queryCost: cost.scan(contactLists, { misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.listOfLink,
    }),
    tag: t.exposeString('link_tag', { description: 'Tag of the link in the HTML.' }),
    clicks: t.field({
      type: EmailClicks,
      description:
        'Clicks on this link. When one page holds all clicks of the email, that page is read once for all links.',
      queryCost: cost.all(cost.pages(trackingCost('clicks')), cost.lookUpParts('clicks', { ofOne: true })),
      args: { ...connectionArgs(t.arg) },
      resolve: resolvers.clicksOfLink,
    }),
  }),
});

builder.objectField(EmailCampaign, 'stats', (t) =>
  t.field({
    type: EmailCampaignStats,
    description: 'Results of the campaign. `null` when it was never sent.',
    queryCost: cost.all(
      cost.batch(campaignStats),
      cost.newest(campaignSummaries, {
        due: (n, asked) => n > campaignStats.cost.size && asked.only(resolvers.SUMMARY_COUNTS),
        when: 'more campaigns are requested and only counts that campaign summaries include are selected',
      }),
    ),
    resolve: resolvers.campaignStats,
  }),
);

builder.objectFields(EmailCampaignActivity, (t) => {
  const args = connectionArgs(t.arg);
  /** The whole report, where the query names the activity. */
  const wholeOf =
    (report: TrackingReport) =>
    ({ parentArgs }: Asked) =>
      named('EmailCampaignActivity', parentArgs['id'], (id) => nameOfReport(report, id));
  const rows = (report: TrackingReport, type: typeof EmailSends, what: string) =>
    ({
      type,
      description: `${what}, newest first. \`null\` when the email was never sent.`,
      queryCost: cost.pages(trackingCost(report), { part: wholeOf(report) }),
      args,
      resolve: resolvers.tracking(report),
    }) as const;
  const parts = (report: TrackingReport, argument: string) => {
    const { rows, pageSize } = trackingCost(report).cost;
    const part = wholeOf(report);
    const isPart = ({ args: given }: Asked) => given[argument] != null;
    return cost.all(
      cost.pages(trackingCost(report), {
        part,
        // A report of one page is looked up whole.
        due: (_n, asked) =>
          !isPart(asked) || isAfterCursor(asked) || rowsOfPart(rows, part, asked) > pageSize,
      }),
      cost.lookUpParts(report, { due: (_n, asked) => isPart(asked), when: `\`${argument}\` is given` }),
    );
  };
  return {
    stats: t.field({
      type: EmailCampaignActivityStats,
      description: 'Results of this email. `null` when it was never sent.',
      queryCost: cost.batch(activityStats),
      resolve: resolvers.activityStats,
    }),
    links: t.field({
      type: [EmailLink],
      description: 'Links that were clicked, with their clicks. `null` when the email was never sent.',
      queryCost: cost.one(emailLinks, { rows: { usual: 4, most: 100 } }),
      args: {
        includeUnclicked: t.arg.boolean({ description: 'True to include links without clicks.' }),
      },
      resolve: resolvers.links,
    }),
    sends: t.field(rows('sends', EmailSends, 'Contacts who were sent the email')),
    opens: t.field(rows('opens', EmailOpens, 'All opens, including repeated ones')),
    uniqueOpens: t.field(rows('uniqueOpens', EmailOpens, 'First open of each contact')),
    didNotOpens: t.field(rows('didNotOpens', EmailDidNotOpens, 'Contacts who did not open the email')),
    clicks: t.field({
      ...rows('clicks', EmailClicks, 'All clicks, including repeated ones'),
      queryCost: parts('clicks', 'urlId'),
      args: { ...args, urlId: t.arg.id({ description: 'Only clicks on the link with this `urlId`.' }) },
    }),
    forwards: t.field(rows('forwards', EmailForwards, 'Contacts who forwarded the email')),
    optouts: t.field(rows('optouts', EmailOptouts, 'Contacts who opted out through the email')),
    bounces: t.field({
      ...rows('bounces', EmailBounces, 'Emails that bounced'),
      queryCost: parts('bounces', 'bounceCodes'),
      args: {
        ...args,
        bounceCodes: t.arg({
          type: [BounceReason.type],
          description: 'Only emails that bounced for one of these reasons.',
        }),
      },
    }),
  };
});

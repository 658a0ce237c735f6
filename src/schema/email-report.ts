import { contactLists } from '../loaders/contact-list.js';
import { campaignSummaries } from '../loaders/campaign-summary.js';
import { parseDate } from '../constant-contact/dates.js';
import {
  activityStats,
  campaignStats,
  emailLinks,
  type ActivityStats,
  type CampaignStats,
} from '../loaders/email-report.js';
import { trackingReports } from '../loaders/email-tracking.js';
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
import { cost } from './cost.js';

type DeviceCounts = (device: 'computer' | 'mobile' | 'tablet' | 'other' | 'none') => number | null;

const DeviceCountsRef = builder.objectRef<DeviceCounts>('EmailDeviceCounts');
DeviceCountsRef.implement({
  description: 'How often something happened, by the kind of device.',
  fields: (t) => ({
    computer: t.int({ description: 'On computers.', resolve: (counts) => counts('computer') }),
    mobile: t.int({ description: 'On phones.', resolve: (counts) => counts('mobile') }),
    tablet: t.int({ description: 'On tablets.', resolve: (counts) => counts('tablet') }),
    other: t.int({ description: 'On other devices.', resolve: (counts) => counts('other') }),
    none: t.int({ description: 'On devices that could not be told.', resolve: (counts) => counts('none') }),
  }),
});

/** The counts that campaigns and activities share. */
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
    sends: count('em_sends', 'Emails sent.'),
    uniqueOpens: count('em_opens', 'Contacts who opened it.'),
    opens: count('em_opens_all', 'Opens, each time counted.'),
    opensByDevice: devices('em_opens_all', '`opens` by device.'),
    uniqueClicks: count('em_clicks', 'Contacts who clicked a link.'),
    clicks: count('em_clicks_all', 'Clicks, each time counted.'),
    clicksByDevice: devices('em_clicks_all', '`clicks` by device.'),
    forwards: count('em_forwards', 'Contacts who forwarded it.'),
    optouts: count('em_optouts', 'Contacts who opted out through it.'),
    bounces: count('em_bounces', 'Emails that came back.'),
    notOpened: count('em_not_opened', 'Sends less opens and bounces, never below 0.'),
    lastRefreshTime: t.field({
      type: 'DateTime',
      description: 'When the API last computed these figures; they lag behind.',
      resolve: ({ last_refresh_time }) => parseDate(last_refresh_time),
    }),
  };
}

const EmailStatsPercents = builder.objectRef<NonNullable<CampaignStats['percents']>>('EmailStatsPercents');
EmailStatsPercents.implement({
  description: 'Percentages from 0 to 100, each named for what it is over.',
  fields: (t) => ({
    openPercentOfDelivered: t.exposeFloat('open', {
      description: 'Contacts who opened, of emails delivered.',
    }),
    clickPercentOfOpeners: t.exposeFloat('click', {
      description: 'Contacts who clicked, of contacts who opened.',
    }),
    didNotOpenPercentOfDelivered: t.exposeFloat('did_not_open', {
      description: 'Contacts who did not open, of emails delivered.',
    }),
    bouncePercentOfSends: t.exposeFloat('bounce', { description: 'Emails that came back, of emails sent.' }),
    unsubscribePercentOfDelivered: t.exposeFloat('unsubscribe', {
      description: 'Contacts who opted out, of emails delivered.',
    }),
    mobileOpenPercentOfOpens: t.exposeFloat('mobile_open', { description: 'Opens on phones, of all opens.' }),
    desktopOpenPercentOfOpens: t.exposeFloat('desktop_open', {
      description: 'Opens on computers, of all opens.',
    }),
    mobileClickPercentOfClicks: t.exposeFloat('mobile_click', {
      description: 'Clicks on phones, of all clicks.',
    }),
    desktopClickPercentOfClicks: t.exposeFloat('desktop_click', {
      description: 'Clicks on computers, of all clicks.',
    }),
  }),
});

const EmailCampaignStats = builder.objectRef<CampaignStats>('EmailCampaignStats');
EmailCampaignStats.implement({
  description: 'What came of a campaign, its resend included.',
  fields: (t) => ({
    ...countFields(t),
    percents: t.field({
      type: EmailStatsPercents,
      description: 'The figures as percentages.',
      resolve: ({ percents }) => percents,
    }),
  }),
});

const EmailBounceCounts = builder.objectRef<NonNullable<ActivityStats['stats']>>('EmailBounceCounts');
EmailBounceCounts.implement({
  description: 'Emails that came back, by the reason.',
  fields: (t) => ({
    blocked: t.exposeInt('em_bounces_blocked', { description: 'Refused by the receiving server.' }),
    mailboxFull: t.exposeInt('em_bounces_mailbox_full', { description: 'The mailbox was full.' }),
    nonexistentAddress: t.exposeInt('em_bounces_nonexistent_address', {
      description: 'There is no such address.',
    }),
    suspended: t.exposeInt('em_bounces_suspended', {
      description: 'Not even tried, because earlier mail to the address came back.',
    }),
    undeliverable: t.exposeInt('em_bounces_undeliverable', { description: 'Could not be delivered.' }),
    vacation: t.exposeInt('em_bounces_vacation', { description: 'Answered by an absence notice.' }),
    other: t.exposeInt('em_bounces_other', { description: 'Any other reason.' }),
  }),
});

const EmailCampaignActivityStats = builder.objectRef<ActivityStats>('EmailCampaignActivityStats');
EmailCampaignActivityStats.implement({
  description: 'What came of one email of a campaign.',
  fields: (t) => ({
    ...countFields(t),
    abuse: t.int({
      description: 'Contacts who reported it as spam.',
      resolve: ({ stats }) => resolvers.stat(stats, 'em_abuse'),
    }),
    bouncesByReason: t.field({
      type: EmailBounceCounts,
      description: '`bounces` by the reason.',
      resolve: ({ stats }) => stats,
    }),
    campaign: t.field({
      type: EmailCampaign,
      description: 'The campaign of the email.',
      queryCost: campaignReference(),
      resolve: ({ campaign_id }, _args, context, info) => campaignRow(campaign_id, context, info),
    }),
  }),
});

const LinkListAction = openEnum('LinkListAction', 'What a click on a link does to a list.', {
  ADD: 'It puts the contact on the list.',
});

EmailLink.implement({
  description: 'A link in an email.',
  fields: (t) => ({
    urlId: t.exposeID('url_id', { description: 'Id of the link within the email.' }),
    url: t.exposeString('link_url', { description: 'Where it leads.' }),
    uniqueClicks: t.exposeInt('unique_clicks', { description: 'Contacts who clicked it.' }),
    ...enumFields(t, 'listAction', 'list_action', LinkListAction, 'What a click does to `list`.'),
    list: t.field({
      type: ContactList,
      description: 'The list that a click puts a contact on.',
      queryCost: cost.scan(contactLists, { misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.listOfLink,
    }),
    tag: t.exposeString('link_tag', { description: 'Tag of the link in the html.' }),
    clicks: t.field({
      type: EmailClicks,
      description: 'Clicks on this link. Where one page has all clicks of the email, it serves all links.',
      queryCost: cost.all(cost.pages(trackingReports), cost.lookUpParts('clicks', { ofOne: true })),
      args: { ...connectionArgs(t.arg) },
      resolve: resolvers.clicksOfLink,
    }),
  }),
});

builder.objectField(EmailCampaign, 'stats', (t) =>
  t.field({
    type: EmailCampaignStats,
    description: 'What came of the campaign; null when it was never sent.',
    queryCost: cost.all(
      cost.batch(campaignStats),
      cost.newest(campaignSummaries, {
        due: (n, asked) => n > campaignStats.cost.size && asked.only(resolvers.SUMMARY_COUNTS),
        when: 'only figures that summaries have are selected, of more campaigns',
      }),
    ),
    resolve: resolvers.campaignStats,
  }),
);

builder.objectFields(EmailCampaignActivity, (t) => {
  const rows = <Rows>(type: Rows, what: string) =>
    ({
      type,
      description: `${what}, newest first; null when it was never sent.`,
      queryCost: cost.pages(trackingReports),
    }) as const;
  const parts = (report: string, argument: string) =>
    cost.all(
      cost.pages(trackingReports),
      cost.lookUpParts(report, {
        due: (_n, { args: given }) => given[argument] != null,
        when: `\`${argument}\` is given`,
      }),
    );
  const args = connectionArgs(t.arg);
  return {
    stats: t.field({
      type: EmailCampaignActivityStats,
      description: 'What came of this email; null when it was never sent.',
      queryCost: cost.batch(activityStats),
      resolve: resolvers.activityStats,
    }),
    links: t.field({
      type: [EmailLink],
      nullable: { list: true, items: false },
      description: 'Links that were clicked, with their clicks; null when it was never sent.',
      queryCost: cost.one(emailLinks, { rows: { usual: 4, most: 100 } }),
      args: {
        includeUnclicked: t.arg.boolean({ description: 'Lists the links that nobody clicked as well.' }),
      },
      resolve: resolvers.links,
    }),
    sends: t.field({
      ...rows(EmailSends, 'Contacts it was sent to'),
      args,
      resolve: resolvers.tracking('sends'),
    }),
    opens: t.field({
      ...rows(EmailOpens, 'Opens, each time listed'),
      args,
      resolve: resolvers.tracking('opens'),
    }),
    uniqueOpens: t.field({
      ...rows(EmailOpens, 'First open of each contact'),
      args,
      resolve: resolvers.tracking('uniqueOpens'),
    }),
    didNotOpens: t.field({
      ...rows(EmailDidNotOpens, 'Contacts who did not open it'),
      args,
      resolve: resolvers.tracking('didNotOpens'),
    }),
    clicks: t.field({
      ...rows(EmailClicks, 'Clicks, each time listed'),
      queryCost: parts('clicks', 'urlId'),
      args: { ...args, urlId: t.arg.id({ description: 'Only clicks on the link with this `urlId`.' }) },
      resolve: resolvers.tracking('clicks'),
    }),
    forwards: t.field({
      ...rows(EmailForwards, 'Contacts who forwarded it'),
      args,
      resolve: resolvers.tracking('forwards'),
    }),
    optouts: t.field({
      ...rows(EmailOptouts, 'Contacts who opted out through it'),
      args,
      resolve: resolvers.tracking('optouts'),
    }),
    bounces: t.field({
      ...rows(EmailBounces, 'Emails that came back'),
      queryCost: parts('bounces', 'bounceCodes'),
      args: {
        ...args,
        bounceCodes: t.arg({
          type: [BounceReason.type],
          description: 'Only those that came back for one of these reasons.',
        }),
      },
      resolve: resolvers.tracking('bounces'),
    }),
  };
});

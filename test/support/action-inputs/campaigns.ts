import type { TestApp } from '../app.js';
import { activityWith, emailIn, found } from '../records.js';
import { ids, type ActionInputs } from './records.js';

const EMAIL = {
  format: 'CUSTOM_CODE',
  sender: {
    name: 'Harborlight Books',
    email: 'news@harborlight.example',
    replyTo: 'events@harborlight.example',
  },
  subject: 'What to plant in April',
  preheader: 'And what had better wait',
  htmlContent: '<html><body>[[trackingImage]]<p>Peas</p></body></html>',
  physicalAddressInFooter: {
    organizationName: 'Harborlight Books Ltd',
    addressLine1: '48 Harbor Road',
    city: 'Boston',
    stateCode: 'MA',
    postalCode: '02110',
    countryCode: 'US',
  },
};

export const CAMPAIGN_INPUTS: ActionInputs = {
  create_email_campaign: () => [
    {
      name: 'Garden Letter, spring',
      email_campaign_activities: EMAIL,
    },
  ],
  update_email_campaign_activity: (app) => [
    {
      campaign_activity_id: emailIn(app, 'DRAFT').campaign_activity_id,
      from_name: 'Harborlight Garden',
      from_email: 'news@harborlight.example',
      reply_to_email: 'events@harborlight.example',
      subject: 'What to plant in May',
      preheader: 'Everything that had to wait',
      html_content: '<html><body>[[trackingImage]]<p>Beans</p></body></html>',
      recipients: { listIds: ids(app).listIds },
      physical_address_in_footer: { organizationName: 'Harborlight Trust', city: 'Salem' },
    },
    {
      campaign_activity_id: emailIn(app, 'DRAFT').campaign_activity_id,
      recipients: { segmentId: ids(app).segmentId },
    },
    {
      campaign_activity_id: activityWith(app, (row) => row.status === 'DONE' && row.format_type === 2)
        .campaign_activity_id,
      document_properties: { textContent: 'Beans', subscribeLinkName: 'Join', forwardEmailLinkEnabled: true },
    },
  ],
  rename_email_campaign: (app) => [{ campaign_id: ids(app).campaignId, name: 'Garden Letter, summer' }],
  get_email_campaign: (app) => [{ campaign_id: ids(app).campaignId }],
  list_email_campaigns: () => [
    { limit: 3, after_date: '2010-01-01T00:00:00Z', before_date: '2040-01-01T00:00:00Z' },
  ],
  delete_email_campaign: (app) => [{ campaign_id: emailIn(app, 'DRAFT').campaign_id }],
  get_email_campaign_id_xrefs: ({ sandbox }) => [
    {
      v2_email_campaign_ids: [...sandbox.account().campaigns].flatMap((row) => row.v2_id ?? []).slice(0, 2),
    },
  ],
  get_email_campaigns_stats_report: async (app) => {
    const { data } = await app.query(
      '{ emailCampaignSummaries(first: 2) { nodes { campaign { id campaignId } } } }',
    );
    const campaigns = data.emailCampaignSummaries.nodes.map((row: any) => row.campaign);
    return ['campaignId', 'id'].map((form) => ({ campaign_ids: campaigns.map((row: any) => row[form]) }));
  },
  list_email_campaign_summaries_report: () => [{ limit: 4 }],
  get_email_campaign_activity: (app) => [
    {
      campaign_activity_id: ids(app).campaignActivityId,
      include_html_content: true,
      include_permalink_url: true,
      include_physical_address_in_footer: true,
      include_document_properties: true,
    },
  ],
  get_email_campaign_activity_preview: (app) => [{ campaign_activity_id: ids(app).campaignActivityId }],
  get_email_campaign_activity_send_history: (app) => [{ campaign_activity_id: ids(app).campaignActivityId }],
  get_email_campaign_activity_schedule: (app) => [
    { campaign_activity_id: emailIn(app, 'SCHEDULED').campaign_activity_id },
  ],
  create_resend_to_non_openers: (app) => {
    const drafts = [...app.sandbox.account().campaignActivities].filter(
      (row) =>
        row.role === 'primary_email' && row.status === 'DRAFT' && row.resend === null && row.ab_test === null,
    );
    return [{ days: 3 }, { minutes: 1_439 }].map((delay, at) => ({
      campaign_activity_id: found(drafts[at]).campaign_activity_id,
      resend_subject: 'Once more, with fewer words',
      delay,
    }));
  },
  get_resend_to_non_openers: (app) => [
    { campaign_activity_id: activityWith(app, (row) => row.resend !== null).campaign_activity_id },
  ],
  list_email_did_not_opens_report: emailReport,
  list_email_forwards_report: emailReport,
  list_email_optouts_report: emailReport,
  list_email_unique_opens_report: emailReport,
  list_landing_page_contact_opens_report: landingPageReport,
  list_landing_page_unique_contact_adds_report: landingPageReport,
  list_landing_page_unique_contact_clicks_report: landingPageReport,
  list_landing_page_unique_contact_opens_report: landingPageReport,
  list_landing_page_unique_contact_updates_report: landingPageReport,
  list_sms_campaign_summaries_report: () => [
    { limit: 5, start_at: '2020-01-01T00:00:00Z', end_at: '2040-01-01T00:00:00Z' },
  ],
  create_social_post: (app) => [
    {
      name: 'Seed swap teaser',
      status: 'SCHEDULED',
      scheduled_time: '2040-04-06T14:00:00Z',
      profile_posts: [
        {
          text: 'Too many seedlings?',
          profileIds: [ids(app).profileId],
          imageUrls: ['https://www.example.com/seedlings.png'],
          settings: [{ network: 'tiktok', name: 'disable_comment', value: 'true' }],
        },
      ],
    },
  ],
  list_social_connections: () => [{}],
  list_social_hashtag_groups: () => [{ limit: 5 }],
  list_social_profiles: () => [{ include_accessible: true }],
};

function emailReport(app: TestApp) {
  return [{ campaign_activity_id: ids(app).campaignActivityId, limit: 3 }];
}

function landingPageReport(app: TestApp) {
  return [{ campaign_activity_id: ids(app).landingPageId, contacts_filter: 'a', limit: 3 }];
}

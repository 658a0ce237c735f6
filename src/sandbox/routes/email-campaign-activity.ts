import { csv, type Handlers } from '../handler.js';
import {
  ACTIVITY_INCLUDES,
  activityResource,
  checkHtml,
  checkRecipients,
  findActivity,
  findPrimary,
  HTML_FORMATS,
  setStatus,
} from '../model/campaign.js';
import { invalid } from '../errors.js';
import type { CampaignStatus } from '../stores/campaigns.js';

const EDITABLE: readonly CampaignStatus[] = ['DRAFT', 'DONE'];
const HAS_PROPERTIES: readonly number[] = [1, 2];

export const emailCampaignActivity = {
  retrieveEmailCampaignActivityUsingGET: (call) => {
    const row = findActivity(call.account, call.path.campaign_activity_id);
    return { status: 200, body: activityResource(row, new Set(csv(call.query.include))) };
  },

  updateEmailCampaignActivityUsingPUT: (call) => {
    const { account, body, now } = call;
    const found = findActivity(account, call.path.campaign_activity_id);
    const { from_name, from_email, reply_to_email, subject } = body;
    // The API writes these properties of an email that is neither draft nor sent although it refuses the
    // request.
    if (found.role === 'primary_email' && !EDITABLE.includes(found.status)) {
      Object.assign(found, { from_name, subject });
    }
    const row = findPrimary(account, call.path.campaign_activity_id, EDITABLE);
    if (body.html_content !== undefined) checkHtml(body.html_content);
    const recipients = checkRecipients(account, body, row.format_type);
    if (body.html_content !== undefined && !HTML_FORMATS.includes(row.format_type)) {
      throw invalid('This format_type has no html_content.');
    }
    if (body.document_properties && !HAS_PROPERTIES.includes(row.format_type)) {
      throw invalid('This format_type has no document_properties.');
    }
    // Omitted plain properties are cleared; the sub-resources of `include` are kept.
    Object.assign(row, recipients, {
      from_name,
      from_email,
      reply_to_email,
      subject,
      preheader: body.preheader || null,
      html_content: body.html_content ?? row.html_content,
      physical_address_in_footer: body.physical_address_in_footer ?? row.physical_address_in_footer,
      document_properties: body.document_properties ?? row.document_properties,
    });
    setStatus(account, row, row.status, now);
    return { status: 200, body: activityResource(row, new Set(ACTIVITY_INCLUDES)) };
  },
} satisfies Handlers;

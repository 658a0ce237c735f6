import { csv, type Handlers } from '../handler.js';
import {
  ACTIVITY_INCLUDES,
  activityResource,
  checkRecipients,
  checkSender,
  findActivity,
  findPrimary,
  HTML_FORMATS,
  setStatus,
} from '../model/campaign.js';
import { invalid } from '../errors.js';

const HAS_PROPERTIES: readonly number[] = [1, 2];

/** Activities of email campaigns. */
export const emailCampaignActivity = {
  retrieveEmailCampaignActivityUsingGET: (call) => {
    const row = findActivity(call.account, call.path.campaign_activity_id);
    return { status: 200, body: activityResource(row, new Set(csv(call.query.include))) };
  },

  updateEmailCampaignActivityUsingPUT: (call) => {
    const { account, body, now } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['DRAFT', 'DONE']);
    const from_email = checkSender(account, body.from_email, 'from_email');
    const reply_to_email = checkSender(account, body.reply_to_email, 'reply_to_email');
    const recipients = checkRecipients(account, body, row.format_type);
    if (body.html_content !== undefined && !HTML_FORMATS.includes(row.format_type)) {
      throw invalid('This format_type has no html_content.');
    }
    if (body.document_properties && !HAS_PROPERTIES.includes(row.format_type)) {
      throw invalid('This format_type has no document_properties.');
    }
    // Plain properties that are left out are emptied; the sub-resources that `include` brings are kept.
    Object.assign(row, recipients, {
      from_name: body.from_name,
      from_email,
      reply_to_email,
      subject: body.subject,
      preheader: body.preheader || null,
      html_content: body.html_content ?? row.html_content,
      physical_address_in_footer: body.physical_address_in_footer ?? row.physical_address_in_footer,
      document_properties: body.document_properties ?? row.document_properties,
    });
    setStatus(account, row, row.status, now);
    return { status: 200, body: activityResource(row, new Set(ACTIVITY_INCLUDES)) };
  },
} satisfies Handlers;

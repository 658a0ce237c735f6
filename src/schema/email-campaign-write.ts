import * as resolvers from '../resolvers/email-campaign-write.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { deletion } from './deletion.js';
import { EmailCampaign, EmailCampaignConnection } from './email-campaign.js';
import { EmailFormat } from './email-campaign-activity.js';
import {
  EmailFooterAddressInput,
  EmailSenderInput,
  HTML,
  NAME,
  PREHEADER,
  SUBJECT,
} from './email-campaign-input.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const EmailCampaignActivityInput = builder.inputType('EmailCampaignActivityInput', {
  description:
    'Email of a new campaign. Recipients are not part of it: the API accepts them only in `updateEmailCampaignActivity`.',
  fields: (t) => ({
    format: t.field({
      type: EmailFormat.type,
      ...limited`${{ enum: ['CUSTOM_CODE', 'FOURTH_GENERATION_EDITOR', 'LEGACY_CUSTOM_CODE'] }}. Default: CUSTOM_CODE. The API changes LEGACY_CUSTOM_CODE to CUSTOM_CODE.`,
    }),
    sender: t.field({ type: EmailSenderInput, required: true, description: 'Sender name and addresses.' }),
    subject: t.string({ required: true, ...SUBJECT }),
    preheader: t.string(PREHEADER),
    htmlContent: t.string({ required: true, ...HTML }),
    insertTrackingImage: t.boolean({
      description: 'True to insert the tracking image at the start of the body when the HTML has none.',
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      description: 'Postal address in the footer. Default: the address of the account.',
    }),
  }),
});

mutation('createEmailCampaign', {
  description:
    'Creates a campaign as a draft. Then set its recipients with `updateEmailCampaignActivity`, and schedule or send its primary activity. `sendEmailCampaign` does all of this in one mutation.',
  queryCost: cost.calls(1),
  argument: 'Campaign to create.',
  input: (t) => ({
    name: t.string({ required: true, ...NAME }),
    activity: t.field({
      type: EmailCampaignActivityInput,
      required: true,
      description: 'The email of the campaign.',
    }),
  }),
  payload: (t) => ({
    emailCampaign: t.expose('emailCampaign', {
      type: EmailCampaign,
      description: 'The new campaign, including its activities.',
      queryCost: cost.none,
    }),
    emailCampaignEdge: edgeField(
      t,
      EmailCampaignConnection,
      'the new campaign',
      (payload) => payload.emailCampaign,
    ),
  }),
  resolve: resolvers.createEmailCampaign,
});

mutation('renameEmailCampaign', {
  description: 'Renames a campaign. A removed campaign cannot be renamed.',
  queryCost: cost.calls(1),
  argument: 'Campaign to rename and its new name.',
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the campaign.' }),
    name: t.string({ required: true, ...NAME }),
  }),
  payload: (t) => ({
    emailCampaign: t.expose('emailCampaign', {
      type: EmailCampaign,
      description: 'The renamed campaign.',
    }),
  }),
  resolve: resolvers.renameEmailCampaign,
});

deletion('deleteEmailCampaign', 'EmailCampaign', {
  noun: 'campaign',
  rawIdField: 'deletedCampaignId',
  description:
    'Deletes a campaign. Its status becomes REMOVED, and it can be restored only in the web application. Unschedule a scheduled campaign first.',
  target: 'Campaign to delete.',
  resolve: resolvers.deleteEmailCampaign,
});

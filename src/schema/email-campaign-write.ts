import type { EmailCampaign as EmailCampaignRow } from '../loaders/email-campaign.js';
import * as resolvers from '../resolvers/email-campaign-write.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
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
import { deletedIdField, payloadType } from './payload.js';
import { cost } from './cost.js';

const EmailCampaignActivityInput = builder.inputType('EmailCampaignActivityInput', {
  description:
    'The email of a new campaign. Its recipients have no place here: the API takes them only in `updateEmailCampaignActivity`.',
  fields: (t) => ({
    format: t.field({
      type: EmailFormat.type,
      description:
        'What it is made with: CUSTOM_CODE (when left out), FOURTH_GENERATION_EDITOR, which the vendor says that the API takes, or LEGACY_CUSTOM_CODE, which the API makes CUSTOM_CODE.',
    }),
    sender: t.field({ type: EmailSenderInput, required: true, description: 'Who it comes from.' }),
    subject: t.string({ required: true, description: SUBJECT }),
    preheader: t.string({ description: PREHEADER }),
    htmlContent: t.string({ required: true, description: HTML }),
    insertTrackingImage: t.boolean({
      description: 'True puts the tracking image at the start of the body when the HTML has none.',
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      description: "Postal address in the footer; the account's own when left out.",
    }),
  }),
});

const CreateEmailCampaignInput = builder.inputType('CreateEmailCampaignInput', {
  description: 'A new campaign, with the one email that it has.',
  fields: (t) => ({
    name: t.string({ required: true, description: NAME }),
    activity: t.field({ type: EmailCampaignActivityInput, required: true, description: 'The email.' }),
  }),
});

const RenameEmailCampaignInput = builder.inputType('RenameEmailCampaignInput', {
  description: 'A new name for a campaign.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the campaign.' }),
    name: t.string({ required: true, description: NAME }),
  }),
});

const DeleteEmailCampaignInput = builder.inputType('DeleteEmailCampaignInput', {
  description: 'The campaign to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global or raw id of the campaign.' }) }),
});

const CreateEmailCampaignPayload = payloadType<{ emailCampaign: EmailCampaignRow }>(
  'CreateEmailCampaignPayload',
  'What came of `createEmailCampaign`.',
  (t) => ({
    emailCampaign: t.expose('emailCampaign', {
      type: EmailCampaign,
      description: 'The new campaign. It knows its activities.',
      queryCost: cost.none,
    }),
    emailCampaignEdge: edgeField(
      t,
      EmailCampaignConnection,
      'the new campaign',
      (payload) => payload.emailCampaign,
    ),
  }),
);

const RenameEmailCampaignPayload = payloadType<{ emailCampaign: EmailCampaignRow }>(
  'RenameEmailCampaignPayload',
  'What came of `renameEmailCampaign`.',
  (t) => ({
    emailCampaign: t.expose('emailCampaign', {
      type: EmailCampaign,
      description: 'The campaign after the change.',
    }),
  }),
);

const DeleteEmailCampaignPayload = payloadType<{ deletedCampaignId: string }>(
  'DeleteEmailCampaignPayload',
  'What came of `deleteEmailCampaign`.',
  (t) => ({
    deletedId: deletedIdField(
      t,
      'EmailCampaign',
      'the deleted campaign',
      (payload) => payload.deletedCampaignId,
    ),
    deletedCampaignId: t.id({
      description: 'Raw id of the deleted campaign.',
      resolve: (payload) => payload.deletedCampaignId,
    }),
  }),
);

builder.mutationFields((t) => ({
  createEmailCampaign: t.field({
    type: CreateEmailCampaignPayload,
    description:
      'Makes a campaign as a draft. Give it recipients with `updateEmailCampaignActivity`, then schedule or send its primary activity; or do all of it with `sendEmailCampaign`.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CreateEmailCampaignInput, required: true, description: 'The new campaign.' }),
    },
    resolve: resolvers.createEmailCampaign,
  }),
  renameEmailCampaign: t.field({
    type: RenameEmailCampaignPayload,
    description: 'Renames a campaign; a removed one cannot be.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: RenameEmailCampaignInput, required: true, description: 'The new name.' }),
    },
    resolve: resolvers.renameEmailCampaign,
  }),
  deleteEmailCampaign: t.field({
    type: DeleteEmailCampaignPayload,
    description:
      'Deletes a campaign: it becomes REMOVED and can be restored in the web application only. A scheduled one has to be unscheduled first.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteEmailCampaignInput, required: true, description: 'The campaign.' }) },
    resolve: resolvers.deleteEmailCampaign,
  }),
}));

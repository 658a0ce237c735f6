import type { CreateEmailCampaignInput } from './inputs.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { validate } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { contentChecks, contentOf, CUSTOM_CODE, explainRefusal } from './email-campaign-input.js';

/** Numbers of the formats that the API can create. */
const NEW_FORMATS: readonly string[] = ['1', '4', '5'];

export const createEmailCampaign = mutate(async ({ input }: { input: CreateEmailCampaignInput }, { api }) => {
  const { name, activity } = input;
  validate(...contentChecks(activity, ['input', 'activity']), () => {
    if (activity.format == null || NEW_FORMATS.includes(activity.format)) return;
    throw new InputError(
      'NOT_ALLOWED',
      'The format of a new email must be CUSTOM_CODE, FOURTH_GENERATION_EDITOR or LEGACY_CUSTOM_CODE.',
      ['input', 'activity', 'format'],
    );
  });
  const content = contentOf(activity, Number(activity.format ?? CUSTOM_CODE));
  const emailCampaign = await api.call('createEmailCampaignUsingPOST', {
    body: { name, email_campaign_activities: [content] },
  });
  return { emailCampaign };
});

export const renameEmailCampaign = mutate(
  async ({ input }: { input: { id: string; name: string } }, { api }) => {
    const campaign_id = inputId('EmailCampaign', input);
    const renamed = await api.call('renameEmailCampaignUsingPATCH', {
      path: { campaign_id },
      body: { name: input.name },
    });
    return { emailCampaign: { ...renamed, campaign_id } };
  },
);

export const deleteEmailCampaign = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const campaign_id = inputId('EmailCampaign', input);
  await explainRefusal(
    api.call('removeEmailCampaignUsingDELETE', { path: { campaign_id } }),
    'A scheduled campaign must be unscheduled before it is deleted.',
    ['input', 'id'],
  );
  return { deletedId: campaign_id };
});

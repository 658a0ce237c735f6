import { abTests, type AbTest as AbTestRow } from '../loaders/ab-test.js';
import * as resolvers from '../resolvers/ab-test.js';
import { byReference } from '../resolvers/support/reference.js';
import { EMAIL_LIMITS } from '../resolvers/email-campaign-input.js';
import { builder } from './builder.js';
import { activityPayload, EmailCampaignActivity } from './email-campaign-activity.js';
import { globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { deletedIdField } from './payload.js';
import { cost } from './cost.js';

const { minSize, maxSize, waits } = resolvers.AB_TEST_LIMITS;
const WAIT = `Hours until the winner is sent: one of ${waits.join(', ')}.`;

const AbTest = builder.objectRef<AbTestRow>('AbTest');
AbTest.implement({
  description:
    'A test of a second subject: a part of the recipients gets the email with either subject, and the rest gets it later with the one that more people opened.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'AbTest', 'campaign_activity_id'),
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      "Constant Contact's own id of the activity (a UUID). An activity has one test at most.",
    ),
    alternativeSubject: requiredText(t, 'alternative_subject', 'The second subject.'),
    testSize: t.exposeInt('test_size', {
      description: `Percent of the recipients that the test goes to, ${String(minSize)} to ${String(maxSize)}; half of them for each subject.`,
    }),
    winnerWaitHours: t.exposeInt('winner_wait_duration', {
      description: WAIT,
    }),
  }),
});

builder.asEntity(AbTest, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ campaignActivityId: string }>('campaignActivityId'),
  ],
  resolveReference: (key, { loaders }) =>
    byReference('AbTest', key, 'campaignActivityId', (id) => loaders.abTests.load(id)),
});

builder.objectField(EmailCampaignActivity, 'abTest', (t) =>
  t.field({
    type: AbTest,
    description: 'The test of a second subject, if there is one.',
    queryCost: cost.one(abTests, { noneWhen: 'the campaign is known not to be of type AB_TEST' }),
    resolve: resolvers.abTest,
  }),
);

const CreateAbTestInput = builder.inputType('CreateAbTestInput', {
  description: 'A test of a second subject.',
  fields: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global or raw id of the primary activity of a campaign that is a draft.',
    }),
    alternativeSubject: t.string({
      required: true,
      description: `The second subject, at most ${String(EMAIL_LIMITS.subject)} characters.`,
    }),
    testSize: t.int({
      required: true,
      description: `Percent of the recipients that the test goes to, ${String(minSize)} to ${String(maxSize)}.`,
    }),
    winnerWaitHours: t.int({
      required: true,
      description: WAIT,
    }),
  }),
});

const DeleteAbTestInput = builder.inputType('DeleteAbTestInput', {
  description: 'The test to take back.',
  fields: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global or raw id of the primary activity of a campaign that is a draft.',
    }),
  }),
});

const CreateAbTestPayload = activityPayload<{ abTest: AbTestRow }>(
  'CreateAbTestPayload',
  'createAbTest',
  (t) => ({
    abTest: t.expose('abTest', { type: AbTest, description: 'The test.' }),
  }),
);
const DeleteAbTestPayload = activityPayload('DeleteAbTestPayload', 'deleteAbTest', (t) => ({
  deletedId: deletedIdField(
    t,
    'AbTest',
    'the test that was taken back',
    ({ activity }) => activity?.campaign_activity_id,
  ),
}));

builder.mutationFields((t) => ({
  createAbTest: t.field({
    type: CreateAbTestPayload,
    description:
      'Sets up a test of a second subject on a draft; ALREADY_EXISTS when it has one. Its campaign becomes one of type AB_TEST.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateAbTestInput, required: true, description: 'The test.' }) },
    resolve: resolvers.createAbTest,
  }),
  deleteAbTest: t.field({
    type: DeleteAbTestPayload,
    description: 'Takes the test of a second subject back, on a draft.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: DeleteAbTestInput, required: true, description: 'The activity with the test.' }),
    },
    resolve: resolvers.deleteAbTest,
  }),
}));

import { abTests, type AbTest as AbTestRow } from '../loaders/ab-test.js';
import * as resolvers from '../resolvers/ab-test.js';
import { builder } from './builder.js';
import { activityAfter, EmailCampaignActivity } from './email-campaign-activity.js';
import { entity } from './entity.js';
import { globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { deletedIdField } from './payload.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const WAIT = limited`Hours until the email is sent with the winning subject: ${{ enum: resolvers.WAITS }}.`;

const AbTest = builder.objectRef<AbTestRow>('AbTest').implement({
  description:
    'A/B test of a second subject line. A part of the recipients gets the email, half of them with each subject. The rest gets it later, with the subject that more contacts opened.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'AbTest', 'campaign_activity_id'),
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      'Constant Contact ID of the activity (UUID). An activity has at most one test.',
    ),
    alternativeSubject: requiredText(t, 'alternative_subject', 'Second subject line.'),
    testSize: t.exposeInt('test_size', {
      description: 'Percentage of the recipients in the test, 5 to 50. Half of them get each subject.',
    }),
    winnerWaitHours: t.exposeInt('winner_wait_duration', { description: WAIT.description }),
  }),
});

entity(AbTest, 'AbTest', 'campaignActivityId', (id, { loaders }) => loaders.abTests.load(id));

builder.objectField(EmailCampaignActivity, 'abTest', (t) =>
  t.field({
    type: AbTest,
    description: 'A/B test of the subject line. `null` when there is none.',
    queryCost: cost.one(abTests, { noneWhen: 'the campaign is already known not to be of type AB_TEST' }),
    resolve: resolvers.abTest,
  }),
);

mutation('createAbTest', {
  description:
    'Creates an A/B test of a second subject line. The campaign must be a draft, and its type becomes AB_TEST. Fails with ALREADY_EXISTS when the campaign has a test.',
  queryCost: cost.calls(1),
  argument: 'Activity to test and the second subject.',
  input: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the primary activity of a draft campaign.',
    }),
    alternativeSubject: t.string({
      required: true,
      ...limited`Second subject line, ${{ minLength: 1, maxLength: 200 }}.`,
    }),
    testSize: t.int({
      required: true,
      ...limited`Percentage of the recipients in the test, ${{ minimum: 5, maximum: 50 }}.`,
    }),
    winnerWaitHours: t.int({ required: true, ...WAIT }),
  }),
  payload: (t) => ({
    abTest: t.expose('abTest', { type: AbTest, description: 'The new A/B test.' }),
    activity: activityAfter(t),
  }),
  resolve: resolvers.createAbTest,
});

mutation('deleteAbTest', {
  description: 'Deletes the A/B test of a draft campaign.',
  queryCost: cost.calls(1),
  argument: 'Activity whose A/B test to delete.',
  input: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the primary activity of a draft campaign.',
    }),
  }),
  payload: (t) => ({
    deletedId: deletedIdField(
      t,
      'AbTest',
      'the deleted A/B test',
      ({ activity }) => activity?.campaign_activity_id,
    ),
    activity: activityAfter(t),
  }),
  resolve: resolvers.deleteAbTest,
});

import { automationDetails, automations, type Automation as AutomationRow } from '../loaders/automation.js';
import { parseDate } from '../constant-contact/dates.js';
import * as resolvers from '../resolvers/automation.js';
import { MAX_FIRST } from '../resolvers/support/page.js';
import { byReference } from '../resolvers/support/reference.js';
import { AutomationDefinition } from './automation-definition.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { inputEnum } from './enums.js';
import { SortDirection } from './sort-direction.js';
import { globalId, rawIdField, type Fields } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

const FROM_LIST = { noneWhen: 'the automation came from `automations`' };
const READ_BY_ID = { noneWhen: 'the automation was read by its id' };
/** A guess at how many automations an account has at most. */
const AUTOMATIONS = { usual: 20, most: 200 };

const AutomationTag =
  builder.objectRef<NonNullable<AutomationRow['structured_tags']>[number]>('AutomationTag');
AutomationTag.implement({
  description: 'A label of an automation, such as its goal.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What the label is about, such as GOAL.' }),
    value: t.exposeString('value', { description: 'Its value; `filter.goals` takes those of the key GOAL.' }),
    displayValue: t.exposeString('display_value', { description: 'The value as people read it.' }),
  }),
});

export const Automation = builder.objectRef<AutomationRow>('Automation');

Automation.implement({
  description:
    'A workflow that runs by itself when something happens to a contact: a trigger and the tasks that follow. The list and the read by id each give a part of it; the other part costs a call. The vendor does not count this among its settled interfaces.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Automation', 'id'),
    automationFlowId: rawIdField(t, 'id', "Constant Contact's own id of the automation (a UUID)."),
    name: t.exposeString('name', { description: 'Name as it is shown.' }),
    nameExplicitlySet: t.boolean({
      description: `Whether somebody chose the name; otherwise the API made it up.`,
      queryCost: cost.detail(automationDetails, READ_BY_ID),
      resolve: (automation, _args, context) =>
        resolvers.fromDetail(automation, 'name_explicitly_set', context),
    }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    status: t.exposeString('status', {
      description:
        'How it stands, as the API shows it to people, such as ACTIVE. The vendor lists no values, so this is text.',
    }),
    tags: t.field({
      type: [AutomationTag],
      nullable: { list: true, items: false },
      description: 'Labels, its goals among them.',
      resolve: (automation) => automation.structured_tags,
    }),
    activeState: summaryText(t, 'active_state', 'State of the definition that is in force, such as ACTIVE.'),
    draftState: summaryText(t, 'draft_state', 'State of the definition that is worked on, such as PROMOTED.'),
    templateId: summaryText(t, 'template_id', 'Id of the template it was made from; null when from scratch.'),
    createdAt: summaryTime(t, 'created_date', 'When it was made.'),
    createdById: summaryText(t, 'created_by_id', 'Id of the user who made it.'),
    updatedAt: summaryTime(t, 'update_date', 'When it was last changed.'),
    promotedAt: summaryTime(t, 'promoted_date', 'When the draft was last put in force.'),
    promotedById: summaryText(t, 'promoted_by_id', 'Id of the user who put it in force.'),
    activeDefinition: t.field({
      type: AutomationDefinition,
      description: `The trigger and the tasks that are in force; null when it was never put in force.`,
      queryCost: cost.detail(automationDetails, READ_BY_ID),
      resolve: (automation, _args, context) => resolvers.fromDetail(automation, 'active_definition', context),
    }),
    draftDefinition: t.field({
      type: AutomationDefinition,
      description: `The trigger and the tasks that are worked on.`,
      queryCost: cost.detail(automationDetails, READ_BY_ID),
      resolve: (automation, _args, context) => resolvers.fromDetail(automation, 'draft_definition', context),
    }),
  }),
});

type SummaryText = Exclude<resolvers.SummaryKey, `${string}_date`>;
type SummaryTime = Extract<resolvers.SummaryKey, `${string}_date`>;

function summaryText(t: Fields<AutomationRow>, key: SummaryText, description: string) {
  return t.string({
    description,
    queryCost: cost.scan(automations, FROM_LIST),
    resolve: (automation, _args, context) => resolvers.fromSummary(automation, key, context),
  });
}

function summaryTime(t: Fields<AutomationRow>, key: SummaryTime, description: string) {
  return t.field({
    type: 'DateTime',
    description,
    queryCost: cost.scan(automations, FROM_LIST),
    resolve: async (automation, _args, context) =>
      parseDate(await resolvers.fromSummary(automation, key, context)),
  });
}

builder.asEntity(Automation, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ automationFlowId: string }>('automationFlowId'),
  ],
  resolveReference: (key, context, info) =>
    byReference('Automation', key, 'automationFlowId', (id) => resolvers.automationForm(id, context, info)),
});

export const AutomationConnection = connectionType('Automation', Automation, {
  of: 'automations',
  totalCount: 'Automations that match the filter.',
});

const AutomationOrigin = inputEnum('AutomationOrigin', 'What an automation was made from.', {
  SCRATCH: 'Nothing.',
  TEMPLATE: 'A template.',
});

const AutomationsFilter = builder.inputType('AutomationsFilter', {
  description: 'Which automations to read. Conditions are joined by AND.',
  fields: (t) => ({
    name: t.string({ description: 'Only those with exactly this name.' }),
    channel: t.string({ description: 'Only those that reach people by this channel, such as email.' }),
    createdFrom: t.field({ type: AutomationOrigin, description: 'Only those made from this.' }),
    goals: t.string({
      description:
        'Only those with this goal: the value of a tag with the key GOAL, such as post_purchase_followup.',
    }),
  }),
});

builder.queryFields((t) => ({
  automation: t.field({
    type: Automation,
    description:
      'One automation with its definitions; null when it does not exist. Several automations without their definitions load together.',
    queryCost: cost.all(
      cost.one(automationDetails),
      cost.scan(automations, { when: 'several automations are read without their definitions' }),
    ),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the automation.' }) },
    resolve: resolvers.automation,
  }),
  automations: t.field({
    type: AutomationConnection,
    description:
      'Automations of the account. The API gives all that match at once, whatever `first` and `after` say.',
    queryCost: cost.whole(automations, AUTOMATIONS),
    args: {
      ...connectionArgs(t.arg, { defaultFirst: MAX_FIRST, whole: true }),
      filter: t.arg({ type: AutomationsFilter, description: 'Which automations; all when left out.' }),
      sortDirection: t.arg({
        type: SortDirection,
        description: 'The order; DESC when left out.',
      }),
    },
    resolve: resolvers.automations,
  }),
}));

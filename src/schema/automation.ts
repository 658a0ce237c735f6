import { automationDetails, automations, type Automation as AutomationRow } from '../loaders/automation.js';
import { parseDate } from '../constant-contact/dates.js';
import * as resolvers from '../resolvers/automation.js';
import { MAX_FIRST } from '../resolvers/support/page.js';
import { AutomationDefinition } from './automation-definition.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { entity } from './entity.js';
import { inputEnum } from './enums.js';
import { SortDirection } from './sort-direction.js';
import { globalId, rawIdField, type Fields } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

const FROM_LIST = { noneWhen: 'the automation came from `automations`' };
const READ_BY_ID = { noneWhen: 'the automation was read by its ID' };
/** Assumed number of automations of an account. */
const AUTOMATIONS = { usual: 20, most: 200 };

const AutomationTag =
  builder.objectRef<NonNullable<AutomationRow['structured_tags']>[number]>('AutomationTag');
AutomationTag.implement({
  description: 'Tag of an automation, such as its goal.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Topic of the tag, such as GOAL.' }),
    value: t.exposeString('value', {
      description: 'Value of the tag. `filter.goals` matches the values of the key GOAL.',
    }),
    displayValue: t.exposeString('display_value', { description: 'Value for display.' }),
  }),
});

export const Automation = builder.objectRef<AutomationRow>('Automation').implement({
  description:
    'Workflow that runs automatically when something happens to a contact: a trigger and the tasks that follow. The list and the read by ID each return a part of its fields; the other part costs a call. Constant Contact does not list this among its stable APIs.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Automation', 'id'),
    automationFlowId: rawIdField(t, 'id', 'Constant Contact ID (UUID).'),
    name: t.exposeString('name', { description: 'Display name.' }),
    nameExplicitlySet: t.boolean({
      description: 'True when a user chose the name. Otherwise the API generated it.',
      queryCost: cost.detail(automationDetails, READ_BY_ID),
      resolve: (automation, _args, context) =>
        resolvers.fromDetail(automation, 'name_explicitly_set', context),
    }),
    description: t.exposeString('description', { description: 'Purpose of the automation.' }),
    status: t.exposeString('status', {
      description:
        'Status for display, such as ACTIVE. It is text, because Constant Contact documents no list of values.',
    }),
    tags: t.expose('structured_tags', { type: [AutomationTag], description: 'Tags, including its goals.' }),
    activeState: summaryText(t, 'active_state', 'State of the active definition, such as ACTIVE.'),
    draftState: summaryText(t, 'draft_state', 'State of the draft definition, such as PROMOTED.'),
    templateId: summaryText(
      t,
      'template_id',
      'ID of the template that the automation was created from. `null` when it was created from scratch.',
    ),
    createdAt: summaryTime(t, 'created_date', 'When the automation was created.'),
    createdById: summaryText(t, 'created_by_id', 'ID of the user who created the automation.'),
    updatedAt: summaryTime(t, 'update_date', 'When the automation was last changed.'),
    promotedAt: summaryTime(t, 'promoted_date', 'When the draft was last promoted to the active definition.'),
    promotedById: summaryText(t, 'promoted_by_id', 'ID of the user who promoted the draft.'),
    activeDefinition: t.field({
      type: AutomationDefinition,
      description: 'Active trigger and tasks. `null` when the automation was never activated.',
      queryCost: cost.detail(automationDetails, READ_BY_ID),
      resolve: (automation, _args, context) => resolvers.fromDetail(automation, 'active_definition', context),
    }),
    draftDefinition: t.field({
      type: AutomationDefinition,
      description: 'Trigger and tasks of the draft.',
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

entity(Automation, 'Automation', 'automationFlowId', (id, context, info) =>
  resolvers.automationForm(id, context, info),
);

export const AutomationConnection = connectionType('Automation', Automation, {
  of: 'automations',
  totalCount: 'Number of automations that match the filter, not only on this page.',
});

const AutomationOrigin = inputEnum('AutomationOrigin', 'Origin of an automation.', {
  SCRATCH: 'Created without a template.',
  TEMPLATE: 'Created from a template.',
});

const AutomationsFilter = builder.inputType('AutomationsFilter', {
  description: 'Filters for automations. An automation matches when it meets all of them.',
  fields: (t) => ({
    name: t.string({ description: 'Only automations with exactly this name.' }),
    channel: t.string({ description: 'Only automations that reach people by this channel, such as email.' }),
    createdFrom: t.field({ type: AutomationOrigin, description: 'Only automations of this origin.' }),
    goals: t.string({
      description:
        'Only automations with this goal: the value of a tag with the key GOAL, such as post_purchase_followup.',
    }),
  }),
});

builder.queryFields((t) => ({
  automation: t.field({
    type: Automation,
    description:
      'An automation by its ID, with its definitions. `null` when it does not exist. Several automations are loaded together when their definitions are not selected.',
    queryCost: cost.all(
      cost.one(automationDetails),
      cost.scan(automations, { when: 'several automations are read without their definitions' }),
    ),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the automation.' }),
    },
    resolve: resolvers.automation,
  }),
  automations: t.field({
    type: AutomationConnection,
    description:
      'Automations of the account. The API returns all matches in one call, for any `first` and `after`.',
    queryCost: cost.whole(automations, AUTOMATIONS),
    args: {
      ...connectionArgs(t.arg, { defaultFirst: MAX_FIRST, whole: true }),
      filter: t.arg({
        type: AutomationsFilter,
        description: 'Filter. Default: all automations.',
      }),
      sortDirection: t.arg({
        type: SortDirection,
        description: 'Sort direction. Default: DESC.',
      }),
    },
    resolve: resolvers.automations,
  }),
}));

import { segments } from '../loaders/segment.js';
import { customFields } from '../loaders/custom-field.js';
import { contactLists } from '../loaders/contact-list.js';
import * as resolvers from '../resolvers/automation-definition.js';
import { builder } from './builder.js';
import { ContactList } from './contact-list.js';
import { CustomField } from './custom-field.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import type { Fields, TextKey } from './fields.js';
import { Segment } from './segment.js';
import { activityReference } from './references.js';
import { cost } from './cost.js';

/** A guess at how many tasks a workflow has at most, for the cost of what they lead to. */
const TASKS = { usual: 4, most: 50 };
/** The same of lists of a trigger. */
const LISTS = { usual: 2, most: 50 };

/** One trigger in so many is a segment; a guess. */
const TRIGGERS = 3;

const AutomationTimeout =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['timeout']>>('AutomationTimeout');
AutomationTimeout.implement({
  description: 'A length of time.',
  fields: (t) => ({
    amount: t.exposeFloat('amount', { description: 'How many of the unit.' }),
    unit: t.exposeString('time_unit', { description: 'The unit, as the API calls it.' }),
  }),
});

const AutomationRetryOptions =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['retry_options']>>('AutomationRetryOptions');
AutomationRetryOptions.implement({
  description: 'How often a task that failed is tried again.',
  fields: (t) => ({
    maximumAttempts: t.exposeInt('maximum_attempts', { description: 'Most tries.' }),
    initialInterval: t.exposeInt('initial_interval', { description: 'Wait before the second try.' }),
    backoffCoefficient: t.exposeInt('backoff_coefficient', {
      description: 'What each further wait is multiplied by.',
    }),
  }),
});

const AutomationTaskMetadata =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['metadata']>>('AutomationTaskMetadata');
AutomationTaskMetadata.implement({
  description: 'What the editor of the vendor notes about a task.',
  fields: (t) => ({
    action: t.exposeString('action', { description: 'What is done.' }),
    kind: t.exposeString('kind', { description: 'What kind of task it is to the editor.' }),
    list: t.exposeString('list', { description: 'The list it is done to, as the editor names it.' }),
    createFromScratch: t.exposeBoolean('create_from_scratch', {
      description: 'Whether the task was made without a template.',
    }),
  }),
});

// Not `then` and `else`, the API's names: the executor takes an answer with a field named `then` for a promise.
const AutomationTask = builder.objectRef<resolvers.AutomationTask>('AutomationTask');
AutomationTask.implement({
  description:
    'A step of an automation. Tasks hold tasks; `AutomationWorkflow.allTasks` has those of every depth in one list.',
  fields: (t) => ({
    taskId: t.id({ description: 'Id of the task within its workflow.', resolve: ({ dto }) => dto.id }),
    name: taskText(t, 'name', 'Name of the task.'),
    kind: taskText(t, 'kind', 'Kind of task, as the API calls it.'),
    childTasks: tasksBelow(t, 'child_tasks', 'Tasks that belong to this one.'),
    thenTasks: tasksBelow(t, 'then', 'Tasks that follow when the condition of this one holds.'),
    elseTasks: tasksBelow(t, 'else', 'Tasks that follow when it does not hold.'),
    campaignActivityId: t.id({
      description: 'Raw id of the email that the task sends; null when it sends none.',
      resolve: ({ dto }) => dto.correlation_metadata?.campaign_activity_id,
    }),
    emailCampaignActivity: t.field({
      type: EmailCampaignActivity,
      description: 'The email that the task sends; null when it sends none.',
      queryCost: activityReference(),
      resolve: resolvers.taskActivity,
    }),
    eventCondition: taskText(t, 'event_condition', 'The event that the task waits for.'),
    jsonCondition: taskJson(t, 'json_condition', 'The condition of the task, in the form of the API.'),
    skipCondition: taskText(t, 'task_skip_condition', 'When the task is left out.'),
    input: taskJson(t, 'input', 'What the task is given: texts by name.'),
    output: taskJson(t, 'output', 'What the task gives, in the form of the API.'),
    script: taskText(t, 'script', 'Script that the task runs.'),
    queueName: taskText(t, 'queue_name', 'Queue of the vendor that the task goes through.'),
    providerReferenceKey: taskText(
      t,
      'task_provider_reference_key',
      'Key of the part of the vendor that carries the task out.',
    ),
    metadata: t.field({
      type: AutomationTaskMetadata,
      description: 'What the editor of the vendor notes about it.',
      resolve: ({ dto }) => dto.metadata,
    }),
    retryOptions: t.field({
      type: AutomationRetryOptions,
      description: 'How often it is tried again.',
      resolve: ({ dto }) => dto.retry_options,
    }),
    timeout: t.field({
      type: AutomationTimeout,
      description: 'How long it may take.',
      resolve: ({ dto }) => dto.timeout,
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'What the API wrote about the task, with all that is not in this schema, but for the tasks below it.',
      resolve: resolvers.ownProperties,
    }),
  }),
});

type Dto = resolvers.AutomationTask['dto'];

function taskText(t: Fields<resolvers.AutomationTask>, key: TextKey<Dto>, description: string) {
  return t.string({ description, resolve: ({ dto }) => dto[key] });
}

function taskJson(
  t: Fields<resolvers.AutomationTask>,
  key: 'input' | 'json_condition' | 'output',
  description: string,
) {
  return t.field({ type: 'JSON', description, resolve: ({ dto }) => dto[key] });
}

function tasksBelow(
  t: Fields<resolvers.AutomationTask>,
  key: 'child_tasks' | 'then' | 'else',
  description: string,
) {
  return t.field({
    type: [AutomationTask],
    nullable: { list: true, items: false },
    description,
    queryCost: cost.rows(TASKS),
    resolve: ({ dto }) => resolvers.wrapTasks(dto[key]),
  });
}

const AutomationWorkflowParameters = builder.objectRef<
  NonNullable<resolvers.AutomationWorkflow['parameters']>
>('AutomationWorkflowParameters');
AutomationWorkflowParameters.implement({
  description: 'Values that a workflow is run with.',
  fields: (t) => ({
    automationFlowId: t.exposeID('automation_flow_id', { description: 'Raw id of the automation.' }),
    automationFlowName: t.exposeString('automation_flow_name', { description: 'Name of the automation.' }),
    campaignId: t.exposeID('campaign_id', { description: 'Id of the campaign of the automation.' }),
    discountCode: t.exposeString('discount_code', { description: 'Code that its discount blocks show.' }),
  }),
});

const AutomationWorkflow = builder.objectRef<resolvers.AutomationWorkflow>('AutomationWorkflow');
AutomationWorkflow.implement({
  description: 'What an automation does once it was triggered.',
  fields: (t) => ({
    status: t.exposeString('status', { description: 'How it stands, as the API calls it.' }),
    tasks: t.field({
      type: [AutomationTask],
      nullable: { list: true, items: false },
      description: 'The first tasks, in order. Each may hold others.',
      queryCost: cost.rows(TASKS),
      resolve: (workflow) => resolvers.wrapTasks(workflow.tasks),
    }),
    allTasks: t.field({
      type: [AutomationTask],
      nullable: { list: false, items: false },
      description: 'The tasks of every depth, each before those that it holds.',
      queryCost: cost.rows(TASKS),
      resolve: resolvers.allTasks,
    }),
    campaignId: t.id({
      description: 'Id of the campaign of the automation.',
      resolve: (workflow) => workflow.correlation_metadata?.campaign_id,
    }),
    automationTemplateId: t.id({
      description: 'Id of the template that it was made from.',
      resolve: (workflow) => workflow.correlation_metadata?.automation_template_id,
    }),
    parameters: t.expose('parameters', {
      type: AutomationWorkflowParameters,
      description: 'Values that it is run with.',
    }),
    timeout: t.expose('timeout', { type: AutomationTimeout, description: 'How long it may take.' }),
    upgradable: t.exposeBoolean('upgradable', { description: 'Whether the vendor may bring it up to date.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description: 'What the editor of the vendor notes about it, in the form of the API.',
    }),
  }),
});

const AutomationComparison = builder.objectRef<resolvers.AutomationComparison>('AutomationComparison');
AutomationComparison.implement({
  description: 'A property compared with a value.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Kind of comparison, as the API calls it.' }),
    propertyName: t.exposeString('property_name', { description: 'The property.' }),
    operator: t.exposeString('operator', { description: 'How it is compared, as the API calls it.' }),
    argument: t.exposeString('argument', { description: 'The value it is compared with.' }),
    arguments: t.exposeStringList('array_argument', {
      nullable: { list: true, items: false },
      description: 'The values it is compared with, when there are several.',
    }),
    customFieldId: t.id({
      description: 'Raw id of the custom field, when the property is one.',
      resolve: (comparison) => comparison.string_map_argument?.custom_field_Id,
    }),
    customFieldValue: t.string({
      description: 'The value the custom field is compared with.',
      resolve: (comparison) => comparison.string_map_argument?.value,
    }),
    customField: t.field({
      type: CustomField,
      description: 'The custom field, when the property is one.',
      queryCost: cost.scan(customFields),
      resolve: resolvers.comparedField,
    }),
  }),
});

const AutomationRule = builder.objectRef<resolvers.AutomationRule>('AutomationRule');
AutomationRule.implement({
  description: 'A condition: a comparison, or rules joined.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Kind of rule, as the API calls it.' }),
    compoundRuleType: t.exposeString('compound_rule_type', {
      description: 'How `left` and `right` are joined, as the API calls it.',
    }),
    left: t.expose('left', { type: AutomationRule, description: 'One of two rules that are joined.' }),
    right: t.expose('right', { type: AutomationRule, description: 'The other one.' }),
    rule: t.expose('rule', { type: AutomationRule, description: 'The only rule, when there are not two.' }),
    comparison: t.expose('property_comparison', {
      type: AutomationComparison,
      description: 'What is compared, when it is a comparison.',
    }),
    target: t.exposeString('target', { description: 'What the rule is applied to.' }),
    targetType: t.exposeString('target_type', { description: 'Kind of the target.' }),
  }),
});

const AutomationTriggerParameter = builder.objectRef<resolvers.AutomationTriggerParameter>(
  'AutomationTriggerParameter',
);
AutomationTriggerParameter.implement({
  description: 'A value that narrows a trigger down.',
  fields: (t) => ({
    name: t.exposeString('parameter_name', { description: 'Its name, such as list_ids or url.' }),
    type: t.exposeString('type', {
      description: 'Kind of value: STRING, LIST or WEB_TRACKING, for instance.',
    }),
    operator: t.exposeString('operator', {
      description: 'How it is compared: EQUALS, CONTAINS, for instance.',
    }),
    texts: t.stringList({
      nullable: { list: false, items: false },
      description: 'The value as texts, one or several, wherever the API keeps it.',
      resolve: resolvers.parameterTexts,
    }),
    value: t.expose('parameter_value', { type: 'JSON', description: 'The value in the form of the API.' }),
    rule: t.expose('rule', {
      type: 'JSON',
      description: 'The rule of a RULE parameter in the form of the API.',
    }),
  }),
});

const AutomationTriggerBounds =
  builder.objectRef<NonNullable<NonNullable<resolvers.AutomationTrigger['trigger_def']>['bounds']>>(
    'AutomationTriggerBounds',
  );
AutomationTriggerBounds.implement({
  description: 'When a date trigger runs, counted from the date: P0D is the day itself, P-7D a week before.',
  fields: (t) => ({
    after: t.exposeString('after', { description: 'Start, an ISO-8601 period.' }),
    before: t.exposeString('before', { description: 'End, an ISO-8601 period.' }),
  }),
});

const AutomationTriggerDate =
  builder.objectRef<NonNullable<NonNullable<resolvers.AutomationTrigger['trigger_def']>['trigger_date']>>(
    'AutomationTriggerDate',
  );
AutomationTriggerDate.implement({
  description: 'Which property of a contact holds the date of a date trigger.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Where the date is kept, such as Profile.' }),
    dateField: t.exposeString('date_field', {
      description: 'Property with the whole date, such as record.anniversary.',
    }),
    monthField: t.exposeString('month_field', {
      description: 'Property with the month, such as record.birthday_month.',
    }),
    dayField: t.exposeString('day_field', {
      description: 'Property with the day of the month, such as record.birthday_day.',
    }),
  }),
});

const AutomationTrigger = builder.objectRef<resolvers.AutomationTrigger>('AutomationTrigger');
AutomationTrigger.implement({
  description: 'What sets an automation off.',
  fields: (t) => ({
    type: t.string({
      description: 'Kind of trigger: Action, Date, segment_join or engagement_level, for instance.',
      resolve: (trigger) => trigger.trigger_def?.type,
    }),
    actionName: t.string({
      description: 'What has to happen: list_join, calendar_date or visits_page, for instance.',
      resolve: (trigger) => trigger.trigger_def?.action_name,
    }),
    lists: t.field({
      type: [ContactList],
      nullable: { list: false, items: false },
      description: 'Lists that contacts have to join; empty when it is not about lists.',
      queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.lists,
    }),
    segmentId: t.id({
      description: 'Raw id of the segment that contacts have to come into.',
      resolve: (trigger) => trigger.trigger_def?.segment_id,
    }),
    segment: t.field({
      type: Segment,
      description: 'The segment that contacts have to come into.',
      queryCost: cost.fewer(
        (n, { sizes }) => sizes.lengthOf({ usual: Math.ceil(n / TRIGGERS), most: n }),
        cost.scan(segments, { misses: true, unless: ['id', 'segmentId'] }),
      ),
      resolve: resolvers.segment,
    }),
    engagementLevel: t.string({
      description: 'The engagement that contacts have to reach: SOMEWHAT or LEAST, for instance.',
      resolve: (trigger) => trigger.trigger_def?.engagement_level,
    }),
    uniqueBy: t.string({
      description: 'A contact sets it off once for each value of this, such as list_ids or contact_id.',
      resolve: (trigger) => trigger.trigger_def?.unique_by,
    }),
    bounds: t.field({
      type: AutomationTriggerBounds,
      description: 'When a date trigger runs, counted from the date.',
      resolve: (trigger) => trigger.trigger_def?.bounds,
    }),
    date: t.field({
      type: AutomationTriggerDate,
      description: 'Which date a date trigger is about.',
      resolve: (trigger) => trigger.trigger_def?.trigger_date,
    }),
    parameters: t.field({
      type: [AutomationTriggerParameter],
      nullable: { list: true, items: false },
      description: 'Values that narrow it down, those of `lists` included.',
      resolve: (trigger) => trigger.trigger_def?.parameters,
    }),
    filter: t.field({
      type: AutomationRule,
      description: 'A condition that contacts have to meet besides.',
      resolve: (trigger) => trigger.trigger_filter?.rule,
    }),
    filterVersion: t.string({
      description: 'Version of the form in which the condition is kept.',
      resolve: (trigger) => trigger.trigger_filter?.version,
    }),
    version: t.exposeString('trigger_version', {
      description: 'Version of the form in which the trigger is kept.',
    }),
    workflowFilter: t.exposeString('workflow_filter', {
      description: 'A condition of the workflow, in the form of the API.',
    }),
  }),
});

export const AutomationDefinition = builder.objectRef<resolvers.AutomationDefinition>('AutomationDefinition');
AutomationDefinition.implement({
  description: 'A trigger and the tasks that follow it.',
  fields: (t) => ({
    state: t.exposeString('state', { description: 'How the definition stands, such as ACTIVE or PROMOTED.' }),
    trigger: t.expose('trigger', { type: AutomationTrigger, description: 'What sets it off.' }),
    workflow: t.field({
      type: AutomationWorkflow,
      description: 'What it does.',
      resolve: (definition) => definition.workflow?.workflow_def,
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'The definition as the API wrote it, with all that is not in this schema. `updateAutomation` takes it back.',
      resolve: (definition) => definition,
    }),
  }),
});

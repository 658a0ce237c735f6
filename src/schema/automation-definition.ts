import * as resolvers from '../resolvers/automation-definition.js';
import { builder } from './builder.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import type { Fields, TextKey } from './fields.js';
import { activityReference } from './references.js';
import { cost } from './cost.js';
import { AutomationTrigger } from './automation-trigger.js';

/** Assumed number of emails that the tasks of a workflow send, for the cost of the fields below them. */
const TASKS = { usual: 2, extra: 2, most: 50 };

const AutomationTimeout =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['timeout']>>('AutomationTimeout');
AutomationTimeout.implement({
  description: 'Length of a timeout, as a number of time units.',
  fields: (t) => ({
    amount: t.exposeFloat('amount', { description: 'Number of time units.' }),
    unit: t.exposeString('time_unit', { description: 'Time unit, as the REST API names it.' }),
  }),
});

const AutomationRetryOptions =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['retry_options']>>('AutomationRetryOptions');
AutomationRetryOptions.implement({
  description: 'Retry policy of a task.',
  fields: (t) => ({
    maximumAttempts: t.exposeInt('maximum_attempts', { description: 'Maximum number of attempts.' }),
    initialInterval: t.exposeInt('initial_interval', { description: 'Wait before the second attempt.' }),
    backoffCoefficient: t.exposeInt('backoff_coefficient', {
      description: 'Factor by which each further wait grows.',
    }),
  }),
});

const AutomationTaskMetadata =
  builder.objectRef<NonNullable<resolvers.AutomationTask['dto']['metadata']>>('AutomationTaskMetadata');
AutomationTaskMetadata.implement({
  description: 'Data that the web editor stores with a task.',
  fields: (t) => ({
    action: t.exposeString('action', { description: 'Action of the task.' }),
    kind: t.exposeString('kind', { description: 'Type of task in the editor.' }),
    list: t.exposeString('list', { description: 'List that the action applies to, as the editor names it.' }),
    createFromScratch: t.exposeBoolean('create_from_scratch', {
      description: 'True when the task was created without a template.',
    }),
  }),
});

// Not `then` and `else`, the API's names: the executor takes an object with a property named `then` for a promise.
const AutomationTask = builder.objectRef<resolvers.AutomationTask>('AutomationTask');
AutomationTask.implement({
  description:
    'Step of an automation. Tasks can contain tasks; `AutomationWorkflow.allTasks` lists those of all levels.',
  fields: (t) => ({
    taskId: t.id({ description: 'ID of the task within its workflow.', resolve: ({ dto }) => dto.id }),
    name: taskText(t, 'name', 'Name of the task.'),
    kind: taskText(t, 'kind', 'Type of task, as the REST API names it.'),
    childTasks: tasksBelow(t, 'child_tasks', 'Tasks that belong to this task.'),
    thenTasks: tasksBelow(t, 'then', 'Tasks that follow when the condition of this task is met.'),
    elseTasks: tasksBelow(t, 'else', 'Tasks that follow when the condition of this task is not met.'),
    campaignActivityId: t.id({
      description: 'Constant Contact ID of the email that the task sends. `null` when it sends none.',
      resolve: ({ dto }) => dto.correlation_metadata?.campaign_activity_id,
    }),
    emailCampaignActivity: t.field({
      type: EmailCampaignActivity,
      description: 'Email that the task sends. `null` when it sends none.',
      queryCost: activityReference(),
      resolve: resolvers.taskActivity,
    }),
    eventCondition: taskText(t, 'event_condition', 'Event that the task waits for.'),
    jsonCondition: taskJson(t, 'json_condition', 'Condition of the task, in the format of the REST API.'),
    skipCondition: taskText(t, 'task_skip_condition', 'Condition under which the task is skipped.'),
    input: taskJson(t, 'input', 'Input of the task: texts by name.'),
    output: taskJson(t, 'output', 'Output of the task, in the format of the REST API.'),
    script: taskText(t, 'script', 'Script that the task runs.'),
    queueName: taskText(t, 'queue_name', 'Internal queue of Constant Contact for the task.'),
    providerReferenceKey: taskText(
      t,
      'task_provider_reference_key',
      'Key of the internal service of Constant Contact that runs the task.',
    ),
    metadata: t.field({
      type: AutomationTaskMetadata,
      description: 'Data that the web editor stores with this task.',
      resolve: ({ dto }) => dto.metadata,
    }),
    retryOptions: t.field({
      type: AutomationRetryOptions,
      description: 'Retry policy of this task.',
      resolve: ({ dto }) => dto.retry_options,
    }),
    timeout: t.field({
      type: AutomationTimeout,
      description: 'Maximum duration of the task.',
      resolve: ({ dto }) => dto.timeout,
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'Task as the REST API sends it, including properties that are not in this schema, but without the tasks below it.',
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
    description,
    queryCost: cost.rows(TASKS),
    resolve: ({ dto }) => resolvers.wrapTasks(dto[key]),
  });
}

const AutomationWorkflowParameters = builder.objectRef<
  NonNullable<resolvers.AutomationWorkflow['parameters']>
>('AutomationWorkflowParameters');
AutomationWorkflowParameters.implement({
  description: 'Values that a workflow runs with.',
  fields: (t) => ({
    automationFlowId: t.exposeID('automation_flow_id', {
      description: 'Constant Contact ID of the automation.',
    }),
    automationFlowName: t.exposeString('automation_flow_name', { description: 'Name of the automation.' }),
    campaignId: t.exposeID('campaign_id', { description: 'ID of the campaign of the automation.' }),
    discountCode: t.exposeString('discount_code', {
      description: 'Discount code that is shown in the discount blocks.',
    }),
  }),
});

const AutomationWorkflow = builder.objectRef<resolvers.AutomationWorkflow>('AutomationWorkflow').implement({
  description: 'Tasks that an automation runs after its trigger.',
  fields: (t) => ({
    status: t.exposeString('status', { description: 'Status of the workflow, as the REST API names it.' }),
    tasks: t.field({
      type: [AutomationTask],
      description: 'Tasks of the first level, in order. Each can contain others.',
      queryCost: cost.rows(TASKS),
      resolve: (workflow) => resolvers.wrapTasks(workflow.tasks),
    }),
    allTasks: t.field({
      type: [AutomationTask],
      nullable: false,
      description: 'Tasks of all levels, each before the tasks that it contains.',
      queryCost: cost.rows(TASKS),
      resolve: resolvers.allTasks,
    }),
    campaignId: t.id({
      description: 'ID of the campaign of the automation.',
      resolve: (workflow) => workflow.correlation_metadata?.campaign_id,
    }),
    automationTemplateId: t.id({
      description: 'ID of the template that the workflow was created from.',
      resolve: (workflow) => workflow.correlation_metadata?.automation_template_id,
    }),
    parameters: t.expose('parameters', {
      type: AutomationWorkflowParameters,
      description: 'Values that the workflow runs with.',
    }),
    timeout: t.expose('timeout', {
      type: AutomationTimeout,
      description: 'Maximum duration of the workflow.',
    }),
    upgradable: t.exposeBoolean('upgradable', {
      description: 'True when Constant Contact may update the workflow.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description: 'Data that the web editor stores with the workflow, in the format of the REST API.',
    }),
  }),
});

export const AutomationDefinition = builder.objectRef<resolvers.AutomationDefinition>('AutomationDefinition');
AutomationDefinition.implement({
  description: 'Trigger of an automation and the tasks that follow it.',
  fields: (t) => ({
    state: t.exposeString('state', { description: 'State of the definition, such as ACTIVE or PROMOTED.' }),
    trigger: t.expose('trigger', {
      type: AutomationTrigger,
      description: 'Trigger that starts the automation.',
    }),
    workflow: t.field({
      type: AutomationWorkflow,
      description: 'Tasks that run after the trigger.',
      resolve: (definition) => definition.workflow?.workflow_def,
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'Definition as the REST API sends it, including properties that are not in this schema. `updateAutomation` accepts it.',
      resolve: (definition) => definition,
    }),
  }),
});

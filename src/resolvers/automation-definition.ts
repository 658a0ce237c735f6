import type { GraphQLResolveInfo } from 'graphql';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { Context } from '../context.js';
import { numericId } from '../constant-contact/http/json.js';
import { listIn } from '../constant-contact/lists.js';
import type { ContactList } from '../loaders/contact-list.js';
import type { CustomField } from '../loaders/custom-field.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { Segment } from '../loaders/segment.js';
import { activityRow } from './email-campaign-activity.js';
import { isCovered, selectionTree } from './support/selection.js';

export type AutomationDefinition = Schema<'AutomationWorkflowDefinition'>;
export type AutomationTrigger = Schema<'TriggerDto'>;
export type AutomationTriggerParameter = Schema<'ParameterDto'>;
export type AutomationRule = Schema<'TriggerFilterRuleDto'>;
export type AutomationComparison = Schema<'PropertyComparisonDto'>;
export type AutomationWorkflow = Schema<'AutomationWorkflowDef'>;
type TaskDto = Schema<'TaskDto'>;

/** A task, wrapped: the executor treats any object with a `then` property as a promise. */
export interface AutomationTask {
  readonly dto: TaskDto;
}

/** Name of the trigger parameter that holds ids of lists. */
export const LIST_IDS = 'list_ids';

/**
 * The values of a parameter. The API has three places for them: `parameter_value`, which it prefers and which
 * holds one or several, and two older ones for one and for several.
 */
export function parameterTexts(parameter: AutomationTriggerParameter): string[] {
  const value: unknown =
    parameter.parameter_value ?? parameter.parameter_list_value ?? parameter.parameter_string_value;
  return [value].flat().flatMap((text) => (typeof text === 'string' && text !== '' ? [text] : []));
}

/** Ids of the lists that a trigger watches. */
export function listIds(trigger: AutomationTrigger): string[] {
  return (listIn(trigger.trigger_def?.parameters) ?? [])
    .filter(({ parameter_name }) => parameter_name === LIST_IDS)
    .flatMap(parameterTexts);
}

export function lists(
  trigger: AutomationTrigger,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): ContactList[] | Promise<ContactList[]> {
  const ids = listIds(trigger);
  if (isCovered(selectionTree(info), ['id', 'listId']))
    return ids.map((list_id) => ({ list_id }) as ContactList);
  return loaders.contactLists.loadMany(ids);
}

/** The segment that a trigger watches; null when it watches none, or when its ID is malformed. */
export function segment(
  trigger: AutomationTrigger,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Segment | Promise<Segment | null> | null {
  const id = trigger.trigger_def?.segment_id;
  if (!id || !/^\d{1,10}$/.test(id)) return null;
  if (isCovered(selectionTree(info), ['id', 'segmentId'])) return { segment_id: numericId(id) };
  return loaders.segments.load(id);
}

/** The custom field that a comparison uses, if any. */
export function comparedField(
  comparison: AutomationComparison,
  _args: unknown,
  { loaders }: Context,
): Promise<CustomField | null> | null {
  const id = comparison.string_map_argument?.custom_field_Id;
  return id ? loaders.customFields.load(id) : null;
}

/** The email that a task sends; read only as far as its fields are selected. */
export function taskActivity(
  { dto }: AutomationTask,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity> | null {
  const campaign_activity_id = dto.correlation_metadata?.campaign_activity_id;
  return campaign_activity_id ? activityRow({ campaign_activity_id }, context, info) : null;
}

/** Wrapped tasks; null when the API returned none. */
export function wrapTasks(tasks: readonly TaskDto[] | undefined): AutomationTask[] | null {
  return listIn(tasks)?.map((dto) => ({ dto })) ?? null;
}

/** All properties of a task, including those that the contract does not declare. */
export function ownProperties({ dto }: AutomationTask): Omit<TaskDto, 'child_tasks' | 'then' | 'else'> {
  const { child_tasks: _children, then: _then, else: _else, ...own } = dto;
  return own;
}

/** A workflow's tasks at every depth; parents come before their children. */
export function allTasks(workflow: AutomationWorkflow): AutomationTask[] {
  const tasks: AutomationTask[] = [];
  const visit = (dto: TaskDto): void => {
    tasks.push({ dto });
    for (const below of [dto.child_tasks, dto.then, dto.else]) listIn(below)?.forEach(visit);
  };
  listIn(workflow.tasks)?.forEach(visit);
  return tasks;
}

import { asReadById } from '../constant-contact/by-id.js';
import { operations, type RequestBody, type Schema } from '../constant-contact/contract/operations.js';
import type { Automation } from '../loaders/automation.js';
import { LIST_IDS } from './automation-definition.js';
import type {
  AutomationTriggerInput,
  AutomationTriggerParameterInput,
  CreateAutomationInput,
  UpdateAutomationInput,
} from './inputs.js';
import { dropDeclaredNulls } from './support/drop-nulls.js';
import { inputId, rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { checkSomeChange, eachItem, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { afterWrite, counterparts, withChanges, writeBack } from './support/write-back.js';

type TriggerDef = RequestBody<'createAutomationCampaignUsingPost'>;
type Flow = NonNullable<RequestBody<'updateAutomationCampaignUsingPut'>['automation_flow']>;
type Definition = Schema<'AutomationWorkflowDefinition'>;
type Parameter = Schema<'ParameterDto'>;
type Tag = Schema<'AutomationStructuredTag'>;

/** An account has at most as many lists. */
export const LISTS_MAX = 1000;
/** Path of the trigger in the inputs of creation and update. */
const TRIGGER = ['input', 'trigger'];
const DRAFT_TRIGGER = ['input', 'draft', 'trigger'];
const PERIOD = /^P-?\d+[DWMY]$/;

export const createAutomation = mutate(async ({ input }: { input: CreateAutomationInput }, { api }) => {
  let body: TriggerDef = {};
  validate(
    () => {
      body = triggerDef(input.trigger, TRIGGER);
    },
    () => checkTriggerValue(body, TRIGGER),
  );
  const query = input.name == null ? {} : { workflowName: input.name };
  const automation: Automation = await api.call('createAutomationCampaignUsingPost', { query, body });
  return { automation: asReadById(automation) };
});

/** Two calls: the PUT replaces the whole automation, so it is read first. */
export const updateAutomation = mutate(async ({ input }: { input: UpdateAutomationInput }, { api }) => {
  const automation_flow_id = inputId('Automation', input);
  validate(
    () => checkSomeChange(input, ['id']),
    () => checkDefinition(input.draft?.definition, 'draft', 'definition'),
    () => checkDefinition(input.activeDefinition, 'activeDefinition'),
    () => {
      if (input.draft?.trigger) triggerDef(input.draft.trigger, DRAFT_TRIGGER);
    },
  );
  const path = { automation_flow_id };
  const updated: Automation = await api.exchange(async (exchange) => {
    const current = await api.call('retrieveAutomationCampaignUsingGet', { path }, { exchange });
    const automation_flow = merge(current, input);
    const answer = await api.call(
      'updateAutomationCampaignUsingPut',
      { path, body: { automation_flow } },
      { exchange },
    );
    return afterWrite('updateAutomationCampaignUsingPut', current, automation_flow, answer);
  });
  return { automation: asReadById({ ...updated, id: automation_flow_id }) };
});

/**
 * The automation as read, with the changes applied. The API has no null, so cleared properties are left out.
 */
function merge(current: Flow, input: UpdateAutomationInput): Flow {
  const { name, description, status, nameExplicitlySet, draft, tags } = input;
  const changed = withChanges<Flow>(writeBack('updateAutomationCampaignUsingPut', current), {
    name: name ?? undefined,
    description,
    structured_tags: tags && changedTags(tags, current.structured_tags ?? []),
    status: status ?? undefined,
    active_definition: input.activeDefinition as Definition | null | undefined,
    draft_definition: draft?.trigger
      ? withTrigger(current.draft_definition, draft.trigger)
      : ((draft === null ? null : draft?.definition) as Definition | null | undefined),
    name_explicitly_set: nameExplicitlySet ?? undefined,
  });
  return dropDeclaredNulls(changed, operations.updateAutomationCampaignUsingPut.writable);
}

function changedTags(
  tags: NonNullable<UpdateAutomationInput['tags']>,
  current: NonNullable<Flow['structured_tags']>,
): NonNullable<Flow['structured_tags']> {
  const before = counterparts(
    tags,
    current,
    (tag, one) => tag.key === one.key && tag.value === one.value,
    (tag, one) => tag.key === one.key,
  );
  return tags.map(({ key, value, displayValue }, index) => {
    // A changed value must not keep the display text of the old one.
    const known = before[index]?.value === value ? before[index] : undefined;
    return withChanges<Tag>(known, { key, value, display_value: displayValue });
  });
}

/**
 * The definition with another trigger. A trigger of the same type is changed instead of replaced, because its
 * parameters keep their meaning.
 */
function withTrigger(definition: Definition | undefined, input: AutomationTriggerInput): Definition {
  const before = definition?.trigger?.trigger_def;
  const isSame = before?.type?.toLowerCase() === input.type.toLowerCase();
  const trigger_def = triggerDef(input, DRAFT_TRIGGER, isSame ? before : undefined);
  checkTriggerValue(trigger_def, DRAFT_TRIGGER);
  return { ...definition, trigger: { ...definition?.trigger, trigger_def } };
}

/**
 * A trigger in the API's format: the changes applied to the previous one.
 * @throws InputErrors for malformed IDs
 */
function triggerDef(
  input: AutomationTriggerInput,
  field: readonly string[],
  before: TriggerDef = {},
): TriggerDef {
  const { segmentId, bounds, date } = input;
  let segment_id: string | null | undefined;
  let lists: string[] | null | undefined;
  validate(
    () => {
      segment_id = segmentId == null ? segmentId : rawId('Segment', segmentId, [...field, 'segmentId']);
    },
    () => {
      lists =
        input.listIds == null
          ? input.listIds
          : rawIds('ContactList', input.listIds, [...field, 'listIds'], { max: LISTS_MAX });
    },
    () => checkIsoPeriod(bounds?.after, [...field, 'bounds', 'after']),
    () => checkIsoPeriod(bounds?.before, [...field, 'bounds', 'before']),
    eachItem(input.parameters, ({ value, rule }, index) => {
      const at = [...field, 'parameters', String(index)];
      const message = 'This must be a JSON object, in the format of the REST API.';
      validate(
        () => checkObject(value?.json, message, [...at, 'value', 'json']),
        () => checkObject(rule, message, [...at, 'rule']),
      );
    }),
  );
  const parameters = parametersOf(lists, input.parameters, before.parameters ?? []);
  return withChanges<TriggerDef>(before, {
    type: input.type,
    action_name: input.actionName,
    segment_id,
    engagement_level: input.engagementLevel,
    unique_by: input.uniqueBy,
    bounds: bounds && withChanges(before.bounds, bounds),
    trigger_date:
      date &&
      withChanges<NonNullable<TriggerDef['trigger_date']>>(before.trigger_date, {
        type: date.type,
        date_field: date.dateField,
        month_field: date.monthField,
        day_field: date.dayField,
      }),
    parameters: parameters.length > 0 ? parameters : null,
  });
}

/** Parameters to send. List IDs are a parameter too, but are handled separately. */
function parametersOf(
  lists: readonly string[] | null | undefined,
  others: readonly AutomationTriggerParameterInput[] | null | undefined,
  current: readonly Parameter[],
): Parameter[] {
  const texts: AutomationTriggerParameterInput[] = lists
    ? [{ name: LIST_IDS, type: 'LIST', value: { texts: lists } }]
    : [];
  const given = [...texts, ...(others ?? [])];
  const isGiven = (name: string | undefined) => given.some((one) => one.name === name);
  const kept = current.filter(({ parameter_name: name }) =>
    name === LIST_IDS ? lists === undefined && !isGiven(name) : others === undefined,
  );
  const before = counterparts(given, current, (one, { parameter_name }) => one.name === parameter_name);
  return [...kept, ...given.map((one, index) => parameter(one, before[index]))];
}

/** The new value replaces the previous one, whichever form that had. */
function parameter(input: AutomationTriggerParameterInput, before: Parameter | undefined): Parameter {
  const { value } = input;
  return withChanges<Parameter>(before, {
    parameter_name: input.name,
    type: input.type,
    operator: input.operator,
    ...(value !== undefined && {
      parameter_string_value: value?.text ?? null,
      parameter_list_value: value?.texts ? [...value.texts] : null,
      parameter_value: (value?.json ?? null) as Parameter['parameter_value'] | null,
    }),
    rule: input.rule as Parameter['rule'] | null,
  });
}

/** @throws InputError `REQUIRED` when the type of the trigger requires a value that is missing */
function checkTriggerValue(
  { type = '', action_name, segment_id, engagement_level }: TriggerDef,
  field: readonly string[],
): void {
  const missing = {
    ACTION: action_name == null && 'actionName',
    DATE: action_name == null && 'actionName',
    SEGMENT_JOIN: segment_id == null && 'segmentId',
    ENGAGEMENT_LEVEL: engagement_level == null && 'engagementLevel',
  }[type.toUpperCase()];
  if (missing) {
    const message = `A trigger of type ${type} requires ${missing}.`;
    throw new InputError('REQUIRED', message, [...field, missing]);
  }
}

/** @throws InputError `INVALID` unless the text is an ISO-8601 period of a single unit */
function checkIsoPeriod(text: string | null | undefined, field: readonly string[]): void {
  if (text != null && !PERIOD.test(text)) {
    throw new InputError('INVALID', 'This must be a period such as P0D, P7D or P-7D.', field);
  }
}

/** @throws InputError `INVALID` when a definition is something other than an object or null */
function checkDefinition(value: unknown, ...path: readonly string[]): void {
  checkObject(value, 'A definition must be a JSON object, in the format that the raw field returns.', [
    'input',
    ...path,
  ]);
}

/** @throws InputError for JSON that is neither an object nor missing */
function checkObject(value: unknown, message: string, field: readonly string[]): void {
  if (value == null || (typeof value === 'object' && !Array.isArray(value))) return;
  throw new InputError('INVALID', message, field);
}

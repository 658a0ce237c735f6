import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import type { Automation } from '../loaders/automation.js';
import { LIST_IDS } from './automation-definition.js';
import { dropNulls, dropNullsDeep } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

type TriggerDef = RequestBody<'createAutomationCampaignUsingPost'>;
type Flow = NonNullable<RequestBody<'updateAutomationCampaignUsingPut'>['automation_flow']>;

/** An account has at most as many lists. */
const LISTS_MAX = 1000;
const PERIOD = /^P-?\d+[DWMY]$/;

export interface AutomationTriggerInput {
  type: string;
  actionName?: string | null;
  lists?: readonly string[] | null;
  segment?: string | null;
  engagementLevel?: string | null;
  uniqueBy?: string | null;
  bounds?: { after?: string | null; before?: string | null } | null;
  date?: {
    type?: string | null;
    dateField?: string | null;
    monthField?: string | null;
    dayField?: string | null;
  } | null;
  parameters?: readonly AutomationTriggerParameterInput[] | null;
}

export interface AutomationTriggerParameterInput {
  name: string;
  type?: string | null;
  operator?: string | null;
  text?: string | null;
  texts?: readonly string[] | null;
  value?: unknown;
  rule?: unknown;
}

export interface CreateAutomationInput {
  name?: string | null;
  trigger: AutomationTriggerInput;
}

export const createAutomation = mutate(async ({ input }: { input: CreateAutomationInput }, { api }) => {
  let body: TriggerDef = {};
  validate(
    () => {
      if (input.name != null) notBlank(input.name, ['input', 'name']);
    },
    () => {
      body = triggerDef(input.trigger, ['input', 'trigger']);
    },
  );
  const query = input.name == null ? {} : { workflowName: input.name };
  const automation: Automation = await api.call('createAutomationCampaignUsingPost', { query, body });
  return { automation };
});

export interface UpdateAutomationInput {
  id: string;
  name?: string | null;
  nameExplicitlySet?: boolean | null;
  description?: string | null;
  status?: string | null;
  tags?: readonly { key: string; value: string; displayValue?: string | null }[] | null;
  trigger?: AutomationTriggerInput | null;
  draftDefinition?: unknown;
  activeDefinition?: unknown;
}

/** The PUT takes the automation whole, so it is read first: two calls. */
export const updateAutomation = mutate(async ({ input }: { input: UpdateAutomationInput }, { api }) => {
  const automation_flow_id = rawId('Automation', input.id, ['input', 'id']);
  let trigger: TriggerDef | undefined;
  validate(
    () => {
      if (input.name !== undefined) notBlank(input.name, ['input', 'name']);
    },
    ...(['status', 'nameExplicitlySet'] as const).map((name) => () => {
      if (input[name] === null)
        throw new InputError('REQUIRED', 'An automation always has this; leave it out to keep it.', [
          'input',
          name,
        ]);
    }),
    () => {
      checkDefinition(input.draftDefinition, 'draftDefinition');
    },
    () => {
      checkDefinition(input.activeDefinition, 'activeDefinition');
    },
    () => {
      if (input.trigger == null) return;
      if (input.draftDefinition !== undefined) {
        throw new InputError('INVALID', 'Give either trigger or draftDefinition, which holds a trigger.', [
          'input',
          'trigger',
        ]);
      }
      trigger = triggerDef(input.trigger, ['input', 'trigger']);
    },
  );
  const path = { automation_flow_id };
  const updated: Automation = await api.exchange(async (exchange) => {
    const current = await nullIfNotFound(
      api.call('retrieveAutomationCampaignUsingGet', { path }, { exchange }),
    );
    if (!current) throw new InputError('NOT_FOUND', 'There is no automation with this id.', ['input', 'id']);
    const body = { automation_flow: merge(current, input, trigger) };
    return api.call('updateAutomationCampaignUsingPut', { path, body }, { exchange });
  });
  return { automation: { ...updated, id: automation_flow_id } };
});

/** What was read, with the changes on it. What is cleared is left out, as the API has no null for it. */
function merge(current: Flow, input: UpdateAutomationInput, trigger: TriggerDef | undefined): Flow {
  const draft = input.draftDefinition === undefined ? current.draft_definition : input.draftDefinition;
  const changed = <T>(value: T | undefined, before: T | undefined) => (value === undefined ? before : value);
  return dropNullsDeep({
    id: current.id,
    name: input.name ?? current.name,
    description: changed(input.description, current.description),
    structured_tags: changed(
      input.tags?.map(({ key, value, displayValue }) =>
        dropNulls({ key, value, display_value: displayValue }),
      ) ?? input.tags,
      current.structured_tags,
    ),
    status: input.status ?? current.status,
    active_definition: changed(input.activeDefinition, current.active_definition),
    draft_definition: trigger ? withTrigger(current.draft_definition, trigger) : draft,
    name_explicitly_set: input.nameExplicitlySet ?? current.name_explicitly_set,
  }) as Flow;
}

function withTrigger(
  definition: Schema<'AutomationWorkflowDefinition'> | undefined,
  trigger_def: TriggerDef,
): Schema<'AutomationWorkflowDefinition'> {
  return { ...definition, trigger: { ...definition?.trigger, trigger_def } };
}

/**
 * A trigger as the API wants it.
 * @throws InputErrors when it lacks what its type needs, or names what cannot be
 */
function triggerDef(input: AutomationTriggerInput, field: readonly string[]): TriggerDef {
  let segment_id: string | undefined;
  let lists: string[] = [];
  validate(
    () => {
      notBlank(input.type, [...field, 'type']);
    },
    () => {
      needs(input, field);
    },
    () => {
      if (input.segment != null) segment_id = rawId('Segment', input.segment, [...field, 'segment']);
    },
    () => {
      if (input.lists != null) {
        lists = rawIds('ContactList', input.lists, [...field, 'lists'], { max: LISTS_MAX });
      }
    },
    () => {
      period(input.bounds?.after, [...field, 'bounds', 'after']);
    },
    () => {
      period(input.bounds?.before, [...field, 'bounds', 'before']);
    },
    ...(input.parameters ?? []).flatMap((one, index) =>
      (['value', 'rule'] as const).map((name) => () => {
        checkObject(one[name], 'This is an object, in the form of the API.', [
          ...field,
          'parameters',
          String(index),
          name,
        ]);
      }),
    ),
  );
  const parameters = [
    ...(lists.length > 0 ? [{ parameter_name: LIST_IDS, type: 'LIST', parameter_list_value: lists }] : []),
    ...(input.parameters ?? []).map(parameter),
  ];
  return dropNulls({
    type: input.type,
    action_name: input.actionName,
    segment_id,
    engagement_level: input.engagementLevel,
    unique_by: input.uniqueBy,
    bounds: input.bounds && dropNulls(input.bounds),
    trigger_date:
      input.date &&
      dropNulls({
        type: input.date.type,
        date_field: input.date.dateField,
        month_field: input.date.monthField,
        day_field: input.date.dayField,
      }),
    parameters: parameters.length > 0 ? parameters : undefined,
  });
}

function parameter(input: AutomationTriggerParameterInput): Schema<'ParameterDto'> {
  return dropNulls({
    parameter_name: input.name,
    type: input.type,
    operator: input.operator,
    parameter_string_value: input.text,
    parameter_list_value: input.texts,
    parameter_value: input.value,
    rule: input.rule,
  }) as Schema<'ParameterDto'>;
}

/** @throws InputError `REQUIRED` when the type of the trigger needs a value that is not there */
function needs(
  { type, actionName, segment, engagementLevel }: AutomationTriggerInput,
  field: readonly string[],
) {
  const missing = {
    ACTION: actionName == null && 'actionName',
    DATE: actionName == null && 'actionName',
    SEGMENT_JOIN: segment == null && 'segment',
    ENGAGEMENT_LEVEL: engagementLevel == null && 'engagementLevel',
  }[type.toUpperCase()];
  if (missing) {
    throw new InputError('REQUIRED', `A trigger of type ${type} needs ${missing}.`, [...field, missing]);
  }
}

/** @throws InputError `REQUIRED` when there is no text */
function notBlank(text: string | null, field: readonly string[]): void {
  if (text == null || text.trim() === '') throw new InputError('REQUIRED', 'This must not be empty.', field);
}

/** @throws InputError `INVALID` when the text is no ISO-8601 period of one unit */
function period(text: string | null | undefined, field: readonly string[]): void {
  if (text != null && !PERIOD.test(text)) {
    throw new InputError('INVALID', 'This must be a period such as P0D, P7D or P-7D.', field);
  }
}

/** @throws InputError `INVALID` when a definition is something other than an object or null */
function checkDefinition(value: unknown, name: string): void {
  checkObject(value, 'A definition is an object, as the raw field of one gives it.', ['input', name]);
}

/** @throws InputError for JSON that is neither an object nor missing */
function checkObject(value: unknown, message: string, field: readonly string[]): void {
  if (value == null || (typeof value === 'object' && !Array.isArray(value))) return;
  throw new InputError('INVALID', message, field);
}

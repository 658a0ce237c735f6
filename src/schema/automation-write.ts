import type { Automation as AutomationRow } from '../loaders/automation.js';
import * as resolvers from '../resolvers/automation-write.js';
import { Automation, AutomationConnection } from './automation.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';
import { KEPT, KEPT_IN_UPDATE, keptOf } from './update-words.js';

const AutomationTriggerBoundsInput = builder.inputType('AutomationTriggerBoundsInput', {
  description: `When a date trigger runs, counted from the date: P0D is the day itself, P-7D a week before. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    after: t.string({ description: 'Start, an ISO-8601 period such as P0D.' }),
    before: t.string({ description: 'End, an ISO-8601 period such as P1D.' }),
  }),
});

const AutomationTriggerDateInput = builder.inputType('AutomationTriggerDateInput', {
  description: `Which property of a contact holds the date: a whole date, or a month and a day. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    type: t.string({ description: 'Where the date is kept, such as Profile.' }),
    dateField: t.string({ description: 'Property with the whole date, such as record.anniversary.' }),
    monthField: t.string({ description: 'Property with the month, such as record.birthday_month.' }),
    dayField: t.string({ description: 'Property with the day of the month, such as record.birthday_day.' }),
  }),
});

const AutomationParameterValueInput = builder.inputType('AutomationParameterValueInput', {
  description: 'The value of a parameter: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'One text.' }),
    texts: t.stringList({ description: 'Several texts.' }),
    json: t.field({ type: 'JSON', description: 'An object in the form of the API.' }),
  }),
});

const AutomationTriggerParameterInput = builder.inputType('AutomationTriggerParameterInput', {
  description: `A value that narrows a trigger down. In an update, ${keptOf('one with the same name')}`,
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, such as create_source or url.' }),
    type: t.string({ description: 'Kind of value: STRING, LIST or WEB_TRACKING, for instance.' }),
    operator: t.string({ description: 'How it is compared: EQUALS, CONTAINS or NOT_EQUALS, for instance.' }),
    value: t.field({ type: AutomationParameterValueInput, description: 'The value.' }),
    rule: t.field({ type: 'JSON', description: 'The rule of a RULE parameter in the form of the API.' }),
  }),
});

const AutomationTriggerInput = builder.inputType('AutomationTriggerInput', {
  description: `What sets an automation off. The vendor lists no closed set of types and names, so they are texts. In an update, ${keptOf('a trigger of the same type')} Of another type, it is replaced.`,
  fields: (t) => ({
    type: t.string({
      required: true,
      description:
        'Kind of trigger. Action and Date need `actionName`, segment_join needs `segmentId`, engagement_level needs `engagementLevel`.',
    }),
    actionName: t.string({
      description: 'What has to happen: list_join, calendar_date or visits_page, for instance.',
    }),
    listIds: t.idList({ description: 'Lists that contacts have to join, at most 1,000; for list_join.' }),
    segmentId: t.id({ description: 'Global or raw id of the segment that contacts have to come into.' }),
    engagementLevel: t.string({
      description: 'The engagement that contacts have to reach: SOMEWHAT or LEAST, for instance.',
    }),
    uniqueBy: t.string({
      description: 'A contact sets it off once for each value of this, such as list_ids or contact_id.',
    }),
    bounds: t.field({
      type: AutomationTriggerBoundsInput,
      description: 'When a date trigger runs, counted from the date.',
    }),
    date: t.field({ type: AutomationTriggerDateInput, description: 'Which date a date trigger is about.' }),
    parameters: t.field({
      type: [AutomationTriggerParameterInput],
      description: 'Further values that narrow it down.',
    }),
  }),
});

const AutomationTagInput = builder.inputType('AutomationTagInput', {
  description: `A label of an automation. In an update, ${keptOf('one with the same key and value')}`,
  fields: (t) => ({
    key: t.string({ required: true, description: 'What the label is about, such as GOAL.' }),
    value: t.string({ required: true, description: 'Its value.' }),
    displayValue: t.string({ description: 'The value as people read it.' }),
  }),
});

const AutomationDraftInput = builder.inputType('AutomationDraftInput', {
  description: 'Changes to the draft of an automation: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    trigger: t.field({
      type: AutomationTriggerInput,
      description: 'Changes to the trigger. The rest of the draft stays.',
    }),
    definition: t.field({
      type: 'JSON',
      description:
        'New draft, whole, in the form in which `AutomationDefinition.raw` gives it. Tasks are changed this way, because they hold parts that no schema describes.',
    }),
  }),
});

const CreateAutomationInput = builder.inputType('CreateAutomationInput', {
  description: 'A new automation, which has a trigger and no tasks yet.',
  fields: (t) => ({
    name: t.string({ description: 'Name as it is shown; the API makes one up when left out.' }),
    trigger: t.field({ type: AutomationTriggerInput, required: true, description: 'What sets it off.' }),
  }),
});

const UpdateAutomationInput = builder.inputType('UpdateAutomationInput', {
  description: `Changes to an automation. ${KEPT}`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the automation.' }),
    name: t.string({ description: 'New name. It cannot be cleared.' }),
    nameExplicitlySet: t.boolean({ description: 'Whether the name counts as chosen by somebody.' }),
    description: t.string({ description: 'New text for what it is for; null clears it.' }),
    status: t.string({ description: 'New status, as the API calls it. It cannot be cleared.' }),
    tags: t.field({ type: [AutomationTagInput], description: 'All labels it shall have; null clears them.' }),
    draft: t.field({ type: AutomationDraftInput, description: 'Changes to the draft; null clears it.' }),
    activeDefinition: t.field({
      type: 'JSON',
      description:
        'New definition in force, whole, in the form in which `AutomationDefinition.raw` gives it; null clears it.',
    }),
  }),
});

const CreateAutomationPayload = payloadType<{ automation: AutomationRow }>(
  'CreateAutomationPayload',
  'What came of `createAutomation`.',
  (t) => ({
    automation: t.expose('automation', { type: Automation, description: 'The new automation.' }),
    automationEdge: edgeField(t, AutomationConnection, 'the new automation', (payload) => payload.automation),
  }),
);

const UpdateAutomationPayload = payloadType<{ automation: AutomationRow }>(
  'UpdateAutomationPayload',
  'What came of `updateAutomation`.',
  (t) => ({
    automation: t.expose('automation', {
      type: Automation,
      description: 'The automation after the change.',
    }),
  }),
);

builder.mutationFields((t) => ({
  createAutomation: t.field({
    type: CreateAutomationPayload,
    description:
      'Makes an automation from scratch: its trigger. Its tasks are added in the editor of the vendor, or with `updateAutomation`.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CreateAutomationInput, required: true, description: 'The new automation.' }),
    },
    resolve: resolvers.createAutomation,
  }),
  updateAutomation: t.field({
    type: UpdateAutomationPayload,
    description: 'Changes an automation. The API replaces automations whole, so it is read first.',
    queryCost: cost.calls(2),
    args: { input: t.arg({ type: UpdateAutomationInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateAutomation,
  }),
}));

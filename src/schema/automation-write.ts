import * as resolvers from '../resolvers/automation-write.js';
import { Automation, AutomationConnection } from './automation.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT, KEPT_IN_UPDATE, keptOf } from './update-words.js';
import { limited, NOT_BLANK, unstated } from './limits.js';

const AutomationTriggerBoundsInput = builder.inputType('AutomationTriggerBoundsInput', {
  description: `Period in which a date trigger runs, relative to the date: P0D is the day itself, P-7D is a week before. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    after: t.string({ description: 'Start of the period, in ISO 8601 format, such as P0D.' }),
    before: t.string({ description: 'End of the period, in ISO 8601 format, such as P1D.' }),
  }),
});

const AutomationTriggerDateInput = builder.inputType('AutomationTriggerDateInput', {
  description: `Property of a contact that holds the date of a date trigger: a whole date, or a month and a day. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    type: t.string({ description: 'Place where the date is stored, such as Profile.' }),
    dateField: t.string({ description: 'Property with the whole date, such as record.anniversary.' }),
    monthField: t.string({ description: 'Property with the month, such as record.birthday_month.' }),
    dayField: t.string({ description: 'Property with the day of the month, such as record.birthday_day.' }),
  }),
});

const AutomationParameterValueInput = builder.inputType('AutomationParameterValueInput', {
  description: 'Value of a parameter. Set exactly one of the fields.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Value as one text.' }),
    texts: t.stringList({ description: 'Value as a list of texts.' }),
    json: t.field({ type: 'JSON', description: 'Value as an object in the format of the REST API.' }),
  }),
});

const AutomationTriggerParameterInput = builder.inputType('AutomationTriggerParameterInput', {
  description: `Parameter that narrows a trigger. In an update, ${keptOf('a parameter with the same name')}`,
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of the parameter, such as create_source or url.' }),
    type: t.string({ description: 'Type of value, such as STRING, LIST or WEB_TRACKING.' }),
    operator: t.string({
      description: 'Operator that compares the value, such as EQUALS, CONTAINS or NOT_EQUALS.',
    }),
    value: t.field({ type: AutomationParameterValueInput, description: 'Value of the parameter.' }),
    rule: t.field({ type: 'JSON', description: 'Rule of a RULE parameter, in the format of the REST API.' }),
  }),
});

const AutomationTriggerInput = builder.inputType('AutomationTriggerInput', {
  description: `Trigger that starts an automation. Types and names are texts, because Constant Contact documents no closed list of them. In an update, ${keptOf('a trigger of the same type')} A trigger of another type is replaced.`,
  fields: (t) => ({
    type: t.string({
      required: true,
      ...limited`Type of trigger. Action and Date require \`actionName\`, segment_join requires \`segmentId\`, engagement_level requires \`engagementLevel\`.${NOT_BLANK}`,
    }),
    actionName: t.string({
      description: 'Action that starts the automation, such as list_join, calendar_date or visits_page.',
    }),
    listIds: t.idList(
      limited`Lists that contacts must join, ${{ maxItems: resolvers.LISTS_MAX }}. For list_join.`,
    ),
    segmentId: t.id({
      description: 'Global ID or Constant Contact ID of the segment that contacts must enter.',
    }),
    engagementLevel: t.string({
      description: 'Engagement level that contacts must reach, such as SOMEWHAT or LEAST.',
    }),
    uniqueBy: t.string({
      description:
        'Property that limits repetition, such as list_ids or contact_id: a contact starts the automation once for each of its values.',
    }),
    bounds: t.field({
      type: AutomationTriggerBoundsInput,
      description: 'Period in which a date trigger runs, relative to the date.',
    }),
    date: t.field({
      type: AutomationTriggerDateInput,
      description: 'Property that holds the date of a date trigger.',
    }),
    parameters: t.field({
      type: [AutomationTriggerParameterInput],
      description: 'Additional parameters that narrow the trigger.',
    }),
  }),
});

const AutomationTagInput = builder.inputType('AutomationTagInput', {
  description: `Tag of an automation. In an update, ${keptOf('a tag with the same key and value')}`,
  fields: (t) => ({
    key: t.string({ required: true, description: 'Topic of the tag, such as GOAL.' }),
    value: t.string({ required: true, description: 'Value of the tag.' }),
    displayValue: t.string({ description: 'Value for display.' }),
  }),
});

const AutomationDraftInput = builder.inputType('AutomationDraftInput', {
  description: 'Changes to the draft of an automation. Set exactly one of the two fields.',
  isOneOf: true,
  fields: (t) => ({
    trigger: t.field({
      type: AutomationTriggerInput,
      description: 'New values of the trigger. The rest of the draft is kept.',
    }),
    definition: t.field({
      type: 'JSON',
      description:
        'New draft as a whole, in the format of `AutomationDefinition.raw`. Use it to change tasks, which have parts that are not in this schema.',
    }),
  }),
});

mutation('createAutomation', {
  description:
    'Creates an automation from scratch, with its trigger. Add its tasks in the web editor or with `updateAutomation`.',
  queryCost: cost.calls(1),
  argument: 'Automation to create.',
  inputNote: 'A new automation has a trigger and no tasks.',
  input: (t) => ({
    name: t.string(limited`Display name. Default: a name chosen by the API.${NOT_BLANK}`),
    trigger: t.field({
      type: AutomationTriggerInput,
      required: true,
      description: 'Trigger that starts the automation.',
    }),
  }),
  payload: (t) => ({
    automation: t.expose('automation', { type: Automation, description: 'The new automation.' }),
    automationEdge: edgeField(t, AutomationConnection, 'the new automation', (payload) => payload.automation),
  }),
  resolve: resolvers.createAutomation,
});

mutation('updateAutomation', {
  description:
    'Updates an automation. The API replaces automations as a whole, so the automation is read first.',
  queryCost: cost.calls(2),
  argument: 'Automation to update and its new values.',
  inputNote: KEPT,
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the automation.' }),
    name: t.string(limited`New display name. It ${{ nullable: false }}.${NOT_BLANK}`),
    nameExplicitlySet: t.boolean(
      limited`True when the name counts as chosen by a user.${unstated({ nullable: false })}`,
    ),
    description: t.string({ description: 'New purpose of the automation. `null` clears it.' }),
    status: t.string(limited`New status, as the REST API names it. It ${{ nullable: false }}.`),
    tags: t.field({
      type: [AutomationTagInput],
      description: 'New tags, which replace all previous ones. `null` clears them.',
    }),
    draft: t.field({ type: AutomationDraftInput, description: 'Changes to the draft. `null` clears it.' }),
    activeDefinition: t.field({
      type: 'JSON',
      description:
        'New active definition as a whole, in the format of `AutomationDefinition.raw`. `null` clears it.',
    }),
  }),
  payload: (t) => ({
    automation: t.expose('automation', {
      type: Automation,
      description: 'The updated automation.',
    }),
  }),
  resolve: resolvers.updateAutomation,
});

import { segments } from '../loaders/segment.js';
import { customFields } from '../loaders/custom-field.js';
import { contactLists } from '../loaders/contact-list.js';
import * as resolvers from '../resolvers/automation-definition.js';
import { builder } from './builder.js';
import { ContactList } from './contact-list.js';
import { CustomField } from './custom-field.js';
import { Segment } from './segment.js';
import { cost } from './cost.js';

/** Assumed number of lists of a trigger. */
const LISTS = { usual: 2, most: 50 };
/** Assumption: one trigger in this many is about a segment. */
const TRIGGERS = 3;

const AutomationComparison = builder.objectRef<resolvers.AutomationComparison>('AutomationComparison');
AutomationComparison.implement({
  description: 'Comparison of a property with a value.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Type of comparison, as the REST API names it.' }),
    propertyName: t.exposeString('property_name', { description: 'Property that is compared.' }),
    operator: t.exposeString('operator', {
      description: 'Operator of the comparison, as the REST API names it.',
    }),
    argument: t.exposeString('argument', { description: 'Value that the property is compared with.' }),
    arguments: t.exposeStringList('array_argument', {
      description: 'Values that the property is compared with, when there are several.',
    }),
    customFieldId: t.id({
      description: 'Constant Contact ID of the custom field. `null` when the property is not a custom field.',
      resolve: (comparison) => comparison.string_map_argument?.custom_field_Id,
    }),
    customFieldValue: t.string({
      description: 'Value that the custom field is compared with.',
      resolve: (comparison) => comparison.string_map_argument?.value,
    }),
    customField: t.field({
      type: CustomField,
      description: 'Custom field that is compared. `null` when the property is not a custom field.',
      queryCost: cost.scan(customFields),
      resolve: resolvers.comparedField,
    }),
  }),
});

const AutomationRule = builder.objectRef<resolvers.AutomationRule>('AutomationRule');
AutomationRule.implement({
  description: 'Condition: a comparison, or a combination of rules.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Type of rule, as the REST API names it.' }),
    compoundRuleType: t.exposeString('compound_rule_type', {
      description: 'Operator that joins `left` and `right`, as the REST API names it.',
    }),
    left: t.expose('left', { type: AutomationRule, description: 'First of two joined rules.' }),
    right: t.expose('right', { type: AutomationRule, description: 'Second of two joined rules.' }),
    rule: t.expose('rule', { type: AutomationRule, description: 'The only rule, when there are not two.' }),
    comparison: t.expose('property_comparison', {
      type: AutomationComparison,
      description: 'Comparison of the rule. `null` when it combines other rules.',
    }),
    target: t.exposeString('target', { description: 'Target that the rule applies to.' }),
    targetType: t.exposeString('target_type', { description: 'Type of target.' }),
  }),
});

const AutomationTriggerParameter = builder.objectRef<resolvers.AutomationTriggerParameter>(
  'AutomationTriggerParameter',
);
AutomationTriggerParameter.implement({
  description:
    'Condition of a trigger: `operator` compares the parameter `name` with a value. The parameter `list_ids`, for example, limits the trigger to some lists.',
  fields: (t) => ({
    name: t.exposeString('parameter_name', {
      description: 'Name of the parameter in the REST API, such as list_ids or url.',
    }),
    type: t.exposeString('type', {
      description: 'Type of the value, such as STRING, LIST or WEB_TRACKING.',
    }),
    operator: t.exposeString('operator', {
      description: 'Operator of the comparison, such as EQUALS or CONTAINS.',
    }),
    texts: t.stringList({
      nullable: false,
      description:
        'Values to compare with, as texts. They come from any property in which the API stores them.',
      resolve: resolvers.parameterTexts,
    }),
    value: t.expose('parameter_value', {
      type: 'JSON',
      description: 'The same values in the format of the REST API.',
    }),
    rule: t.expose('rule', {
      type: 'JSON',
      description: 'Rule of a RULE parameter, in the format of the REST API.',
    }),
  }),
});

const AutomationTriggerBounds =
  builder.objectRef<NonNullable<NonNullable<resolvers.AutomationTrigger['trigger_def']>['bounds']>>(
    'AutomationTriggerBounds',
  );
AutomationTriggerBounds.implement({
  description:
    'Period in which a date trigger runs, relative to the date: P0D is the day itself, P-7D is a week before.',
  fields: (t) => ({
    after: t.exposeString('after', { description: 'Start of the period, in ISO 8601 format.' }),
    before: t.exposeString('before', { description: 'End of the period, in ISO 8601 format.' }),
  }),
});

const AutomationTriggerDate =
  builder.objectRef<NonNullable<NonNullable<resolvers.AutomationTrigger['trigger_def']>['trigger_date']>>(
    'AutomationTriggerDate',
  );
AutomationTriggerDate.implement({
  description: 'Property of a contact that holds the date of a date trigger.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Place where the date is stored, such as Profile.' }),
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

export const AutomationTrigger = builder
  .objectRef<resolvers.AutomationTrigger>('AutomationTrigger')
  .implement({
    description: 'Trigger that starts an automation.',
    fields: (t) => ({
      type: t.string({
        description: 'Type of trigger, such as Action, Date, segment_join or engagement_level.',
        resolve: (trigger) => trigger.trigger_def?.type,
      }),
      actionName: t.string({
        description: 'Action that starts the automation, such as list_join, calendar_date or visits_page.',
        resolve: (trigger) => trigger.trigger_def?.action_name,
      }),
      lists: t.field({
        type: [ContactList],
        nullable: false,
        description: 'Lists that contacts must join. Empty when the trigger is not about lists.',
        queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
        resolve: resolvers.lists,
      }),
      segmentId: t.id({
        description: 'Constant Contact ID of the segment that contacts must enter.',
        resolve: (trigger) => trigger.trigger_def?.segment_id,
      }),
      segment: t.field({
        type: Segment,
        description: 'Segment that contacts must enter.',
        queryCost: cost.fewer(
          (n, { sizes }) => sizes.lengthOf({ usual: Math.ceil(n / TRIGGERS), most: n }),
          cost.scan(segments, { misses: true, unless: ['id', 'segmentId'] }),
        ),
        resolve: resolvers.segment,
      }),
      engagementLevel: t.string({
        description: 'Engagement level that contacts must reach, such as SOMEWHAT or LEAST.',
        resolve: (trigger) => trigger.trigger_def?.engagement_level,
      }),
      uniqueBy: t.string({
        description:
          'Property that limits repetition, such as list_ids or contact_id: a contact starts the automation once for each of its values.',
        resolve: (trigger) => trigger.trigger_def?.unique_by,
      }),
      bounds: t.field({
        type: AutomationTriggerBounds,
        description: 'Period in which a date trigger runs, relative to the date.',
        resolve: (trigger) => trigger.trigger_def?.bounds,
      }),
      date: t.field({
        type: AutomationTriggerDate,
        description: 'Property that holds the date of a date trigger.',
        resolve: (trigger) => trigger.trigger_def?.trigger_date,
      }),
      parameters: t.field({
        type: [AutomationTriggerParameter],
        description: 'Conditions that limit the trigger, including the one behind `lists`.',
        resolve: (trigger) => trigger.trigger_def?.parameters,
      }),
      filter: t.field({
        type: AutomationRule,
        description: 'Additional condition that contacts must meet.',
        resolve: (trigger) => trigger.trigger_filter?.rule,
      }),
      filterVersion: t.string({
        description: 'Version of the format of `filter`.',
        resolve: (trigger) => trigger.trigger_filter?.version,
      }),
      version: t.exposeString('trigger_version', {
        description: 'Version of the format of the trigger.',
      }),
      workflowFilter: t.exposeString('workflow_filter', {
        description: 'Condition of the workflow, in the format of the REST API.',
      }),
    }),
  });

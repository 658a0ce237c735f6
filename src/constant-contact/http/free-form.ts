/**
 * Properties with any JSON (contract: TaskDto, ParameterDto, AutomationWorkflowDef, ProfileDto), in which nulls and the order
 * of items have a meaning.
 */
export const FREE_FORM: ReadonlySet<string> = new Set([
  'json_condition',
  'output',
  'metadata',
  'parameter_value',
  'rule',
  'settings',
]);

/**
 * Properties that hold any JSON (contract: TaskDto, ParameterDto, AutomationWorkflowDef, ProfileDto), in which a null, or the
 * place of an item, means something to whoever wrote it.
 */
export const FREE_FORM: ReadonlySet<string> = new Set([
  'json_condition',
  'output',
  'metadata',
  'parameter_value',
  'rule',
  'settings',
]);

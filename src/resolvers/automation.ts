import type { GraphQLResolveInfo } from 'graphql';
import { isReadById } from '../constant-contact/by-id.js';
import type { Api } from '../constant-contact/api.js';
import type { Context } from '../context.js';
import type { Automation, AutomationFilter } from '../loaders/automation.js';
import type { AutomationsFilter } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { requiredText } from './support/limits.js';
import { paginateRows, type Connection, type ConnectionArgs } from './support/page.js';
import { selects } from './support/selection.js';

export interface AutomationsArgs extends ConnectionArgs {
  filter?: AutomationsFilter | null;
  sortDirection?: string | null;
}

/** Properties that only the listing includes. */
export type SummaryKey =
  | 'active_state'
  | 'created_by_id'
  | 'created_date'
  | 'draft_state'
  | 'promoted_by_id'
  | 'promoted_date'
  | 'template_id'
  | 'update_date';
/** Properties that only a read by ID includes. */
export type DetailKey = 'active_definition' | 'draft_definition' | 'name_explicitly_set';

/** GraphQL fields of those properties. */
const SUMMARY_FIELDS = [
  'activeState',
  'createdById',
  'createdAt',
  'draftState',
  'promotedById',
  'promotedAt',
  'templateId',
  'updatedAt',
] as const;

export function automation(
  _parent: unknown,
  args: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Automation | null> {
  return automationForm(rawId('Automation', args.id, ['id']), context, info);
}

/**
 * An automation in the form that includes the selected fields: only the listing has dates, only a read by ID
 * has definitions.
 */
export function automationForm(
  id: string,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<Automation | null> {
  if (selects(info, 'activeDefinition', 'draftDefinition', 'nameExplicitlySet'))
    return loaders.automationDetails.load(id);
  return selects(info, ...SUMMARY_FIELDS) ? loaders.automations.load(id) : loaders.automations.named.load(id);
}

export function automations(
  _parent: unknown,
  args: AutomationsArgs,
  { api, loaders }: Context,
): Promise<Connection<Automation>> {
  const { name, channel, createdFrom, goals } = args.filter ?? {};
  if (name != null) requiredText(name, Infinity, ['filter', 'name']);
  if (channel != null) requiredText(channel, Infinity, ['filter', 'channel']);
  if (goals != null) requiredText(goals, Infinity, ['filter', 'goals']);
  const filter = dropNulls({
    name,
    channel,
    created_from: createdFrom,
    goals,
    sort_direction: args.sortDirection,
  }) as AutomationFilter;
  const isAll = Object.keys(filter).length === 0;
  const read = () => (isAll ? loaders.automations.all() : listed(filter, api));
  return paginateRows(args, read, ['listAutomations', filter]);
}

/** One call for all automations. */
async function listed(query: AutomationFilter, api: Api): Promise<readonly Automation[]> {
  return (await api.call('listAutomations', { query })).flow_summaries ?? [];
}

/**
 * A value that only the listing has: from the row if it came from there, otherwise from one read of the
 * listing.
 */
export async function fromSummary<Key extends SummaryKey>(
  row: Automation,
  key: Key,
  { loaders }: Context,
): Promise<Automation[Key] | null> {
  const summary = isReadById(row) ? await loaders.automations.load(row.id ?? '') : row;
  return summary?.[key] ?? null;
}

/** A value that only a read by ID has: from the row if it came from there, otherwise from one call. */
export async function fromDetail<Key extends DetailKey>(
  row: Automation,
  key: Key,
  { loaders }: Context,
): Promise<Automation[Key] | null> {
  const detail = isReadById(row) ? row : row.id ? await loaders.automationDetails.load(row.id) : null;
  return detail?.[key] ?? null;
}

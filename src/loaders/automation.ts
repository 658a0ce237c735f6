import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { named } from './makers/named.js';
import { scan } from './makers/scan.js';
import { single, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

/**
 * An automation as the list gives it (a summary, with its dates) or as a read by id does (with its definitions).
 * Neither has all of it.
 */
export type Automation = Schema<'AutomationFlowSummaryDto'> & Schema<'AutomationCampaign'>;
export type AutomationFilter = QueryParams<'listAutomations'>;

export interface AutomationLoaders extends ById<Automation> {
  /** The automation in either form, for what both have: ONE for a single one, SCAN for several. */
  row(id: string): Promise<Automation | null>;
  /** The automation as the list gives it. SCAN: one call answers it for every automation. */
  summary(id: string): Promise<Automation | null>;
  /** All automations, newest first: the same call as for a summary. */
  all(): Promise<readonly Automation[]>;
  /** All automations that match, newest first unless the filter says otherwise. One call, whatever their number. */
  list(filter: AutomationFilter): Promise<readonly Automation[]>;
}

/** Automations: ONE by id, and a list without pages. */
export function automationLoaders(api: Api): AutomationLoaders {
  const byId = single((automation_flow_id) =>
    withRequestedId(
      'id',
      automation_flow_id,
      nullIfNotFound<Automation>(
        api.call('retrieveAutomationCampaignUsingGet', { path: { automation_flow_id } }),
      ),
    ),
  );
  const list = async (query: AutomationFilter): Promise<readonly Automation[]> =>
    (await api.call('listAutomations', { query })).flow_summaries ?? [];
  const summaries = scan(api, {
    family: 'automations',
    variant: () => 'summaries',
    read: () => list({}),
    key: (automation) => automation.id,
    // The vendor does not say that the list has all.
    one: byId.load,
  });
  const rows = named(api, { scan: summaries, scanned: summaries.held, one: byId.load });
  return {
    ...byId,
    row: rows.load,
    summary: summaries.load,
    all: summaries.all,
    list,
    clear: () => {
      byId.clear();
      rows.clear();
      summaries.clear();
    },
  };
}

export const automationDetails = { cost: { costClass: 'ONE', rows: 'automations' } } as const satisfies Costs;

export const automations = { cost: { costClass: 'WHOLE', rows: 'automations' } } as const satisfies Costs;

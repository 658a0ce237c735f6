import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { whole } from './makers/collection.js';
import { single } from './makers/single.js';

/**
 * An automation from the listing (with its dates) or from a read by ID (with its definitions). Neither has
 * everything.
 */
export type Automation = Schema<'AutomationFlowSummaryDto'> & Schema<'AutomationCampaign'>;
export type AutomationFilter = QueryParams<'listAutomations'>;

/** Automations with their definitions, but without their dates. */
export const automationDetails = single<Automation>({
  noun: 'automations',
  key: 'id',
  read: ({ api }, automation_flow_id) =>
    api.call('retrieveAutomationCampaignUsingGet', { path: { automation_flow_id } }),
});

/** Summaries of all automations, newest first. */
export const automations = whole<Automation>({
  noun: 'automations',
  family: 'automations',
  key: 'id',
  read: async ({ api }) => (await api.call('listAutomations', { query: {} })).flow_summaries,
  // The vendor does not guarantee that the list is complete.
  one: automationDetails,
});

import type { Schema } from '../../constant-contact/contract/operations.js';
import { Collection } from '../store.js';

type Definition = Schema<'AutomationWorkflowDefinition'>;

/** The user that the token belongs to. */
export const AUTOMATION_USER = '100000001';

export interface AutomationRow {
  readonly id: string;
  name: string;
  name_explicitly_set: boolean;
  description: string | null;
  /** Draft, Active and so on, in display form. */
  status: string;
  structured_tags: Schema<'AutomationStructuredTag'>[];
  /** Null until it is activated. */
  active_definition: Definition | null;
  draft_definition: Definition | null;
  /** Null without a template. */
  readonly template_id: string | null;
  readonly channel: string;
  readonly created_by_id: string;
  readonly created_at: number;
  updated_at: number;
  promoted_by_id: string | null;
  promoted_at: number | null;
}

/** Automations, oldest first. */
export function automationStores() {
  return { automations: new Collection<AutomationRow>((row) => row.id) };
}

import { numericId } from '../constant-contact/http/json.js';
import type { AddListMembershipsSource, RemoveListMembershipsSource } from './inputs.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';

/** Maximum number of IDs per part of a bulk activity (contract; vendor guide where the contract is wrong). */
export const BULK_LIMITS = {
  contacts: 500,
  lists: 50,
  /** Source lists of a removal from lists (vendor guide). */
  removalSourceLists: 100,
  tags: 50,
  deletedLists: 100,
  deletedTags: 500,
  deletedCustomFields: 100,
  /** Contacts excluded from an export. */
  exportExclude: 50,
  /**
   * Contacts excluded from other activities. The API documents no limit, so the limit of contacts applies.
   */
  exclude: 500,
} as const;

/** The contacts of a bulk activity. Exactly one property is given. */
export type SourceInput = AddListMembershipsSource & RemoveListMembershipsSource;

/** The same in the API's format. */
export interface WireSource {
  contact_ids?: string[];
  list_ids?: string[];
  tag_ids?: string[];
  segment_id?: number;
  engagement_level?: string;
  all_active_contacts?: boolean;
  new_subscriber?: boolean;
}

/** @throws InputError for too many or malformed IDs, for no source, and for a switch that is false */
export function wireSource(
  source: SourceInput,
  field: readonly string[],
  maxLists: number = BULK_LIMITS.lists,
): WireSource {
  const { contactIds, listIds, tagIds, segmentId, engagementLevel, allActiveContacts, newSubscribers } =
    source;
  if (contactIds) {
    const max = BULK_LIMITS.contacts;
    return { contact_ids: rawIds('Contact', contactIds, [...field, 'contactIds'], { max }) };
  }
  if (listIds) {
    return { list_ids: rawIds('ContactList', listIds, [...field, 'listIds'], { max: maxLists }) };
  }
  if (tagIds) return { tag_ids: rawIds('Tag', tagIds, [...field, 'tagIds'], { max: BULK_LIMITS.tags }) };
  if (segmentId != null) {
    return { segment_id: numericId(rawId('Segment', segmentId, [...field, 'segmentId'])) };
  }
  if (engagementLevel != null) return { engagement_level: engagementLevel };
  if (allActiveContacts) return { all_active_contacts: true };
  if (newSubscribers) return { new_subscriber: true };
  throw new InputError(
    'INVALID',
    'This must be true. To select other contacts, use another field of the source.',
    [...field, newSubscribers == null ? 'allActiveContacts' : 'newSubscribers'],
  );
}

/**
 * Contacts to exclude, in the API's format; undefined when there are none.
 * @throws InputError when the source does not allow exclusions
 */
export function wireExclude(
  exclude: readonly string[] | null | undefined,
  source: SourceInput,
): { contact_ids: string[] } | undefined {
  if (exclude == null || exclude.length === 0) return undefined;
  const field = ['input', 'excludeContactIds'];
  if (!source.allActiveContacts && !source.listIds) {
    throw new InputError(
      'NOT_ALLOWED',
      'Contacts can be excluded only when the source is allActiveContacts or listIds.',
      field,
    );
  }
  return { contact_ids: rawIds('Contact', exclude, field, { max: BULK_LIMITS.exclude }) };
}

import type { McpDomain } from '../config/variables.js';

/** The first pattern that matches the name of an action decides. */
const DOMAINS: readonly (readonly [McpDomain, RegExp])[] = [
  ['partners', /partner/],
  ['social', /social/],
  ['events', /event|registration/],
  ['reports', /_report$/],
  ['activities', /activity_status/],
  ['tags', /tag/],
  ['segments', /segment/],
  ['custom_fields', /custom_field/],
  ['campaigns', /campaign|non_openers/],
  ['lists', /contact_list|list_memberships|list_activity|list_id/],
  ['account', /account/],
  ['contacts', /contact/],
];

/**
 * The domain of an action.
 *
 * @param name name of its tool
 * @throws TypeError when no pattern matches
 */
export function domainOf(name: string): McpDomain {
  const found = DOMAINS.find(([, names]) => names.test(name));
  if (!found) throw new TypeError(`${name} has no domain`);
  return found[0];
}

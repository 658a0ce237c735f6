import { expect, it } from 'vitest';
import type { Wants } from '../../src/loaders/wants.js';
import { parts } from '../../src/loaders/makers/parts.js';

/** Never run: the compiler is the test. A line below a `@ts-expect-error` that compiles makes it fail. */
export function coordinates(wants: Wants): void {
  wants('Contact', 'lists', 'tags');
  wants('EmailCampaignActivity', 'links(includeUnclicked)');
  parts('Contact', { lists: 'list_memberships' });

  // @ts-expect-error the type has no such field
  wants('Contact', 'list');
  // @ts-expect-error there is no such type
  wants('Contacts', 'lists');
  // @ts-expect-error another type has this field
  wants('Contact', 'membershipCount');
  // @ts-expect-error the field has no such argument
  wants('EmailCampaignActivity', 'links(includeClicked)');
  // @ts-expect-error the type has no such field
  parts('Contact', { list: 'list_memberships' });
}

it('field coordinates are typed by the schema', () => {
  expect(coordinates).toBeTypeOf('function');
});

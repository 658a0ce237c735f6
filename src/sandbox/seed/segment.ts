import type { Account } from '../account.js';
import { DAY, MINUTE } from '../dates.js';
import { Random } from '../random.js';

interface Rule {
  source: 'contact' | 'tracking' | 'list_membership' | 'tags';
  field: string;
  op: string;
  const_value: string | string[];
  param?: string;
}

type Node = Rule | { type: 'and' | 'or'; group: Node[] };

/** The criteria of a segment as the API stores them. */
const criteria = (...group: Node[]): string =>
  JSON.stringify({ version: '1.0.0', criteria: { type: 'and', group } });

const tracking = (field: string, const_value: string, param: string): Rule => ({
  source: 'tracking',
  field,
  op: 'contains-any',
  const_value,
  param,
});

const contact = (field: string, op: string, ...const_value: string[]): Rule => ({
  source: 'contact',
  field,
  op,
  const_value,
});

/** Twelve segments, one of them deleted. */
export function seedSegments(account: Account): void {
  const random = new Random(account.seed, 'segments');
  const listId = (name: string): string => account.lists.first('name', name.toLowerCase())?.list_id ?? '';
  const tagId = (name: string): string => account.tags.first('name', name)?.tag_id ?? '';
  const onLists = (...names: string[]): Rule => ({
    source: 'list_membership',
    field: 'list_id',
    op: 'contains-any',
    const_value: names.map(listId),
  });
  const tagged = (...names: string[]): Rule => ({
    source: 'tags',
    field: 'tag_id',
    op: 'contains-any',
    const_value: names.map(tagId),
  });
  const april = contact('birthday_month', 'equals', '4');
  const documents: [string, string][] = [
    [
      'Most Engaged',
      criteria(tracking('opened', 'last-n-campaigns', '5'), tracking('clicked', 'last-n-days', '60')),
    ],
    ['Somewhat Engaged', criteria(tracking('opened', 'last-n-campaigns', '20'))],
    ['Least Engaged', criteria(tracking('not_opened', 'last-n-campaigns', '5'))],
    ['Born in April, not in Maryland', criteria(april, contact('state', 'not-equals', 'MD'))],
    ['Donors and Members', criteria(onLists('Donors', 'Members'))],
    ['Crime Readers', criteria(contact('favourite_genres', 'equals', 'Crime'))],
    [
      'Abroad',
      criteria(contact('country', 'is-not-empty'), contact('country', 'not-equals', 'United States')),
    ],
    ['Big Spenders on the Newsletter', criteria(tagged('big spender'), onLists('Monthly Newsletter'))],
    [
      'France or Germany',
      criteria({
        type: 'or',
        group: [contact('country', 'equals', 'France'), contact('country', 'equals', 'Germany')],
      }),
    ],
    ['Example.com Addresses', criteria(contact('email_domain', 'equals', 'example.com'))],
    ['Nobody', criteria(contact('last_name', 'equals', 'no such name'))],
    ['Old Segment', criteria(tracking('clicked', 'last-n-days', '365'))],
  ];
  for (const [name, segment_criteria] of documents) {
    const created_at = account.startedAt - random.between(40, 900) * DAY - random.between(0, 900) * MINUTE;
    account.segments.add({
      segment_id: account.ids.number('segment', 1_001),
      name,
      segment_criteria,
      created_at,
      edited_at: created_at + random.between(0, 30) * DAY,
      deleted_at: name === 'Old Segment' ? account.startedAt - 20 * DAY : null,
      computed: false,
    });
  }
}

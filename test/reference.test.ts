import {
  buildSchema as schemaOf,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf } from '../scripts/reference/cost.js';
import { referencePages } from '../scripts/reference/pages.js';
import { buildSchema } from '../src/schema/index.js';
import { price } from '../src/schema/price.js';

const schema = buildSchema();
const pages = referencePages(schema);

function argumentsOf(field: GraphQLField<unknown, unknown> | GraphQLInputField): readonly GraphQLArgument[] {
  return 'args' in field ? field.args : [];
}

/** The part of a page below a heading, down to the next one. */
function section(page: string, heading: string): string {
  const [, after = ''] = pages.get(page)?.split(`\n### ${heading}\n`) ?? [];
  return after.split(/\n#{2,3} /)[0] ?? '';
}

describe('the reference', () => {
  it('tells of every type once', () => {
    const headings = [...pages.values()].flatMap((text) => text.match(/(?<=^### )\w+$/gm) ?? []);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => !type.name.startsWith('_') && !isSpecifiedScalarType(type) && !roots.includes(type as never),
    );
    const fields = roots.flatMap((root) =>
      Object.keys(root?.getFields() ?? {}).filter((name) => !name.startsWith('_')),
    );
    expect(headings.sort()).toEqual([...types.map(({ name }) => name), ...fields].sort());
  });

  it('has no anchor that leads to two places of a page', () => {
    for (const text of pages.values()) {
      const anchors = (text.match(/(?<=^#+ ).+$/gm) ?? []).map((title) =>
        title.toLowerCase().replaceAll(' ', '-'),
      );
      expect(anchors.length).toBe(new Set(anchors).size);
    }
  });

  it('has a description of everything that can be written down', () => {
    const silent = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('_') && type.name !== 'Query')
      .flatMap((type) => {
        if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
        return Object.values(type.getFields()).flatMap((field) => [
          ...(field.description ? [] : [`${type.name}.${field.name}`]),
          ...argumentsOf(field).flatMap((arg) =>
            arg.description ? [] : [`${type.name}.${field.name}(${arg.name})`],
          ),
        ]);
      });
    expect(silent).toEqual([]);
  });

  it('shows a field with its type, its arguments, its meaning and its price', () => {
    expect(section('contacts.md', 'Contact')).toContain(
      '- `lists` [`[ContactList!]`](groups.md#contactlist): Lists the contact is a member of',
    );
    expect(section('contacts.md', 'Contact')).toMatch(/- `smsEngagementHistory` .* _Price: 1 each\._\n/);
    expect(section('contacts.md', 'Contact')).toMatch(
      /\n {2}- `start` \[`DateTime!`\]\(shared\.md#datetime\): \w/,
    );
    expect(section('queries.md', 'contactByEmail')).toMatch(
      /Gives \[`Contact`\]\(contacts\.md#contact\)\. Price: \d+ each\./,
    );
    expect(section('contacts.md', 'Birthday')).toContain('In [`Contact`](#contact).');
  });

  it.each([
    ['nothing', price.none, null],
    ['a call for each object', price.each(), '1 each'],
    ['a collection', price.scan('partnerAccounts'), '20 a query'],
    ['many at once', price.batch(10), '1, 10 for 100 objects'],
    ['what several fields share', price.detail('it'), '1 each, shared with its neighbours'],
    ['two reasons', price.scan('lists', { misses: true }), '1 a query and 1 each'],
  ])('tells the price of %s', (_name, extensions, told) => {
    const field = schemaOf('type Query { it: Int }').getQueryType()?.getFields()['it'];
    expect(field && costOf({ ...field, extensions })).toBe(told);
  });
});

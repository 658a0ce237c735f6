import {
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { referencePages } from '../scripts/reference/pages.js';
import { buildSchema } from '../src/schema/index.js';

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
  it('lists every type once', () => {
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

  it('has unique anchors on each page', () => {
    for (const text of pages.values()) {
      const anchors = (text.match(/(?<=^#+ ).+$/gm) ?? []).map((title) =>
        title.toLowerCase().replaceAll(' ', '-'),
      );
      expect(anchors.length).toBe(new Set(anchors).size);
    }
  });

  it('has a description of every type, field, argument and value', () => {
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

  it('shows the type, arguments, description and cost of a field', () => {
    expect(section('contacts.md', 'Contact')).toContain(
      '- `lists` [`[ContactList!]`](groups.md#contactlist): Lists of the contact, at most 50.',
    );
    expect(section('contacts.md', 'Contact')).toMatch(
      /- `smsEngagementHistory` .* Cost: 1 REST call per contact\.\n/,
    );
    expect(section('contacts.md', 'Contact')).toMatch(
      /\n {2}- `start` \[`DateTime!`\]\(shared\.md#datetime\): \w/,
    );
    expect(section('queries.md', 'contactByEmail')).toMatch(
      /Cost: up to 2 REST calls\. Usually 1\.\n+Gives \[`Contact`\]\(contacts\.md#contact\)\./,
    );
    expect(section('contacts.md', 'Birthday')).toContain('In [`Contact`](#contact).');
  });
});

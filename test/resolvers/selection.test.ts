import { buildSchema, getOperationAST, graphql, parse, type GraphQLResolveInfo } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isCovered, OperationSelection, selectionTree } from '../../src/resolvers/support/selection.js';

const schema = buildSchema(`
  interface Node { id: ID! }
  type Query { contact(id: ID): Contact node(id: ID): Node }
  type Contact implements Node { id: ID! name: String lists: [List] email: Email }
  type Email { address: String state: String }
  type List implements Node { id: ID! name: String count: Int }
`);

function selectionOf(source: string, variables: Record<string, unknown> = {}): OperationSelection {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation expected');
  return new OperationSelection(schema, document, operation, variables);
}

describe('OperationSelection', () => {
  it('merges aliases, fragments and inline fragments', () => {
    const selection = selectionOf(`
      { a: contact { name } b: contact { ...Lists } node { ... on List { count } } }
      fragment Lists on Contact { lists { id } }
    `);
    expect(selection.has('Contact', 'lists')).toBe(true);
    expect(selection.has('Contact', 'name')).toBe(true);
    expect(selection.has('List', 'count')).toBe(true);
    expect(selection.has('Contact', 'email')).toBe(false);
    expect(selection.has('Email', 'address')).toBe(false);
  });

  it('obeys @skip and @include', () => {
    const source =
      'query ($yes: Boolean!) { contact { lists @include(if: $yes) { id } email @skip(if: $yes) { address } } }';
    expect(selectionOf(source, { yes: true }).has('Contact', 'lists')).toBe(true);
    expect(selectionOf(source, { yes: true }).has('Contact', 'email')).toBe(false);
    expect(selectionOf(source, { yes: false }).has('Contact', 'lists')).toBe(false);
    expect(selectionOf(source, { yes: false }).has('Contact', 'email')).toBe(true);
  });

  it('applies the fields of an interface to each of its types', () => {
    expect(selectionOf('{ node { id } }').has('List', 'id')).toBe(true);
  });

  it('terminates on circular fragments', () => {
    const source =
      '{ contact { ...A } } fragment A on Contact { name ...B } fragment B on Contact { lists { id } ...A }';
    expect(selectionOf(source).has('Contact', 'lists')).toBe(true);
  });
});

describe('selectionTree and isCovered', () => {
  async function covered(source: string, offered: string[]): Promise<boolean> {
    let result: boolean | undefined;
    const contact = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      result = isCovered(selectionTree(info), offered);
      return null;
    };
    await graphql({ schema, source, rootValue: { contact } });
    if (result === undefined) throw new Error('the field was not resolved');
    return result;
  }

  it.each([
    ['{ contact { id name } }', ['id', 'name'], true],
    ['{ contact { id name lists { id } } }', ['id', 'name'], false],
    ['{ contact { email { address } } }', ['email.address'], true],
    ['{ contact { email { address state } } }', ['email.address'], false],
    ['{ contact { email { address state } } }', ['email'], true],
    ['{ contact { __typename id } }', ['id'], true],
    ['{ contact { ...F } } fragment F on Contact { x: id y: id }', ['id'], true],
    ['{ contact { id lists @include(if: false) { id } } }', ['id'], true],
  ])('%s offered %j: %s', async (source, offered, expected) => {
    expect(await covered(source, offered)).toBe(expected);
  });
});

import { getNamedType, isInputObjectType, isInterfaceType, isObjectType, type GraphQLField } from 'graphql';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMappings } from '../scripts/actions/actions.js';
import { renderActions } from '../scripts/actions/render.js';
import { operations } from '../src/constant-contact/contract/operations.js';
import { buildSchema } from '../src/schema/index.js';

const schema = buildSchema();
const mappings = readMappings();

function fieldAt(coordinate: string): GraphQLField<unknown, unknown> | undefined {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
}

/** True when a field has an argument at the end of that path, such as `input.emailAddress`. */
function hasArgument(field: GraphQLField<unknown, unknown> | undefined, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  let type = field?.args.find((arg) => arg.name === name)?.type;
  for (const key of rest) {
    const named = type && getNamedType(type);
    type = isInputObjectType(named) ? named.getFields()[key]?.type : undefined;
  }
  return type !== undefined;
}

/** True when the mapped place of a parameter exists. */
function exists(own: string, place: string): boolean {
  if (place.startsWith('- ')) return place.length > 10;
  const argument = /^([\w.]*)\(([\w.]+)\)$/.exec(place);
  if (argument) return hasArgument(fieldAt(argument[1] || own), argument[2] ?? '');
  return place.split(', ').every((coordinate) => fieldAt(coordinate) !== undefined);
}

describe('the list of actions', () => {
  it('has 93 actions with unique slugs, and every operation of the contract', () => {
    const slugs = mappings.flatMap(({ action }) => (action ? [action.slug] : []));
    expect(new Set(slugs).size).toBe(93);
    expect(slugs.every((slug) => /^CONSTANT_CONTACT_[A-Z_]+$/.test(slug))).toBe(true);
    expect([...new Set(mappings.map(({ operationId }) => operationId))].sort()).toEqual(
      Object.keys(operations).sort(),
    );
  });

  it('names only fields that exist', () => {
    expect(mappings.flatMap(({ field }) => (fieldAt(field) ? [] : [field]))).toEqual([]);
  });

  it('maps every parameter to an argument or a field', () => {
    const missing = mappings.flatMap(({ field, places }) =>
      [...places].flatMap(([parameter, place]) =>
        exists(field, place) ? [] : [`${field}: ${parameter} → ${place}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it('matches docs/actions.md', async () => {
    expect(readFileSync(new URL('../docs/actions.md', import.meta.url), 'utf8')).toBe(await renderActions());
  });
});

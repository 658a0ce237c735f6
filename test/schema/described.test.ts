import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLNamedType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/index.js';

/** Names that the federation plugin adds, with its own descriptions. */
const FEDERATION = /^(_|link__|federation__)/;

const types = Object.values(buildSchema().getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !FEDERATION.test(type.name),
);

interface Described {
  description?: string | null | undefined;
}

/** Every described thing of a type, by its coordinate. */
function* membersOf(type: GraphQLNamedType): Generator<readonly [string, Described]> {
  yield [type.name, type];
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field];
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (FEDERATION.test(field.name)) continue;
      yield [`${type.name}.${field.name}`, field];
      for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name}:)`, arg];
    }
  }
}

describe('the schema', () => {
  const members = types.flatMap((type) => [...membersOf(type)]);

  it('describes every type, field, argument, input field and enum value', () => {
    expect(members.length).toBeGreaterThan(500);
    expect(
      members.flatMap(([coordinate, { description }]) => (description?.trim() ? [] : [coordinate])),
    ).toEqual([]);
  });

  it('writes descriptions as sentences', () => {
    const odd = members.flatMap(([coordinate, { description }]) =>
      description && !/^[`A-Z0-9“"].*[.!?)]$/s.test(description.trim())
        ? [`${coordinate}: ${description}`]
        : [],
    );
    expect(odd.filter((line) => !/^(DateTime|Date|JSON)\b/.test(line))).toEqual([]);
  });

  it('has the cost of every query and mutation', () => {
    const roots = members.filter(([coordinate]) => /^(Query|Mutation)\.\w+$/.test(coordinate));
    expect(roots.length).toBeGreaterThan(20);
    expect(
      roots.flatMap(([coordinate, { description }]) =>
        /REST calls?/.test(description ?? '') ? [] : [coordinate],
      ),
    ).toEqual([]);
  });

  it('names enum values in UPPER_CASE and fields in camelCase', () => {
    const odd = types.flatMap((type) => [
      ...(isEnumType(type)
        ? type
            .getValues()
            .filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name))
            .map(({ name }) => `${type.name}.${name}`)
        : []),
      ...(isObjectType(type) || isInputObjectType(type)
        ? Object.keys(type.getFields())
            .filter((name) => !/^[a-z][a-zA-Z0-9]*$/.test(name) && !FEDERATION.test(name))
            .map((name) => `${type.name}.${name}`)
        : []),
    ]);
    expect(odd).toEqual([]);
  });

  it('has one input and a nullable payload for each mutation, so that a failed one leaves the results of the others', () => {
    const mutations = Object.values(buildSchema().getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(5);
    for (const mutation of mutations) {
      expect(
        mutation.args.map((arg) => arg.name),
        mutation.name,
      ).toEqual(['input']);
      expect(String(mutation.type), mutation.name).toMatch(/Payload$/);
    }
  });
});

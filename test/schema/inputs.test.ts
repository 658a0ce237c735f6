import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../src/index.js';
import { limitsOf } from '../../src/resolvers/support/declared-limits.js';

/** Arguments and fields of inputs: where they are, their names and types. */
const inputs = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (type.name.startsWith('_')) return [];
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => ({ ...field, at: `${type.name}.${field.name}` }));
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, args }) =>
    args.map((arg) => ({ ...arg, at: `${type.name}.${name}(${arg.name}:)` })),
  );
});
const isList = (type: (typeof inputs)[number]['type']) => isListType(getNullableType(type));

it('ids end in Id, and lists of ids in Ids', () => {
  const ids = inputs.filter(({ type }) => getNamedType(type).name === 'ID');
  expect(ids.length).toBeGreaterThan(100);
  const wrong = ids.filter(({ name, type }) => !(isList(type) ? /^ids$|Ids$/ : /^id$|Id$/).test(name));
  expect(wrong.map(({ at }) => at)).toEqual([]);
});

it('an input that changes an activity of a campaign has its id in activityId', () => {
  const names = inputs.filter(
    ({ at, description }) => /^\w+Input\.id$/.test(at) && /activity/.test(description ?? ''),
  );
  expect(names.map(({ at }) => at)).toEqual([]);
});

it('mutually exclusive members are an input with @oneOf', () => {
  const named = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const inWords = named.filter(
    ({ isOneOf, description }) => !isOneOf && /exactly one/i.test(description ?? ''),
  );
  expect(inWords).toEqual([]);
});

it('amounts of money are never a Float', () => {
  const floats = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInputObjectType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          String(getNamedType(field.type)) === 'Float' &&
          /price|currency|cost|paid|discount/i.test(`${field.name} ${field.description ?? ''}`)
            ? [`${type.name}.${field.name}`]
            : [],
        )
      : [],
  );
  expect(floats).toEqual([]);
});

/** Fields that are written in another type than they are read in, at every depth. */
function differing(input: GraphQLInputObjectType, output: GraphQLObjectType): string[] {
  return Object.values(input.getFields()).flatMap(({ name, type }) => {
    const read = output.getFields()[name];
    if (!read) return [];
    const [to, from] = [getNamedType(type), getNamedType(read.type)];
    if (isLeafType(to) && isLeafType(from)) return to === from ? [] : [`${input.name}.${name}`];
    return isInputObjectType(to) && isObjectType(from) ? differing(to, from) : [];
  });
}

it('a value that was read can be written back in the same type', () => {
  const pairs = Object.values(schema.getTypeMap()).flatMap((input) => {
    const output = schema.getType(/^(?:Create|Update)(\w+)Input$/.exec(input.name)?.[1] ?? '');
    return isInputObjectType(input) && isObjectType(output) ? [{ input, output }] : [];
  });
  expect(pairs.length).toBeGreaterThan(15);
  // A new post can have two of the statuses that are read.
  expect(pairs.flatMap(({ input, output }) => differing(input, output))).toEqual([
    'CreateSocialPostInput.status',
  ]);
});

it('limits that a description states are declared', () => {
  const stated = /\b(?:at most|\d to) [\d,]+(?: characters|[.;]|, )|\d or more|cannot filter by [A-Z]/;
  const undeclared = inputs.filter(
    ({ description, extensions }) => stated.test(description ?? '') && !('limits' in extensions),
  );
  expect(undeclared.map(({ at }) => at)).toEqual([]);
  const cleared = inputs.filter(
    ({ description, extensions }) =>
      /cannot be cleared/i.test(description ?? '') && limitsOf({ extensions }).nullable !== false,
  );
  expect(cleared.map(({ at }) => at)).toEqual([]);
});

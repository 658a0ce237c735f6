import SchemaBuilder, { BasePlugin, type SchemaTypes } from '@pothos/core';
import { GraphQLError, isEnumType, type GraphQLEnumType, type GraphQLSchema } from 'graphql';

declare global {
  // Pothos' plugins declare their options here.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      enumArguments: EnumArgumentsPlugin<Types>;
    }
  }
}

/** Spelling of the API by name, from the enum's extensions. */
type Spellings = ReadonlyMap<unknown, string>;

/**
 * Allows an enum of responses (`openEnum`) as the type of arguments: resolvers receive the API's spelling,
 * and `UNKNOWN` is rejected like any undefined value. GraphQL itself has one internal value for both
 * directions.
 */
class EnumArgumentsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    for (const type of Object.values(schema.getTypeMap())) {
      const spellings = type.extensions['spellings'] as Spellings | undefined;
      if (isEnumType(type) && spellings) translate(type, spellings);
    }
    return schema;
  }
}

function translate(type: GraphQLEnumType, spellings: Spellings): void {
  const parseValue = type.parseValue.bind(type);
  const parseLiteral = type.parseLiteral.bind(type);
  const spelled = (name: unknown): string => {
    const spelling = spellings.get(name);
    if (spelling !== undefined) return spelling;
    throw new GraphQLError(`${type.name}.${String(name)} stands in answers only.`);
  };
  type.parseValue = (value) => spelled(parseValue(value));
  type.parseLiteral = (node, variables) => spelled(parseLiteral(node, variables));
}

export const enumArguments = 'enumArguments';
SchemaBuilder.registerPlugin(enumArguments, EnumArgumentsPlugin);

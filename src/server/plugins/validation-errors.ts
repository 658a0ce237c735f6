import {
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Marks errors of validation as not retryable, because Yoga does not pass them to `maskError`, and adds what to do where
 * graphql-js only says what is wrong.
 *
 * @param schema null when introspection is disabled: no member of the schema may be named
 */
export function useValidationErrors(schema: GraphQLSchema | null): Plugin {
  return {
    onValidate: () => {
      return ({ valid, result }) => {
        if (valid) return;
        for (const error of result as GraphQLError[]) {
          // Limits throw errors of their own, whose messages are complete.
          if (error.extensions['retryable'] !== undefined) continue;
          error.extensions['retryable'] = false;
          error.message = withAdvice(error.message, schema);
        }
      };
    },
  };
}

const QUOTED_ENUM = /^Enum "\w+" cannot represent non-enum value: "(\w+)"\./;
const OTHER_TYPE = /^Variable "(\$\w+)" of type ".+" used in position expecting type "(.+)"\.$/;
const OTHER_VALUE = /^Expected value of type "(\w+)!?", found (?!null)/;
const UNKNOWN_ARGUMENT = /^Unknown argument "(\w+)" on field "(\w+)\.(\w+)"\.$/;
const UNKNOWN_FIELD = /^Cannot query field "(\w+)" on type "(\w+)"\./;

function withAdvice(message: string, schema: GraphQLSchema | null): string {
  const [stated, value] = QUOTED_ENUM.exec(message) ?? [];
  if (stated !== undefined) {
    const suggestion = message.slice(stated.length);
    const repeats = suggestion === ` Did you mean the enum value "${String(value)}"?`;
    return `${stated} Write enum values without quotes.${repeats ? '' : suggestion}`;
  }
  const [, variable, expected] = OTHER_TYPE.exec(message) ?? [];
  if (expected !== undefined) return `${message} Declare it as \`${String(variable)}: ${expected}\`.`;
  if (!schema) return message;
  return (
    adviceOnArgument(message, schema) ??
    adviceOnField(message, schema) ??
    adviceOnValue(message, schema) ??
    message
  );
}

/** For an argument that resembles no other, names those that the field has. */
function adviceOnArgument(message: string, schema: GraphQLSchema): string | undefined {
  const [, argument = '', type, field] = UNKNOWN_ARGUMENT.exec(message) ?? [];
  const known = field === undefined ? undefined : fieldOf(schema, type, field)?.args.map(({ name }) => name);
  if (!known) return undefined;
  if (['last', 'before'].includes(argument) && known.includes('first'))
    return `${message} Pages go forward only: use \`first\` and \`after\`.`;
  if (known.length === 0) return `${message} The field has no arguments.`;
  return `${message} The arguments of the field are ${known.map((name) => `\`${name}\``).join(', ')}.`;
}

/** For a field of the rows that was selected on their connection, names the way to it. */
function adviceOnField(message: string, schema: GraphQLSchema): string | undefined {
  const [stated, field = '', type] = UNKNOWN_FIELD.exec(message) ?? [];
  const rows = fieldOf(schema, type, 'nodes')?.type;
  if (stated === undefined || !rows || !fieldOf(schema, getNamedType(rows).name, field)) return undefined;
  return `${stated} Did you mean "nodes { ${field} }"?`;
}

/** For a value where an input object is expected, shows an object. */
function adviceOnValue(message: string, schema: GraphQLSchema): string | undefined {
  const type = schema.getType(OTHER_VALUE.exec(message)?.[1] ?? '');
  if (!isInputObjectType(type)) return undefined;
  const [field = ''] = Object.keys(type.getFields());
  return `${message} Give an object, such as \`{ ${field}: … }\`.`;
}

function fieldOf(schema: GraphQLSchema, name: string | undefined, field: string) {
  const type = name === undefined ? undefined : schema.getType(name);
  return isObjectType(type) ? type.getFields()[field] : undefined;
}

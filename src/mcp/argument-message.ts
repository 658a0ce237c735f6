import { isEnumType, type GraphQLSchema } from 'graphql';
import { namesOf, type JsonSchema, type Properties } from './input-schema.js';

/** Messages of GraphQL about variables, and what tools say: names of GraphQL types mean nothing to their callers. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/^Variable "\$(\w+)" of required type ".*" was not provided\.$/, 'The argument `$1` is required.'],
  [/^Variable "\$(\w+)" of non-null type ".*" must not be null\.$/, 'The argument `$1` must not be null.'],
  [/^Variable "\$(\w+)"/, 'The argument `$1`'],
  [/; String cannot represent .*/s, '; a string is expected.'],
  [/; Boolean cannot represent .*/s, '; true or false is expected.'],
  [/; Int cannot represent non 32-bit .*/s, '; an integer below 2,147,483,648 is expected.'],
  [/; Int cannot represent .*/s, '; an integer is expected.'],
  [/; Float cannot represent .*/s, '; a number is expected.'],
  [/; ID cannot represent .*/s, '; an ID is expected, as a string.'],
  [/; Enum "\w+" cannot represent .*/s, '; a value of its enum is expected, as a string.'],
  [/; (?:\w+\.)?(\w+) stands in answers only\.$/, '; $1 is a value of answers only.'],
  [/; Expected type "\w+" to be an object\.$/, '; an object is expected.'],
  [/; Expected type "\w+"\. /, '; '],
  [/; Expected non-nullable type ".*" not to be null\.$/, '; it must not be null.'],
  [/; Field "(\w+)" of required type ".*" was not provided\.$/, '; its field `$1` is required.'],
  [/; Field (".*") is not defined by type "\w+"\./s, '; it has no field $1.'],
];

/** Longer lists of enum values are not repeated in messages. */
const MAX_VALUES = 15;

/** Turns a message of GraphQL about a variable into one about the argument of a tool. */
export function argumentMessage(message: string, schema: GraphQLSchema): string {
  if (!message.startsWith('Variable "$')) return message;
  const text = MESSAGES.reduce((words, [pattern, to]) => words.replace(pattern, to), message);
  return text.replace(
    /; Value (".*") does not exist in "(\w+)" enum\.(.*)/s,
    (_, value: string, name: string, proposal: string) => {
      const type = schema.getType(name);
      const values = isEnumType(type) ? namesOf(type) : [];
      const all = values.length > MAX_VALUES ? '' : ` Its values are ${values.join(', ')}.`;
      return `; ${value} is not a value of its enum.${proposal || all}`;
    },
  );
}

/** The path of the value that a message of GraphQL about a variable is about, such as `phone_numbers.0.number`; undefined for other messages. */
export function argumentPath(message: string): string | undefined {
  const [, name] = /^Variable "\$(\w+)"/.exec(message) ?? [];
  // Quotes in values are escaped.
  const [, place = name] = / at "(\w[\w.[\]]*)"; /.exec(message) ?? [];
  const [, field] = /; Field "(\w+)" (?:of required type|is not defined)/.exec(message) ?? [];
  return name && [place?.replace(/\[(\d+)\]/g, '.$1'), ...(field ? [field] : [])].join('.');
}

/** The field of an argument with this name in camel case, or with the beginning of it, such as `filter.role` for `role_code`. */
export function fieldNamed(name: string, properties: Properties['properties']): string | undefined {
  const fieldsOf = ({ properties: fields = {}, oneOf = [] }: JsonSchema): string[] => [
    ...Object.keys(fields as object),
    ...(oneOf as readonly JsonSchema[]).flatMap(fieldsOf),
  ];
  const paths = Object.entries(properties).flatMap(([argument, part]) =>
    fieldsOf(part).map((field) => `${argument}.${field}`),
  );
  return paths.find((path) => {
    const field = path.replace(/^\w+\./, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return name === field || name.startsWith(`${field}_`);
  });
}

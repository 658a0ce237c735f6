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
  [/; Value (".*") does not exist in "\w+" enum\./s, '; $1 is not a value of its enum.'],
  [/; (?:\w+\.)?(\w+) stands in answers only\.$/, '; $1 is a value of answers only.'],
  [/; Expected type "\w+" to be an object\.$/, '; an object is expected.'],
  [/; Expected type "\w+"\. /, '; '],
  [/; Expected non-nullable type ".*" not to be null\.$/, '; it must not be null.'],
  [/; Field "(\w+)" of required type ".*" was not provided\.$/, '; its field `$1` is required.'],
  [/; Field (".*") is not defined by type "\w+"\./s, '; it has no field $1.'],
];

/** Turns a message of GraphQL about a variable into one about the argument of a tool. */
export function argumentMessage(message: string): string {
  if (!message.startsWith('Variable "$')) return message;
  return MESSAGES.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
}

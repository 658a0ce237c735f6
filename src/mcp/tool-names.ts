import { isInputObjectType, type GraphQLSchema } from 'graphql';
import type { Bindings } from './bindings.js';

/** Names that callers of one tool use, for the names in texts of the schema. */
export interface ToolNames {
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings;
  /** Names of arguments and input fields that the tool does not have, and `null` where no argument can be null. */
  readonly absent: ReadonlySet<string>;
  /** Names of top-level fields of the schema: tools, or GraphQL operations where there is no tool. */
  readonly operations: ReadonlyMap<string, string>;
}

/** Names in camel case, and lower-case names in backticks: others can be ordinary words. */
const NAME = /(?<=`)[a-z]+\b|\b[a-z]+[A-Z]\w*/g;

/** A path of an input value in backticks, such as `input.source`. */
const PATH = /(?<=`)[a-z]\w*(?:\.\w+)+(?=`)/g;

/**
 * A text of the schema for a tool: replaces the names of input fields by the names of the variables bound to them, and those of mutations by
 * those of their tools. Leaves out alternatives and sentences about what the tool does not have. Keeps names that fields of an input
 * object share.
 */
export function inToolNames(text: string, toolNames: ToolNames): string {
  const { bindings, absent, operations } = toolNames;
  // Of two fields with the same name, the text means the one at the upper level.
  const downwards = [...bindings].sort(([, a], [, b]) => b.path.length - a.path.length);
  const names = new Map(
    downwards.map(([name, { path, isAmbiguous }]) => [isAmbiguous ? '' : path.at(-1), name]),
  );
  const isAbsent = (part: string) => part.match(NAME)?.some((name) => absent.has(name)) ?? false;
  const stated = isAbsent(text) ? withoutAbsent(text, isAbsent) : text;
  return stated
    .replace(PATH, (path) => argumentAt(path.split('.'), toolNames) ?? path)
    .replace(NAME, (word) => names.get(word) ?? operations.get(word) ?? word);
}

/** The path of an input value, starting at the variable that holds it, such as `phone_numbers.0.number`. */
export function argumentAt(at: readonly string[], { bindings }: ToolNames): string | undefined {
  let found: { name: string; length: number } | undefined;
  for (const [name, { path }] of bindings) {
    const isAbove = path.length > 0 && path.every((step, index) => at[index] === step);
    if (isAbove && path.length > (found?.length ?? 0)) found = { name, length: path.length };
  }
  return found && [found.name, ...at.slice(found.length)].join('.');
}

function withoutAbsent(text: string, isAbsent: (part: string) => boolean): string {
  const sentences = text.split(/(?<=\.) /).flatMap((sentence) => {
    const [, body = '', end = ''] = /^(.*?)(\.?)$/s.exec(sentence) ?? [];
    const clauses = body.split('; ').flatMap((clause) => presentOf(clause, isAbsent) ?? []);
    return clauses.length === 0 ? [] : [clauses.join('; ') + end];
  });
  // An error needs a message.
  return sentences.join(' ') || text;
}

/** A clause without the alternatives that are absent; undefined when it is about one of them. */
function presentOf(clause: string, isAbsent: (part: string) => boolean): string | undefined {
  const [first = '', ...rest] = clause.split(/(, (?:and |or )?| (?:and|or) )/);
  if (isAbsent(first)) return undefined;
  const joints = rest.filter((_, at) => at % 2 === 0);
  const others = rest.filter((_, at) => at % 2 === 1);
  const present = others.filter((part) => !isAbsent(part));
  // The last joint is the one with the conjunction.
  const kept = [...joints.slice(0, present.length - 1), ...joints.slice(-1)];
  return first + present.map((part, at) => `${kept[at] ?? ''}${part}`).join('');
}

/**
 * @param tools names of tools by that of their field
 * @returns what the top-level fields are called in texts for tools
 */
export function operationNames(
  schema: GraphQLSchema,
  tools: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const isInputField = (name: string) => inputs.some((type) => Object.hasOwn(type.getFields(), name));
  const named = (kind: string, fields: object) =>
    Object.keys(fields).flatMap((name) =>
      /[A-Z]/.test(name) && !isInputField(name)
        ? [[name, tools.get(name) ?? `the GraphQL ${kind} ${name}`] as const]
        : [],
    );
  return new Map([
    ...named('query', schema.getQueryType()?.getFields() ?? {}),
    ...named('mutation', schema.getMutationType()?.getFields() ?? {}),
  ]);
}

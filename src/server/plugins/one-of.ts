import {
  getNamedType,
  isInputObjectType,
  Kind,
  parse,
  typeFromAST,
  visit,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * When an operation sets none or several members of a `@oneOf` input, as a literal or in a variable, the error names the members and
 * the argument; that of graphql-js names the type. An operation without errors costs nothing.
 */
export function useOneOfErrors(schema: GraphQLSchema): Plugin {
  return {
    onResultProcess({ result }) {
      const { errors = [] } = result as ExecutionResult;
      explain(errors, schema);
    },
  };
}

/** The last sentence of an error of graphql-js: missing, several or null members, or a missing input. */
const SENTENCE =
  /(?:OneOf Input Object "(?<literal>\w+)" must specify exactly one key|Exactly one key must be specified for OneOf type "(?<variable>\w+)"|Field "(?:(?<parent>\w+)\.)?(?<field>\w+)" (?:must be non-null|of required type "(?<missing>\w+)!" was not provided))\.$/;

function explain(errors: readonly GraphQLError[], schema: GraphQLSchema): void {
  // The document is searched once, regardless of the number of errors.
  let places: Places | undefined;
  for (const error of errors) {
    const sentence = SENTENCE.exec(error.message);
    if (!sentence?.groups) continue;
    const { literal, variable, parent, field, missing } = sentence.groups;
    const given = variableIn(error.message, sentence.index);
    const isNullInVariable = given !== null && field !== undefined && missing === undefined;
    // For a null member in a variable, the error has the path but not the type.
    if (isNullInVariable) given.path.pop();
    const name = literal ?? variable ?? missing ?? parent;
    const type = name === undefined ? typeAt(error, given?.path ?? [], schema) : schema.getType(name);
    if (!isInputObjectType(type) || !type.isOneOf) continue;
    places ??= placesIn(error);
    const outer = given ? places.get(given.name) : places.get(error.nodes?.[0]?.loc?.start ?? -1);
    const place = [...(outer ?? []), ...(given?.path ?? []), ...(missing === undefined ? [] : [field])].join(
      '.',
    );
    const members = Object.keys(type.getFields()).map((member) => `\`${member}\``);
    const kept = missing === undefined ? error.message.slice(0, sentence.index) : `${error.message} `;
    error.message = `${kept}Give exactly one of ${members.join(', ')} in \`${place}\`.`;
  }
}

/** The variable of an error, and the path to the value within it. */
function variableIn(message: string, end: number): { name: string; path: string[] } | null {
  const name = /^Variable "\$(\w+)" got invalid value /.exec(message)?.[1];
  if (name === undefined) return null;
  const start = message.lastIndexOf(` at "${name}`, end);
  const path = start === -1 ? '' : message.slice(start + ` at "${name}`.length, end).replace(/"; $/, '');
  return { name, path: path.split(/[.[\]]+/).filter((part) => /^[A-Za-z_]\w*$/.test(part)) };
}

/** The type of a value within a variable. */
function typeAt(
  { nodes }: GraphQLError,
  path: readonly string[],
  schema: GraphQLSchema,
): GraphQLNamedType | undefined {
  const [definition] = nodes ?? [];
  if (definition?.kind !== Kind.VARIABLE_DEFINITION) return undefined;
  const start: GraphQLNamedType | undefined = getNamedType(typeFromAST(schema, definition.type));
  return path.reduce<GraphQLNamedType | undefined>(
    (type, name) => (isInputObjectType(type) ? getNamedType(type.getFields()[name]?.type) : undefined),
    start,
  );
}

/** The path from the argument to an object, by its position in the document, and to a variable, by its name. */
type Places = ReadonlyMap<number | string, readonly string[]>;

function placesIn({ source }: GraphQLError): Places {
  const places = new Map<number | string, readonly string[]>();
  if (!source) return places;
  const names: string[] = [];
  const named = {
    enter: ({ name }: { name: { value: string } }) => {
      names.push(name.value);
    },
    leave: () => {
      names.pop();
    },
  };
  visit(parse(source), {
    Argument: named,
    ObjectField: named,
    ObjectValue: ({ loc }) => {
      if (loc) places.set(loc.start, [...names]);
    },
    Variable: ({ name: { value } }) => {
      if (names.length > 0 && !places.has(value)) places.set(value, [...names]);
    },
  });
  return places;
}

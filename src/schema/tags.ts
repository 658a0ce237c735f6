import {
  isSpecifiedScalarType,
  Kind,
  type ConstDirectiveNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';

/**
 * Names of `@tag` by schema coordinate: `Contact`, `Contact.notes`, `Query.contacts(filter:)`, `ContactNoteInput.content` or
 * `ContactListChannel.SMS`.
 */
export type Tags = Readonly<Record<string, string | readonly string[]>>;

type TaggedNode =
  TypeDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

const COORDINATE = /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/;
/** Syntax of a tag name in the federation specification. */
const TAG = /^[_A-Za-z][\w/-]{0,127}$/;

/**
 * Adds `@tag` to the syntax nodes that a schema is printed from.
 *
 * @throws Error when a coordinate does not exist in the schema, or a tag is malformed
 */
export function applyTags(schema: GraphQLSchema, tags: Tags): void {
  const copied = new Set<string>();
  for (const [coordinate, names] of Object.entries(tags)) {
    const [, typeName = '', member, argument] = COORDINATE.exec(coordinate) ?? [];
    const named = schema.getType(typeName);
    // Scalars of the specification are shared by all schemas of the process.
    const type = named && isSpecifiedScalarType(named) ? undefined : named;
    if (type?.astNode && !copied.has(typeName)) {
      // The nodes may belong to the schema that was extended.
      type.astNode = structuredClone(type.astNode);
      copied.add(typeName);
    }
    const node = type?.astNode && nodeAt(type.astNode, member, argument);
    if (!node) {
      throw new Error(
        `extend.tags names ${coordinate}, which is not in the schema. Write Type, Type.field, Type.field(argument:), or Enum.VALUE.`,
      );
    }
    const added = [names].flat().map((name) => tagDirective(coordinate, name));
    Object.assign(node, { directives: [...(node.directives ?? []), ...added] });
  }
}

function nodeAt(
  type: TypeDefinitionNode,
  member: string | undefined,
  argument: string | undefined,
): TaggedNode | undefined {
  if (member === undefined) return type;
  const members = 'fields' in type ? type.fields : 'values' in type ? type.values : undefined;
  const node = members?.find(({ name }) => name.value === member);
  if (argument === undefined || !node) return node;
  return 'arguments' in node ? node.arguments?.find(({ name }) => name.value === argument) : undefined;
}

function tagDirective(coordinate: string, name: string): ConstDirectiveNode {
  if (!TAG.test(name)) {
    throw new Error(
      `extend.tags gives ${coordinate} the tag ${JSON.stringify(name)}. A tag starts with a letter or _, has letters, digits, _, - and /, and at most 128 of them.`,
    );
  }
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'tag' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'name' },
        value: { kind: Kind.STRING, value: name },
      },
    ],
  };
}

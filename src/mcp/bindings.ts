import {
  getNamedType,
  isInputObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

/** Where an operation uses a variable. */
export interface Binding {
  /** Names of the argument and of the input fields down to it, such as `input`, `emailAddress`, `address`. */
  readonly path: readonly string[];
  /** What the schema says of the last of them. */
  readonly description: string | undefined;
  /** Value of the argument when it is left out; undefined for none. */
  readonly defaultValue: unknown;
}

/** The first use of each variable of a document as an argument; as the condition of a directive where there is no other. */
export function bindingsOf(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<string, Binding> {
  const types = new TypeInfo(schema);
  const bindings = new Map<string, Binding>();
  const conditions = new Map<string, Binding>();
  const uses: { name: string; description: string | undefined; defaultValue: unknown }[] = [];
  const fields: string[] = [];
  let directive: string | null = null;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter: (node) => {
          // Most of a document are fields without any.
          if (!textOf(node).includes('$')) return false;
          fields.push(node.name.value);
          return undefined;
        },
        leave: () => void fields.pop(),
      },
      Directive: {
        enter: ({ name }) => void (directive = name.value),
        leave: () => void (directive = null),
      },
      Argument: {
        enter: ({ name }) => {
          const argument = types.getArgument();
          uses.push({
            name: name.value,
            description: argument?.description ?? undefined,
            defaultValue: argument?.defaultValue,
          });
        },
        leave: () => void uses.pop(),
      },
      ObjectField: {
        enter: ({ name }) => {
          const parent = getNamedType(types.getParentInputType());
          const field = isInputObjectType(parent) ? parent.getFields()[name.value] : undefined;
          uses.push({
            name: name.value,
            description: field?.description ?? undefined,
            defaultValue: field?.defaultValue,
          });
        },
        leave: () => void uses.pop(),
      },
      Variable: ({ name }, _key, parent) => {
        const use = uses.at(-1);
        const isDefinition = parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
        if (!use || isDefinition) return;
        if (directive !== null) {
          const effect = directive === 'skip' ? 'Leaves out' : 'Reads';
          const description = `${effect} \`${fields.at(-1) ?? ''}\` when true.`;
          if (!conditions.has(name.value))
            conditions.set(name.value, { path: [], description, defaultValue: undefined });
        } else if (!bindings.has(name.value)) {
          const { description, defaultValue } = use;
          bindings.set(name.value, { path: uses.map((step) => step.name), description, defaultValue });
        }
      },
    }),
  );
  return new Map([...conditions, ...bindings]);
}

const textOf = ({ loc }: FieldNode) => (loc ? loc.source.body.slice(loc.start, loc.end) : '$');

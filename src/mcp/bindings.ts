import {
  getNamedType,
  isInputObjectType,
  Kind,
  typeFromAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { limitsOf, type Limits } from '../resolvers/support/declared-limits.js';

/** The place where an operation uses a variable. */
export interface Binding {
  /** Names of the argument and of the input fields down to the variable, such as `input`, `emailAddress`, `address`. */
  readonly path: readonly string[];
  /** Description of the last argument or input field of the path. */
  readonly description: string | undefined;
  /** Limits that it declares. */
  readonly limits: Limits;
  /** Default value of the argument; undefined when it has none. */
  readonly defaultValue: unknown;
  /** True when an input object that a variable holds as a whole has a field of the same name. */
  readonly isAmbiguous: boolean;
}

/** By name of the variable. */
export type Bindings = ReadonlyMap<string, Binding>;

/** The inputs of an operation. */
export interface Inputs {
  readonly bindings: Bindings;
  /** Names of arguments and input fields that the operation does not use. */
  readonly unused: ReadonlySet<string>;
}

/** The first use of each variable in an argument; in the condition of a directive if there is no other. */
export function inputsOf(schema: GraphQLSchema, document: DocumentNode): Inputs {
  const types = new TypeInfo(schema);
  const bindings = new Map<string, Binding>();
  const conditions = new Map<string, Binding>();
  const uses: ({ name: string } & Pick<Binding, 'description' | 'limits' | 'defaultValue'>)[] = [];
  const fields: string[] = [];
  const inputFields = fieldsOfVariables(schema, document);
  const used = new Set(inputFields);
  const offered: string[] = [];
  let directive: string | null = null;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter: (node) => {
          // Most fields of a document have no variables.
          if (!textOf(node).includes('$')) return false;
          fields.push(node.name.value);
          offered.push(...(types.getFieldDef()?.args.map(({ name }) => name) ?? []));
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
          used.add(name.value);
          uses.push({
            name: name.value,
            description: argument?.description ?? undefined,
            limits: argument ? limitsOf(argument) : {},
            defaultValue: argument?.defaultValue,
          });
        },
        leave: () => void uses.pop(),
      },
      ObjectValue: () => {
        const type = getNamedType(types.getInputType());
        if (isInputObjectType(type)) offered.push(...Object.keys(type.getFields()));
      },
      ObjectField: {
        enter: ({ name }) => {
          used.add(name.value);
          const parent = getNamedType(types.getParentInputType());
          const field = isInputObjectType(parent) ? parent.getFields()[name.value] : undefined;
          uses.push({
            name: name.value,
            description: field?.description ?? undefined,
            limits: field ? limitsOf(field) : {},
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
          const effect = directive === 'skip' ? 'Omits' : 'Includes';
          const description = `${effect} \`${fields.at(-1) ?? ''}\` when true.`;
          if (!conditions.has(name.value))
            conditions.set(name.value, {
              path: [],
              description,
              limits: {},
              defaultValue: undefined,
              isAmbiguous: false,
            });
        } else if (!bindings.has(name.value)) {
          const { description, limits, defaultValue } = use;
          const path = uses.map((step) => step.name);
          bindings.set(name.value, {
            path,
            description,
            limits,
            defaultValue,
            isAmbiguous: inputFields.has(path.at(-1) ?? ''),
          });
        }
      },
    }),
  );
  return {
    bindings: new Map([...conditions, ...bindings]),
    unused: new Set(offered.filter((name) => !used.has(name))),
  };
}

/** Names of the fields of all input objects that variables hold as a whole. */
function fieldsOfVariables(schema: GraphQLSchema, { definitions }: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const add = (type: GraphQLInputType | undefined) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || seen.has(named)) return;
    seen.add(named);
    for (const field of Object.values(named.getFields())) {
      names.add(field.name);
      add(field.type);
    }
  };
  for (const definition of definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION)
      for (const { type } of definition.variableDefinitions ?? [])
        add(typeFromAST(schema, type) as GraphQLInputType | undefined);
  return names;
}

const textOf = ({ loc }: FieldNode) => (loc ? loc.source.body.slice(loc.start, loc.end) : '$');

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
  type GraphQLArgument,
  type GraphQLInputField,
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
  const uses: { readonly name: string; readonly definition: Definition | null | undefined }[] = [];
  const fields: string[] = [];
  const inputFields = fieldsOfVariables(schema, document);
  const used = new Set(inputFields);
  const offered: string[] = [];
  let isInDirective = false;
  const enter = (name: string, definition: Definition | null | undefined) => {
    used.add(name);
    uses.push({ name, definition });
  };
  const leave = () => void uses.pop();
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
        enter: () => void (isInDirective = true),
        leave: () => void (isInDirective = false),
      },
      Argument: { enter: ({ name }) => enter(name.value, types.getArgument()), leave },
      ObjectValue: () => {
        const type = getNamedType(types.getInputType());
        if (isInputObjectType(type)) offered.push(...Object.keys(type.getFields()));
      },
      ObjectField: {
        enter: ({ name }) => {
          const parent = getNamedType(types.getParentInputType());
          enter(name.value, isInputObjectType(parent) ? parent.getFields()[name.value] : undefined);
        },
        leave,
      },
      Variable: ({ name: { value: variable } }) => {
        const use = uses.at(-1);
        const found = isInDirective ? conditions : bindings;
        // There is none in the definitions of variables.
        if (!use || found.has(variable)) return;
        const { definition } = use;
        found.set(variable, {
          path: isInDirective ? [] : uses.map(({ name }) => name),
          description: isInDirective
            ? `Includes \`${fields.at(-1) ?? ''}\` when true.`
            : (definition?.description ?? undefined),
          limits: definition ? limitsOf(definition) : {},
          defaultValue: definition?.defaultValue,
          isAmbiguous: inputFields.has(use.name),
        });
      },
    }),
  );
  return {
    bindings: new Map([...conditions, ...bindings]),
    unused: new Set(offered.filter((name) => !used.has(name))),
  };
}

type Definition = GraphQLArgument | GraphQLInputField;

/** Names of the fields of all input objects that variables hold as a whole. */
function fieldsOfVariables(schema: GraphQLSchema, { definitions }: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visited = new Set<unknown>();
  const add = (type: GraphQLInputType | undefined) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || visited.has(named)) return;
    visited.add(named);
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

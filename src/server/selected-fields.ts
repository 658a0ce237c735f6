import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  print,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type NamedTypeNode,
  type ObjectFieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Counted } from '../loaders/cost.js';
import type { Cost, Distinct } from '../schema/cost-part.js';

/** The operation selects more fields than a query cost can be computed for in a reasonable time. */
export class TooManyFields extends Error {
  override readonly name = 'TooManyFields';
}

/** Maximum number of fields of an operation, those of a fragment counted with each spread. The longest example has about 100. */
export const MAX_FIELDS = 10_000;

/** A selected field with its selection, aliases of the same response key merged. */
export interface Selected {
  /** Name of the type that it is a field of. */
  of: string;
  name: string;
  key: string;
  args: Readonly<Record<string, unknown>>;
  /** The arguments except `first`, as written. */
  otherArgs: string;
  cost: Cost | undefined;
  /** Collection of the objects of its type, if an account has one. */
  distinct: Counted | undefined;
  /** True if it has the argument `first`. */
  isPage: boolean;
  isList: boolean;
  inConnection: boolean;
  below: readonly Selected[];
}

/** Value given for an argument, or for a field of an input object. */
type Given = ArgumentNode | ObjectFieldNode;

/** Its arguments except `first`, as written. */
function textOf({ arguments: given = [] }: FieldNode): string {
  const others = given.filter(({ name }) => name.value !== 'first').map((argument) => print(argument));
  return others.length === 0 ? '' : `(${others.sort().join(', ')})`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts selection sets to fields: spreads fragments, merges response keys, and drops skipped fields. */
export class SelectionReader {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  #count = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly deciding: Set<string>,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  read(parent: GraphQLNamedType, selectionSets: readonly SelectionSetNode[]): Selected[] {
    const merged = new Map<string, { type: GraphQLNamedType; nodes: FieldNode[] }>();
    const spread = new Set<string>();
    const collect = (type: GraphQLNamedType, { selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (!this.#isWanted(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          if ((this.#count += 1) > MAX_FIELDS) throw new TooManyFields();
          const key = `${type.name} ${(selection.alias ?? selection.name).value}`;
          const known = merged.get(key);
          if (known) known.nodes.push(selection);
          else merged.set(key, { type, nodes: [selection] });
          continue;
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          collect(this.#narrowed(type, selection.typeCondition), selection.selectionSet);
          continue;
        }
        const fragment = this.#fragments.get(selection.name.value);
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        collect(this.#narrowed(type, fragment.typeCondition), fragment.selectionSet);
      }
    };
    for (const selectionSet of selectionSets) collect(parent, selectionSet);
    return [...merged.values()].flatMap(({ type, nodes }) => this.#field(type, nodes) ?? []);
  }

  #field(type: GraphQLNamedType, nodes: readonly FieldNode[]): Selected | null {
    const [node] = nodes;
    if (!node || !(isObjectType(type) || isInterfaceType(type))) return null;
    const definition = type.getFields()[node.name.value];
    const args = definition && this.#argsOf(definition, node);
    if (!args) return null;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const below = getNamedType(definition.type);
    const { distinct } = below.extensions as Partial<Distinct>;
    return {
      of: type.name,
      name: node.name.value,
      key: (node.alias ?? node.name).value,
      args: this.#watched(args, node.arguments ?? []),
      otherArgs: textOf(node),
      cost: definition.extensions['cost'] as Cost | undefined,
      distinct,
      isPage: definition.args.some((argument) => argument.name === 'first'),
      isList: isListType(getNullableType(definition.type)),
      inConnection: 'pageInfo' in type.getFields(),
      below: this.read(below, selectionSets),
    };
  }

  /** Null when they are invalid: the field then fails before its resolver runs. */
  #argsOf(definition: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> | null {
    try {
      return getArgumentValues(definition, node, this.variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      this.#decidedBy(node.arguments ?? []);
      return null;
    }
  }

  /** Arguments, or fields of an input object. Records which of them the query cost depends on. */
  #watched(values: Record<string, unknown>, nodes: readonly Given[]): Record<string, unknown> {
    if (nodes.length === 0) return values;
    const decidedByAll = () => this.#decidedBy(nodes);
    return new Proxy(values, {
      get: (_, name: string) => {
        const value = values[name];
        const node = nodes.find((one) => one.name.value === name);
        if (node?.value.kind === Kind.OBJECT && isObject(value))
          return this.#watched(value, node.value.fields);
        if (node) this.#decidedBy([node]);
        return value;
      },
      ownKeys: () => {
        decidedByAll();
        return Reflect.ownKeys(values);
      },
      has: (_, name) => {
        decidedByAll();
        return name in values;
      },
    });
  }

  #decidedBy(nodes: readonly Given[]): void {
    for (const { value } of nodes) {
      visit(value, { Variable: ({ name }) => void this.deciding.add(name.value) });
    }
  }

  #isWanted(selection: SelectionNode): boolean {
    if (!selection.directives?.length) return true;
    for (const directive of selection.directives) this.#decidedBy(directive.arguments ?? []);
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, this.variables);
    return skip?.['if'] !== true && include?.['if'] !== false;
  }

  /** Type of the fields in a fragment: an object keeps its own type where the fragment is on an interface. */
  #narrowed(type: GraphQLNamedType, condition: NamedTypeNode | undefined): GraphQLNamedType {
    const named = condition && this.schema.getType(condition.name.value);
    return named && !isObjectType(type) ? named : type;
  }
}

import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type ObjectFieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Asked, Cost, Distinct } from '../schema/cost.js';

/** What an operation costs at worst, in REST calls. */
export interface Bill {
  total: number;
  /** The fields that cost something, dearest first, by their path in the answer. */
  items: readonly { field: string; calls: number }[];
}

/** The operation selects more fields than can be priced in a reasonable time. */
export class TooManyFields extends Error {
  override readonly name = 'TooManyFields';
}

/** Most fields of an operation, each counted as often as fragments bring it in. The longest example has about 100. */
export const MAX_FIELDS = 10_000;

/** How many objects a list has for which nothing is declared. */
const UNDECLARED_ROWS = 20;

export interface PricedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A selected field, aliases of the same answer key merged, with what is selected below it. */
interface Selected {
  name: string;
  key: string;
  args: Readonly<Record<string, unknown>>;
  cost: Cost | undefined;
  /** Most different objects that there are of its type. */
  most: number;
  isList: boolean;
  inConnection: boolean;
  below: readonly Selected[];
}

/**
 * So many groups of so many objects. The objects of a group are resolved at the same time, so what loads many at once
 * loads a group with the least of calls; groups come in one after the other.
 */
interface Objects {
  groups: number;
  size: number;
  /** Rows of the connection that these objects are, for its `nodes` and `edges`. */
  rows: number;
  /** How often what is read once an operation is read after all: once for each event of a subscription. */
  events: number;
  /** How many different objects they are at most. */
  most: number;
}

/**
 * The price of a valid operation, from what its fields declare. Operations whose variables do not fit cost nothing:
 * they are refused before their first resolver runs.
 *
 * @param deciding takes the names of the variables that the price depends on: with the same values for these, and any for
 * the others, it is the same, or less where an argument does not fit
 * @throws TooManyFields
 */
export function priceOf(
  { schema, document, operationName, variableValues }: PricedOperation,
  deciding = new Set<string>(),
): Bill {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return { total: 0, items: [] };
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (!coerced) {
    for (const { variable } of operation.variableDefinitions ?? []) deciding.add(variable.name.value);
    return { total: 0, items: [] };
  }

  const tree = new Reader(schema, document, coerced, deciding).read(root, [operation.selectionSet]);
  // Fields of a mutation run one after the other, and each makes stale what was read before it.
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const cashier = new Cashier();
  for (const field of tree) {
    if (isMutation) cashier.forget();
    cashier.charge(field, { groups: 1, size: 1, rows: 1, events: 1, most: Infinity }, '');
  }
  return cashier.bill();
}

/** Adds up what fields cost, from the root down. */
class Cashier {
  readonly #calls = new Map<string, number>();
  #paid = new Set<string>();

  /** What was paid once for the whole operation has to be paid again. */
  forget(): void {
    this.#paid = new Set();
  }

  charge(field: Selected, objects: Objects, parent: string): void {
    const path = parent ? `${parent}.${field.key}` : field.key;
    const asked = askedOf(field);
    let calls = 0;
    for (const { calls: of, once } of field.cost?.parts ?? []) {
      const due = of(objects.size, asked);
      if (due === 0) continue;
      if (once) {
        const key = once.per === 'object' ? `${once.key} of ${parent}` : once.key;
        if (this.#paid.has(key)) continue;
        this.#paid.add(key);
      }
      const named = once?.per === 'operation' ? due * objects.events : due * objects.groups;
      const isBounded = once?.per !== 'operation' && objects.most < Infinity;
      calls += isBounded ? Math.min(named, of(1, asked) * objects.most) : named;
    }
    if (calls > 0) this.#calls.set(path, (this.#calls.get(path) ?? 0) + calls);
    if (field.below.length === 0) return;
    const next = below(field, objects, asked);
    for (const child of field.below) this.charge(child, next, path);
  }

  bill(): Bill {
    const items = [...this.#calls].map(([field, calls]) => ({ field, calls }));
    items.sort((a, b) => b.calls - a.calls);
    return { total: items.reduce((sum, { calls }) => sum + calls, 0), items };
  }
}

/** The objects that a field leads to. */
function below(
  { cost, most: ofType, isList, inConnection }: Selected,
  { groups: before, size: width, rows, events: perOperation, most: different }: Objects,
  asked: Asked,
): Objects {
  const events = perOperation * (cost?.events ?? 1);
  const most = ofType * events;
  // What hangs on an object that is named several times is loaded once.
  const [each, size] = before * width > different ? [different, 1] : [before, width];
  const groups = each * (cost?.events ?? 1);
  const declared = cost?.rows?.(asked);
  // A connection or payload is one object for each parent; each brings its rows when it has come in.
  if (!isList && declared !== undefined)
    return { groups: groups * size, size: 1, rows: declared, events, most };
  const items = isList ? (inConnection || cost?.sameRows ? rows : (declared ?? UNDECLARED_ROWS)) : 1;
  return cost?.apart
    ? { groups: groups * size, size: items, rows: 1, events, most }
    : { groups, size: size * items, rows: 1, events, most };
}

function askedOf({ args, below: fields }: Selected): Asked {
  return {
    args,
    only: (paths) => fields.every((one) => isAmong(one, paths)),
    selects: (names) => selectsAny(fields, new Set(names)),
  };
}

/** Whether a field, or everything that is selected below it, is one of these paths. */
function isAmong({ name, below: deeper }: Selected, paths: readonly string[], prefix = ''): boolean {
  const path = prefix + name;
  if (paths.includes(path)) return true;
  return deeper.length > 0 && deeper.every((one) => isAmong(one, paths, `${path}.`));
}

function selectsAny(fields: readonly Selected[], names: ReadonlySet<string>): boolean {
  return fields.some(({ name, below: deeper }) => names.has(name) || selectsAny(deeper, names));
}

/** What is given for an argument, or for a field of an input object. */
type Given = ArgumentNode | ObjectFieldNode;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Turns selection sets into fields: fragments spread, answer keys merged, what is skipped left out. */
class Reader {
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
          collect(this.#typeOf(selection.typeCondition?.name.value) ?? type, selection.selectionSet);
          continue;
        }
        const fragment = this.#fragments.get(selection.name.value);
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        collect(this.#typeOf(fragment.typeCondition.name.value) ?? type, fragment.selectionSet);
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
    const { most = Infinity } = below.extensions as Partial<Distinct>;
    return {
      name: node.name.value,
      key: (node.alias ?? node.name).value,
      args: this.#watched(args, node.arguments ?? []),
      cost: definition.extensions['cost'] as Cost | undefined,
      most,
      isList: isListType(getNullableType(definition.type)),
      inConnection: 'pageInfo' in type.getFields(),
      below: this.read(below, selectionSets),
    };
  }

  /** Null when they do not fit: the field then fails before its resolver runs. */
  #argsOf(definition: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> | null {
    try {
      return getArgumentValues(definition, node, this.variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      this.#decidedBy(node.arguments ?? []);
      return null;
    }
  }

  /** Arguments, or fields of an input object, of which it is noted which ones a price is made of. */
  #watched(values: Record<string, unknown>, nodes: readonly Given[]): Record<string, unknown> {
    if (nodes.length === 0) return values;
    const decidedByAll = () => {
      this.#decidedBy(nodes);
    };
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

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}

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
  print,
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
import type { AccountSizes } from '../constant-contact/cache/account-sizes.js';
import type { Counted } from '../loaders/cost.js';
import { MOST, usualSizes, type Sizes } from '../schema/collection-cost.js';
import type { Asked, Cost, Distinct } from '../schema/cost.js';

/** What an operation costs, in REST calls. */
export interface Bill {
  /** What it makes at most in an account of this size, as far as that is known, or of the usual size. */
  total: number;
  /** What it makes in the largest account. */
  most: number;
  /** The fields that cost something, dearest first. */
  items: readonly Item[];
}

interface Item {
  /** Path in the answer. */
  field: string;
  calls: number;
  /** The page that it is selected on, or that it is. */
  page: Page | undefined;
}

/** A connection in the answer, and how many rows the cost counts. */
interface Page {
  field: string;
  rows: number;
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
  /** What is known of the account. */
  known?: Pick<AccountSizes, 'of' | 'text'> | undefined;
}

/** A selected field, aliases of the same answer key merged, with what is selected below it. */
interface Selected {
  name: string;
  key: string;
  args: Readonly<Record<string, unknown>>;
  /** The arguments but `first`, as they are written. */
  otherArgs: string;
  cost: Cost | undefined;
  /** The collection that objects of its type are of, where an account has one. */
  distinct: Counted | undefined;
  /** Whether it takes `first`. */
  isPage: boolean;
  isList: boolean;
  inConnection: boolean;
  below: readonly Selected[];
}

/** The objects that a field is selected on. */
interface Objects {
  /** How many different ones. */
  count: number;
  /** Rows of each, where they are connections or payloads, for what lists them. */
  rows: number;
  /** How often each is resolved: once for each event of a subscription. */
  events: number;
  readBy: string | undefined;
  /** Arguments of the field that they are the value of. */
  args: Asked['args'];
  /** The page that they are on. */
  page: Page | undefined;
  /** Path in the answer. */
  path: string;
  /** What was asked for to get them: the same in the aliases of a field. */
  place: string;
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
  { schema, document, operationName, variableValues, known }: PricedOperation,
  deciding = new Set<string>(),
): Bill {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  const nothing = { total: 0, most: 0, items: [] };
  if (!operation || !root) return nothing;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (!coerced) {
    for (const { variable } of operation.variableDefinitions ?? []) deciding.add(variable.name.value);
    return nothing;
  }

  const tree = new Reader(schema, document, coerced, deciding).read(root, [operation.selectionSet]);
  // Fields of a mutation run one after the other, and each makes stale what was read before it.
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const items = callsOf(tree, usualSizes(known), isMutation);
  const total = sumOf(items);
  return { total, most: Math.max(total, sumOf(callsOf(tree, MOST, isMutation))), items };
}

const ROOT: Objects = {
  count: 1,
  rows: 1,
  events: 1,
  readBy: undefined,
  args: {},
  page: undefined,
  path: '',
  place: '',
};

/** Calls of each field, dearest first. */
function callsOf(tree: readonly Selected[], sizes: Sizes, isMutation: boolean): Bill['items'] {
  const walk = new Walk(sizes);
  for (const field of tree) {
    if (isMutation) walk.forget();
    walk.visit(field, ROOT);
  }
  return [...walk.items.values()].sort((a, b) => b.calls - a.calls);
}

function sumOf(items: Bill['items']): number {
  return items.reduce((sum, { calls }) => sum + calls, 0);
}

/** Reads that the operation makes once, whatever asks for them: calls by what is read along. */
type Reads = Map<string, Map<string, number>>;

/** Adds up what fields cost, from the root down. */
class Walk {
  /** By path in the answer. */
  readonly items = new Map<string, Item>();
  #reads: Reads = new Map();

  constructor(private readonly sizes: Sizes) {}

  /** What was read once for the whole operation has to be read again. */
  forget(): void {
    this.#reads = new Map();
  }

  visit(field: Selected, objects: Objects): void {
    const { name, key, otherArgs, cost } = field;
    const path = objects.path ? `${objects.path}.${key}` : key;
    const place = `${objects.place}.${name}${otherArgs}`;
    const asked = askedOf(field, objects, this.sizes);
    let calls = 0;
    cost?.parts.forEach(({ calls: of, once }, at) => {
      const due = of(objects.count, asked) * objects.events;
      if (due === 0) return;
      const isShared = once && (!once.ifWhole || (objects.place === '' && otherArgs === ''));
      if (!isShared) calls += this.#add(`${place} ${String(at)}`, '', due);
      else if (once.per === 'operation') calls += this.#add(once.key, once.along ?? '', due);
      else calls += this.#add(`${once.key} of ${objects.place}`, '', due);
    });
    const found = below(field, objects, asked);
    const page = field.isPage ? { field: path, rows: found.rows } : objects.page;
    // Another type of the same parent may have the same field.
    if (calls > 0)
      this.items.set(path, { field: path, calls: calls + (this.items.get(path)?.calls ?? 0), page });
    const next = { ...found, args: field.args, page, path, place };
    for (const child of field.below) this.visit(child, next);
  }

  /** @returns how many calls this adds to those of the same read that were counted before */
  #add(key: string, along: string, calls: number): number {
    const read = this.#reads.get(key) ?? new Map<string, number>();
    const before = total(read);
    read.set(along, Math.max(read.get(along) ?? 0, calls));
    this.#reads.set(key, read);
    return total(read) - before;
  }
}

/** A read with something along serves those without. */
function total(read: ReadonlyMap<string, number>): number {
  let withSomething = 0;
  for (const [along, calls] of read) if (along !== '') withSomething += calls;
  return Math.max(withSomething, read.get('') ?? 0);
}

/** The objects that a field leads to. */
function below(
  { cost, distinct, isList, inConnection }: Selected,
  { count: parents, rows, events, readBy }: Objects,
  asked: Asked,
): Omit<Objects, 'args' | 'page' | 'path' | 'place'> {
  const declared = cost?.rows?.(asked);
  const next = {
    // The nodes of a connection are what the connection was read with.
    readBy: cost?.readBy ?? (inConnection || isList ? readBy : undefined),
    events: events * (cost?.events ?? 1),
    rows: 1,
  };
  // A connection or payload is one object for each parent.
  if (!isList && declared !== undefined) return { ...next, count: parents, rows: declared };
  const each = isList ? (inConnection || cost?.sameRows ? rows : (declared ?? UNDECLARED_ROWS)) : 1;
  const most = distinct ? asked.sizes.rowsOf(distinct) : Infinity;
  return { ...next, count: Math.min(parents * each, most) };
}

function askedOf(
  { args, below: fields }: Selected,
  { readBy, args: parentArgs }: Objects,
  sizes: Sizes,
): Asked {
  return {
    args,
    parentArgs,
    sizes,
    readBy,
    only: (paths) => fields.every((one) => isAmong(one, paths)),
    selects: (names) => selectsAny(fields, new Set(names)),
    has: (names) => fields.some(({ name }) => names.includes(name)),
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

/** Its arguments but `first`, as they are written. */
function textOf({ arguments: given = [] }: FieldNode): string {
  const others = given.filter(({ name }) => name.value !== 'first').map((argument) => print(argument));
  return others.length === 0 ? '' : `(${others.sort().join(', ')})`;
}

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
    const { distinct } = below.extensions as Partial<Distinct>;
    return {
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

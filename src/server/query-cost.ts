import { OperationTypeNode, type DocumentNode, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import type { AccountSizes } from '../constant-contact/cache/account-sizes.js';
import { usualSizes, type Sizes } from '../schema/collection-cost.js';
import type { Asked } from '../schema/cost.js';
import { prepare } from './execution/variables.js';
import { SelectionReader, type Selected } from './selected-fields.js';

/** What an operation costs, in REST calls. */
export interface QueryCost {
  /** What it makes at most in an account of this size, as far as that is known, or of the usual size. */
  total: number;
  /** The fields that cost something, dearest first. */
  items: readonly Item[];
  /** The collections of whose sizes nothing is known but what is usual. */
  assumed: ReadonlySet<string>;
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

/** How many objects a list has for which nothing is declared. */
const UNDECLARED_ROWS = 20;

/** An operation whose cost is computed. */
export interface CostedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: ExecutionArgs['operationName'];
  variableValues?: ExecutionArgs['variableValues'];
  /** What is known of the account. */
  known?: Pick<AccountSizes, 'of' | 'groupsOf' | 'hasLongLists' | 'largestPage' | 'text'> | undefined;
}

/** The objects that a field is selected on. */
interface Objects {
  /** How many different ones. */
  count: number;
  /** How many of them are in one list or connection. */
  perList: number;
  /** Rows of each, where they are connections or payloads, for what lists them. */
  rows: number;
  /** How often each is resolved: once for each event of a subscription. */
  events: number;
  readBy: string | undefined;
  kind: string | undefined;
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
 * The cost of a valid operation, from what its fields declare. Operations whose variables do not fit cost nothing:
 * they are refused before their first resolver runs.
 *
 * @param deciding takes the names of the variables that the cost depends on: with the same values for these, and any for
 * the others, it is the same, or less where an argument does not fit
 * @throws TooManyFields
 */
export function queryCostOf(asked: CostedOperation, deciding = new Set<string>()): QueryCost {
  const { schema, document, known } = asked;
  const { operation, variables } = prepare(asked) ?? {};
  const root = operation && schema.getRootType(operation.operation);
  const nothing = { total: 0, items: [], assumed: new Set<string>() };
  if (!operation || !root) return nothing;
  if (!variables) {
    for (const { variable } of operation.variableDefinitions ?? []) deciding.add(variable.name.value);
    return nothing;
  }

  const tree = new SelectionReader(schema, document, variables, deciding).read(root, [
    operation.selectionSet,
  ]);
  // Fields of a mutation run one after the other, and each invalidates what was read before it.
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const assumed = new Set<string>();
  const items = callsOf(tree, usualSizes(known, assumed), isMutation);
  return { total: items.reduce((sum, { calls }) => sum + calls, 0), items, assumed };
}

const ROOT: Objects = {
  count: 1,
  perList: 1,
  rows: 1,
  events: 1,
  readBy: undefined,
  kind: undefined,
  args: {},
  page: undefined,
  path: '',
  place: '',
};

/** Calls of each field, dearest first. */
function callsOf(tree: readonly Selected[], sizes: Sizes, isMutation: boolean): QueryCost['items'] {
  const walk = new Walk(sizes);
  for (const field of tree) {
    if (isMutation) walk.forget();
    walk.visit(field, ROOT);
  }
  return [...walk.items.values()].sort((a, b) => b.calls - a.calls);
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
  { count: parents, perList, rows, events, readBy, kind }: Objects,
  asked: Asked,
): Omit<Objects, 'args' | 'page' | 'path' | 'place'> {
  const declared = cost?.rows?.(asked);
  const next = {
    // The nodes of a connection are what the connection was read with.
    readBy: cost?.readBy ?? (inConnection || isList ? readBy : undefined),
    kind: cost?.kind?.(asked) ?? (inConnection || isList ? kind : undefined),
    events: events * (cost?.events ?? 1),
    rows: 1,
    perList,
  };
  // A connection or payload is one object for each parent.
  if (!isList && declared !== undefined) return { ...next, count: parents, rows: declared };
  const each = isList ? (inConnection || cost?.sameRows ? rows : (declared ?? UNDECLARED_ROWS)) : 1;
  const most = Math.min(
    distinct ? asked.sizes.rowsOf(distinct) : Infinity,
    cost?.different?.(parents, asked) ?? Infinity,
  );
  return { ...next, ...(isList && { perList: each }), count: Math.min(Math.ceil(parents * each), most) };
}

function askedOf(
  { args, below: fields }: Selected,
  { count: objects, perList, readBy, kind, args: parentArgs }: Objects,
  sizes: Sizes,
): Asked {
  return {
    args,
    parentArgs,
    objects,
    perList,
    sizes,
    readBy,
    kind,
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

import { OperationTypeNode, type DocumentNode, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import type { AccountSizes } from '../constant-contact/cache/account-sizes.js';
import { usualSizes, type Sizes } from '../schema/collection-cost.js';
import type { Asked } from '../schema/cost.js';
import { prepare } from './execution/variables.js';
import { SelectionReader, type Selected } from './selected-fields.js';

/** Cost of an operation, in REST calls. */
export interface QueryCost {
  /** Maximum number of calls in an account of this size, as far as it is known, or of the default size. */
  total: number;
  /** The fields with a cost, most expensive first. */
  items: readonly Item[];
  /** The collections whose sizes are unknown, so that defaults are assumed. */
  assumed: ReadonlySet<string>;
}

interface Item {
  /** Path in the response. */
  field: string;
  calls: number;
  /** The page that contains it, or that it is. */
  page: Page | undefined;
}

/** A connection in the response, and the number of rows that the cost assumes. */
interface Page {
  field: string;
  rows: number;
}

/** Assumed number of objects in a list without a declared size. */
const UNDECLARED_ROWS = 20;

/** An operation whose cost is computed. */
export interface CostedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: ExecutionArgs['operationName'];
  variableValues?: ExecutionArgs['variableValues'];
  /** Measured sizes of the account. */
  known?:
    | Pick<AccountSizes, 'of' | 'groupsOf' | 'partOf' | 'hasLongLists' | 'largestPage' | 'now' | 'version'>
    | undefined;
}

/** The objects that a field is selected on. */
interface Objects {
  /** Number of different objects. */
  count: number;
  /** Number of them in one list or connection. */
  perList: number;
  /** Rows of each, for connections and payloads, for fields that list them. */
  rows: number;
  /** Number of times each is resolved: once for each event of a subscription. */
  events: number;
  readBy: string | undefined;
  kind: string | undefined;
  /** Arguments of the field that returns them. */
  args: Asked['args'];
  /** The page that contains them. */
  page: Page | undefined;
  /** Path in the response. */
  path: string;
  /** Path of types, field names and arguments to them: aliases of a field share it. */
  place: string;
  /** The arguments `first` on that path. */
  firsts: string;
}

/**
 * Computes the cost of a valid operation from the declarations of its fields. Operations with invalid variables cost nothing:
 * they are refused before their first resolver runs.
 *
 * @param deciding receives the names of the variables that affect the cost: with the same values for these, and any for the
 * others, it is the same, or less where an argument does not fit
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
  firsts: '',
};

/** Calls of each field, most expensive first. */
function callsOf(tree: readonly Selected[], sizes: Sizes, isMutation: boolean): QueryCost['items'] {
  const walk = new Walk(sizes);
  for (const field of tree) {
    if (isMutation) walk.forget();
    walk.visit(field, ROOT);
  }
  return [...walk.items.values()].sort((a, b) => b.calls - a.calls);
}

/** Reads that the operation makes once, for any number of fields: calls by the included data. */
type Reads = Map<string, Map<string, number>>;

/** Adds up the costs of fields, from the root down. */
class Walk {
  /** By path in the response. */
  readonly items = new Map<string, Item>();
  #reads: Reads = new Map();

  constructor(private readonly sizes: Sizes) {}

  /** Counts shared reads again. */
  forget(): void {
    this.#reads = new Map();
  }

  visit(field: Selected, objects: Objects): void {
    const { of, name, key, otherArgs, cost } = field;
    const path = objects.path ? `${objects.path}.${key}` : key;
    // Types of the same parent may have the same field.
    const place = `${objects.place} ${of}.${name}${otherArgs}`;
    const firsts = field.isPage ? `${objects.firsts} ${String(field.args['first'])}` : objects.firsts;
    const asked = askedOf(field, objects, this.sizes);
    let calls = 0;
    cost?.parts.forEach(({ calls: callsFor, once, apart }, at) => {
      const due = callsFor(objects.count, asked) * objects.events;
      if (due === 0) return;
      const isShared = once && (!once.ifWhole || (objects.place === '' && otherArgs === ''));
      const read = !apart ? '' : apart(asked) ? firsts : objects.firsts;
      if (!isShared) calls += this.#add(`${place} ${String(at)}${read}`, '', due);
      else if (once.per === 'operation') calls += this.#add(once.key, once.along ?? '', due);
      else calls += this.#add(`${once.key} of ${of} at ${objects.place}`, '', due);
    });
    const found = below(field, objects, asked);
    const page = field.isPage ? { field: path, rows: found.rows } : objects.page;
    if (calls > 0)
      this.items.set(path, { field: path, calls: calls + (this.items.get(path)?.calls ?? 0), page });
    const next = { ...found, args: field.args, page, path, place, firsts };
    for (const child of field.below) this.visit(child, next);
  }

  /** @returns the number of calls that this adds to those already counted for the same read */
  #add(key: string, along: string, calls: number): number {
    const read = this.#reads.get(key) ?? new Map<string, number>();
    const before = total(read);
    read.set(along, Math.max(read.get(along) ?? 0, calls));
    this.#reads.set(key, read);
    return total(read) - before;
  }
}

/** A read that includes more data also serves fields that need less. */
function total(read: ReadonlyMap<string, number>): number {
  let withIncludes = 0;
  for (const [along, calls] of read) if (along !== '') withIncludes += calls;
  return Math.max(withIncludes, read.get('') ?? 0);
}

/** The objects that a field returns. */
function below(
  { cost, distinct, isList, inConnection }: Selected,
  { count: parents, perList, rows, events, readBy, kind }: Objects,
  asked: Asked,
): Omit<Objects, 'args' | 'page' | 'path' | 'place' | 'firsts'> {
  const declared = cost?.rows?.(asked);
  const next = {
    // The nodes of a connection come from the read of the connection.
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
    fieldsOf: (type) => fields.flatMap(({ of, name }) => (of === type ? [name] : [])),
  };
}

/** Returns true if a field, or everything selected below it, is one of these paths. */
function isAmong({ name, below: deeper }: Selected, paths: readonly string[], prefix = ''): boolean {
  const path = prefix + name;
  if (paths.includes(path)) return true;
  return deeper.length > 0 && deeper.every((one) => isAmong(one, paths, `${path}.`));
}

function selectsAny(fields: readonly Selected[], names: ReadonlySet<string>): boolean {
  return fields.some(({ name, below: deeper }) => names.has(name) || selectsAny(deeper, names));
}

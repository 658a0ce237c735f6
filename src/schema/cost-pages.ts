import type { Counted } from '../loaders/cost.js';
import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import {
  groupCalls,
  groupRows,
  isAfterCursor,
  pageCalls,
  part,
  rowsOf,
  type Asked,
  type Condition,
  type Cost,
  type Declared,
  type Paged,
} from './cost-part.js';
import * as words from './cost-words.js';

/** The part of a collection that a connection returns, by the name under which its size is recorded. */
export interface Part {
  part?: (asked: Asked) => string | undefined;
}

/** Rows of a part; Infinity if they are not known. */
export function rowsOfPart(collection: string, part: Part['part'], asked: Asked): number {
  const name = part?.(asked);
  return (name === undefined ? undefined : asked.sizes.partOf(collection, name)) ?? Infinity;
}

/**
 * A connection: a page of rows per call, for each object.
 *
 * @param options.membersOf the collection of the objects, where reads of it give the number of rows of each object
 * @param options.kind the requested kind of rows, where reads give the number of each kind
 * @param options.part the part of the collection that the connection is
 * @param options.exact true where a response may describe its page, so that each `first` is read by itself
 */
export function pages(
  { cost: of }: Paged,
  {
    first = DEFAULT_FIRST,
    membersOf,
    kind,
    part: partName,
    exact = false,
    due,
  }: { first?: number; membersOf?: Counted; exact?: boolean } & Pick<Cost, 'kind'> &
    Pick<Condition, 'due'> &
    Part = {},
): Cost {
  const wanted = rowsOf(first);
  const groupsFor = ({ args, kind: ofKind, sizes }: Asked) => {
    if (!membersOf || typeof args['after'] === 'string') return undefined;
    const known = ofKind === undefined ? undefined : sizes.groupsOfKind(membersOf.rows, ofKind);
    return known ?? sizes.groupsOf(membersOf.rows);
  };
  const rowsOfKind = (asked: Asked) => {
    const asks = kind?.(asked);
    if (asks === undefined) return Infinity;
    const known = asked.sizes.groupsOfKind(of.rows, asks);
    return known ? known.length + 1 : Infinity;
  };
  const rows = (asked: Asked) => {
    const groups = groupsFor(asked);
    if (groups) return groupRows(wanted(asked), asked.objects, groups) / asked.objects;
    const most = 'most' in of ? asked.sizes.rowsOf(of) : Infinity;
    return Math.min(wanted(asked), most, rowsOfKind(asked), rowsOfPart(of.rows, partName, asked));
  };
  const read = (asked: Asked) => {
    const { sizes } = asked;
    const rows =
      'most' in of
        ? sizes.scannedRowsOf(of)
        : sizes.lengthOf({ usual: of.countedRows ?? Infinity, most: Infinity });
    return Math.min(wanted(asked), rows);
  };
  return {
    parts: [
      part(
        (n, asked) => {
          const groups = groupsFor(asked);
          const pageSize = asked.sizes.pageSizeOf(of);
          return groups
            ? groupCalls(pageSize, wanted(asked), n, groups)
            : n * pageCalls(pageSize, read(asked), asked);
        },
        (parent) => words.perPage(of.pageSize, of.rows) + (parent ? ` of each \`${parent}\`` : ''),
        due ? { due } : {},
        {
          apart: (asked) => exact || isAfterCursor(asked),
          ...('most' in of && { once: { key: of.rows, per: 'operation', ifWhole: true } }),
        },
      ),
    ],
    rows,
    ...(kind && { kind }),
  };
}

/** From this many lists on, their members are counted where that may allow reading them together. */
const COUNTED_FROM = 4;

/** Members of lists or tags, which are read together where they are several. */
export type Members = Paged & { perFilter: number };

/** The pages of members of each of `groups`. */
export function pagesOfMembers(
  { cost: members, perFilter }: Members,
  groups: Declared<'SCAN'>,
  all: Declared<'EXPLORED'>,
): Cost {
  const rows = rowsOf(DEFAULT_FIRST);
  const usually = (n: number, asked: Asked): number => {
    const pageSize = asked.sizes.pageSizeOf(members);
    const everybody = asked.sizes.rowsOf(all.cost);
    const wanted = rows(asked);
    if (isAfterCursor(asked)) return n * pageCalls(pageSize, wanted, asked);
    const known = asked.sizes.groupsOf(groups.cost.rows) ?? Array.from({ length: n }, () => everybody);
    const apart = groupCalls(pageSize, wanted, n, known);
    if (n < COUNTED_FROM) return apart;
    // The smaller ones are read whole, and together they never have more members than the account.
    const larger = known.slice(0, n).filter((size) => size > wanted).length;
    const smaller = known.slice(larger, n);
    const inChunks =
      Math.ceil(groupRows(wanted, n, smaller) / pageSize) + Math.ceil((n - larger) / perFilter);
    const read = Math.min(inChunks, Math.max(2, Math.ceil(everybody / pageSize)));
    return Math.min(apart, groupCalls(pageSize, wanted, larger, known) + 1 + read);
  };
  return {
    parts: [
      part(
        (n, asked) => {
          const most = n * pageCalls(asked.sizes.pageSizeOf(members), rows(asked), asked);
          return asked.sizes.lengthOf({ usual: usually(n, asked), most });
        },
        (parent) => words.perPage(members.pageSize, members.rows) + (parent ? ` of each \`${parent}\`` : ''),
        {},
        // Those of which all members are requested are read together, after the others.
        { apart: () => true },
      ),
    ],
    rows,
  };
}

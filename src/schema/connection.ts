import type { FieldRef, ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '../resolvers/support/page.js';
import { DEFAULT_FIRST, MAX_FIRST, newEdge } from '../resolvers/support/page.js';
import type { Context } from '../context.js';
import { builder } from './builder.js';
import { type Args, type Fields, type SchemaTypes } from './fields.js';
import { cost, type Cost } from './cost.js';

const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description:
    'Where a page of a connection begins and ends. The API pages forwards only, and so do connections.',
  directives: { shareable: true },
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      nullable: false,
      description: 'Whether more rows follow.',
      queryCost: cost.none,
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      nullable: false,
      description: 'Whether this page was read from a cursor on. There is no way back from it.',
    }),
    startCursor: t.string({ description: 'Cursor of the first row.', resolve: (info) => info.startCursor() }),
    endCursor: t.string({
      description: 'Cursor of the last row: give it to `after` for the rows that follow.',
      resolve: (info) => info.endCursor(),
    }),
  }),
});

export interface ConnectionOptions {
  /** What the rows are, as a plural: "contacts". */
  of: string;
  /** Set where the API can count: what it counts. */
  totalCount?: string;
  /** What counting costs; nothing unless said. */
  countCost?: Cost;
}

type EdgeRef<Row> = ObjectRef<SchemaTypes, Edge<Row>>;

/**
 * Declares `<Name>Connection` and `<Name>Edge` for rows of a type: `edges`, `nodes`, `pageInfo`, and `totalCount`
 * where the API can count. The edge type is its `Edge`.
 */
export function connectionType<Row>(
  name: string,
  node: ReturnType<typeof builder.objectRef<Row>>,
  options: ConnectionOptions,
) {
  const EdgeRef = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One of the ${options.of.replace(/,.*/, '')} with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        nullable: false,
        description: 'Place right after this row; `after` takes it.',
        resolve: (edge) => edge.cursor(),
      }),
      node: t.field({
        type: node,
        nullable: false,
        description: 'The row itself.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  const ConnectionRef = builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${options.of}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        nullable: { list: false, items: false },
        description: 'The rows with a cursor each.',
        resolve: (connection) => connection.edges(),
      }),
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: false },
        description: 'The rows.',
        resolve: (connection) => connection.nodes as never,
      }),
      pageInfo: t.field({
        type: PageInfo,
        nullable: false,
        description: 'Where this page ends, and whether more follow.',
        resolve: (connection) => connection.pageInfo,
      }),
      ...(options.totalCount && {
        totalCount: t.int({
          description: options.totalCount,
          queryCost: options.countCost ?? cost.none,
          resolve: async (connection) => await connection.totalCount(),
        }),
      }),
    }),
  });
  return Object.assign(ConnectionRef, { Edge: EdgeRef });
}

/**
 * Declares the edge of what a mutation has created, for clients that keep connections in a cache.
 *
 * @param of the object, as in "the new contact"
 */
export function edgeField<Payload, Row>(
  t: Fields<Payload>,
  { Edge }: { Edge: EdgeRef<Row> },
  of: string,
  node: (payload: Payload, context: Context) => Row | null | undefined | Promise<Row | null>,
  queryCost?: Cost,
): FieldRef<SchemaTypes, Edge<Row> | null | undefined> {
  return t.field({
    type: Edge,
    description: `Edge of ${of}, for adding it to connections in the cache of a client. Its cursor is the start of the connection.`,
    ...(queryCost && { queryCost }),
    resolve: async (payload, _args, context) => newEdge(await node(payload, context)),
  });
}

/** What `totalCount` knows of a collection whose total the API does not give: it is counted where the pages have all rows. */
export const countedUpTo = ({ cost: { pageSize, rows } }: { cost: { pageSize: number; rows: string } }) =>
  `Null above ${pageSize.toLocaleString('en')} ${rows}, unless the page reaches from the first to the last.`;

/**
 * The arguments of every connection.
 *
 * @param options.whole where one call gives all rows, whatever is asked for
 */
export function connectionArgs(
  arg: Args,
  { defaultFirst = DEFAULT_FIRST, whole = false }: { defaultFirst?: number; whole?: boolean } = {},
) {
  const calls = whole ? 'The API gives all rows at once.' : "May exceed the API's page size.";
  return {
    first: arg.int({
      description: `How many rows, 1 to ${MAX_FIRST.toLocaleString('en')}; ${defaultFirst.toLocaleString('en')} when left out. ${calls}`,
    }),
    after: arg.string({
      description: 'Only rows after this cursor. Give the same other arguments as before.',
    }),
  };
}

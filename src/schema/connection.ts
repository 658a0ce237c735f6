import type { FieldRef, ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '../resolvers/support/page.js';
import { DEFAULT_FIRST, MAX_FIRST, newEdge } from '../resolvers/support/page.js';
import type { Context } from '../context.js';
import { builder } from './builder.js';
import { type Args, type Fields, type SchemaTypes } from './fields.js';
import { cost, type Cost } from './cost.js';
import { limited } from './limits.js';

const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Pagination information of a connection. Connections page forwards only, as the API does.',
  directives: { shareable: true },
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      nullable: false,
      description: 'True when more rows follow this page.',
      queryCost: cost.none,
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      nullable: false,
      description: 'True when the page was requested with `after`. There is no way to page backwards.',
    }),
    startCursor: t.string({
      description: 'Cursor of the first row of the page. `null` when the page is empty.',
      resolve: (info) => info.startCursor(),
    }),
    endCursor: t.string({
      description: 'Cursor of the last row of the page. Pass it as `after` to get the next page.',
      resolve: (info) => info.endCursor(),
    }),
  }),
});

export interface ConnectionOptions {
  /** The rows, as a plural: "contacts", "lines of an export file", "opens, newest first". */
  of: string;
  /** Description of `totalCount`; set where the API can count. */
  totalCount?: string;
  /** Cost of counting. Default: none. */
  countCost?: Cost;
}

type EdgeRef<Row> = ObjectRef<SchemaTypes, Edge<Row>>;

/**
 * Declares `<Name>Connection` and `<Name>Edge` for rows of a type: `edges`, `nodes`, `pageInfo`, and `totalCount`
 * where the API can count. The edge type is the `Edge` of the result.
 */
export function connectionType<Row>(
  name: string,
  node: ObjectRef<SchemaTypes, Row>,
  options: ConnectionOptions,
) {
  const rows = options.of.replace(/,.*/, '');
  const row = oneOf(rows);
  const briefly = rows.replace(/ (?:of|to) .*/, '');
  const EdgeRef = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `${/^[aeiou]/i.test(row) ? 'An' : 'A'} ${row} and its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        nullable: false,
        description: 'Pass it as `after` to continue from here.',
        resolve: (edge) => edge.cursor(),
      }),
      node: t.field({
        type: node,
        nullable: false,
        description: `The ${oneOf(briefly)}.`,
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  const ConnectionRef = builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${options.of}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        nullable: false,
        description: `The ${briefly} of this page, each with its cursor.`,
        resolve: (connection) => connection.edges(),
      }),
      nodes: t.field({
        type: [node],
        nullable: false,
        description: `The ${briefly} of this page.`,
        resolve: (connection) => connection.nodes as never,
      }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfo,
        nullable: false,
        description: 'Pagination information.',
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

/** The singular of a plural: "contact" of "contacts", "line of an export file" of "lines of an export file". */
const oneOf = (rows: string): string => rows.replace(/ies\b|s\b/, (ending) => (ending === 'ies' ? 'y' : ''));

/**
 * Declares the edge of an object that a mutation has created, for clients that keep connections in a cache.
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
    description: `Edge of ${of}, to add to connections in client caches. Its cursor is the start of the connection.`,
    ...(queryCost && { queryCost }),
    resolve: async (payload, _args, context) => newEdge(await node(payload, context)),
  });
}

/**
 * Reason for a null `totalCount` of a collection whose total the API does not return: it is counted only
 * where all rows are read.
 */
export const countedUpTo = ({ cost: { pageSize, rows } }: { cost: { pageSize: number; rows: string } }) =>
  `\`null\` for more than ${pageSize.toLocaleString('en')} ${rows}, unless one page holds all of them.`;

/**
 * The arguments of every connection.
 *
 * @param options.whole set where one REST call returns all rows, whatever `first` is
 */
export function connectionArgs(
  arg: Args,
  { defaultFirst = DEFAULT_FIRST, whole = false }: { defaultFirst?: number; whole?: boolean } = {},
) {
  const calls = whole ? 'The API returns all rows in one call.' : 'May exceed the page size of the API.';
  return {
    first: arg.int(
      limited`Number of rows, ${{ minimum: 1, maximum: MAX_FIRST }}. Default: ${defaultFirst.toLocaleString('en')}. ${calls}`,
    ),
    after: arg.string({
      description: 'Return the rows after this cursor. Keep the other arguments as they were.',
    }),
  };
}

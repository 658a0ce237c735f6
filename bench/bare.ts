import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kind, parse, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { Pool } from 'undici';

/**
 * The lower bound without GraphQL: `node:http`, one REST call by undici's fastest client, and the fields
 * picked from its response. Nothing is validated, completed, logged or limited.
 */

const [api = ''] = process.argv.slice(2);
const { origin, pathname } = new URL(api);
const pool = new Pool(origin, { connections: 64 });

function get(path: string, authorization: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pool.dispatch(
      {
        origin,
        method: 'GET',
        path: pathname + path,
        headers: { authorization, accept: 'application/json' },
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: (_, chunk) => chunks.push(chunk),
        onResponseEnd: () => {
          resolve(JSON.parse(Buffer.concat(chunks).toString()));
        },
        onResponseError: (_, error) => {
          reject(error);
        },
      },
    );
  });
}

type Row = Record<string, unknown>;
type Pick = (row: Row) => unknown;

const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.filter((selection) => selection.kind === Kind.FIELD);

function valueOf({ name, selectionSet }: FieldNode): Pick {
  if (name.value === 'lists')
    return (row) => (row['list_memberships'] as string[]).map((listId) => ({ listId }));
  if (name.value === 'birthday') {
    return ({ birthday_month: month, birthday_day: day }) => (month === undefined ? null : { month, day });
  }
  const wire = name.value.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!selectionSet) return (row) => row[wire] ?? null;
  const pick = picker(selectionSet);
  return (row) => (row[wire] ? pick(row[wire] as Row) : null);
}

function picker(selectionSet: SelectionSetNode): Pick {
  const fields = fieldsOf(selectionSet).map((field) => ({ key: field.name.value, value: valueOf(field) }));
  return (row) => {
    const picked: Row = {};
    for (const { key, value } of fields) picked[key] = value(row);
    return picked;
  };
}

interface Plan {
  pick: Pick;
  edges: boolean;
  include: string;
}

const plans = new Map<string, Plan>();

/** The fields that a query selects of each contact. */
function planOf(query: string): Plan {
  let plan = plans.get(query);
  if (!plan) {
    const [operation] = parse(query).definitions as OperationDefinitionNode[];
    let field = operation && fieldsOf(operation.selectionSet)[0];
    let edges = false;
    if (field?.name.value === 'contacts' && field.selectionSet) {
      field = fieldsOf(field.selectionSet)[0];
      edges = field?.name.value === 'edges';
      if (edges && field?.selectionSet) field = fieldsOf(field.selectionSet)[1];
    }
    if (!field?.selectionSet) throw new Error('The bare server cannot answer this query.');
    const include = query.includes('lists {') ? 'include=list_memberships' : '';
    plans.set(query, (plan = { pick: picker(field.selectionSet), edges, include }));
  }
  return plan;
}

interface Body {
  query: string;
  variables: { id?: string; first?: number; since?: string };
}

interface Page {
  contacts: Row[];
  _links?: { next?: { href?: string } };
}

async function answer({ query, variables }: Body, authorization: string): Promise<object> {
  const { pick, edges, include } = planOf(query);
  const { id, first, since } = variables;
  if (id !== undefined) {
    return { contact: pick((await get(`/contacts/${id}?${include}`, authorization)) as Row) };
  }
  const path = `/contacts?limit=${String(first)}&updated_after=${String(since)}&${include}`;
  const { contacts, _links } = (await get(path, authorization)) as Page;
  if (!edges) return { contacts: { nodes: contacts.map(pick) } };
  const next = _links?.next?.href ?? null;
  return {
    contacts: {
      edges: contacts.map((contact, at) => ({ cursor: String(at), node: pick(contact) })),
      pageInfo: { hasNextPage: next !== null, endCursor: next },
    },
  };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    void answer(body, request.headers.authorization ?? '').then((data) => {
      const text = JSON.stringify({ data });
      const length = Buffer.byteLength(text);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(text);
    });
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${String(port)}/graphql` });
});

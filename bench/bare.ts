import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kind, parse, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { Pool } from 'undici';

/**
 * What is left of the three queries when GraphQL is taken away. `node:http`, one REST call with the client that
 * is the quickest of undici's, and the fields picked from its answer. Nothing is checked, completed, logged or limited.
 */

const [api = '', token = ''] = process.argv.slice(2);
const { origin, pathname } = new URL(api);
const pool = new Pool(origin, { connections: 64 });
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

function get(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pool.dispatch(
      { origin, method: 'GET', path: pathname + path, headers },
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
type Pick = (row: Row) => Row;

const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.filter((one) => one.kind === Kind.FIELD);

function picker(selectionSet: SelectionSetNode): Pick {
  const fields = fieldsOf(selectionSet).map((field) => ({
    key: field.name.value,
    wire: field.name.value.replace(/Raw$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    below: field.selectionSet ? picker(field.selectionSet) : null,
  }));
  return (row) => {
    const answer: Row = {};
    for (const { key, wire, below } of fields) {
      const value = row[wire] ?? null;
      answer[key] = below && value !== null ? below(value as Row) : value;
    }
    return answer;
  };
}

const pickers = new Map<string, Pick>();

/** What a query wants of each contact. */
function pickerOf(query: string): Pick {
  let pick = pickers.get(query);
  if (!pick) {
    const [operation] = parse(query).definitions as OperationDefinitionNode[];
    let of = operation && fieldsOf(operation.selectionSet)[0];
    if (of?.name.value === 'contacts' && of.selectionSet) of = fieldsOf(of.selectionSet)[0];
    if (!of?.selectionSet) throw new Error('This is none of the three queries.');
    pickers.set(query, (pick = picker(of.selectionSet)));
  }
  return pick;
}

interface Asked {
  query: string;
  variables: { id?: string; first?: number; since?: string };
}

async function answer({ query, variables: { id, first, since } }: Asked): Promise<object> {
  const pick = pickerOf(query);
  if (id !== undefined) return { contact: pick((await get(`/contacts/${id}`)) as Row) };
  const path = `/contacts?limit=${String(first)}&updated_after=${String(since)}`;
  const { contacts } = (await get(path)) as { contacts: Row[] };
  return { contacts: { nodes: contacts.map(pick) } };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    void answer(JSON.parse(Buffer.concat(chunks).toString()) as Asked).then((data) => {
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

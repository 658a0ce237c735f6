import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { at, contract, contractOperation, type Json } from '../../src/sandbox/contract.js';
import { matchRoute, relativePath } from '../../src/sandbox/router.js';
import { checkRequest } from '../../src/sandbox/validate.js';

/**
 * A server without state: it checks each request against the contract and answers with sample values of the
 * right shape, echoing ids of the path. It finds errors in the facade that the sandbox would hide by sharing
 * the same assumption.
 */
export interface StandIn {
  url: string;
  /** Called operations, in order. */
  calls: OperationId[];
  /** Requests that the contract forbids. */
  violations: string[];
  /** Makes an operation fail with a status, with the API's own wording; null ends it. */
  answerWith(fault: { id: OperationId; status: number } | null): void;
  close(): Promise<void>;
}

/**
 * Shape of the answers. `whole`: each property of the contract. `bare`: only required properties, and rows.
 * `empty`: the same with null for all other properties, and among the rows. `odd`: unknown enum values, dates
 * in every format that the API uses, and a property that the contract does not have.
 */
export type Shape = 'whole' | 'bare' | 'empty' | 'odd';

/** Property that the contract does not have. */
const UNKNOWN = 'not_known';
const SOME_UUID = '7b2a4c1e-9d3f-11ee-b9d1-0242ac120002';
/** Limits recursive schemas; deeper than any answer that a query selects. */
const MAX_DEPTH = 7;

const DATES = [
  '2026-03-04T05:06:07Z',
  '2026-03-04T05:06:07.108Z',
  '2026-03-04T05:06:07-05:00',
  '2026-03-04T05:06:07.020+00:00',
  '2026-03-04T05:06:07.766+0000',
  '2026-03-04 05:06:07 -0800',
];

export async function startStandIn({ shape = 'whole' }: { shape?: Shape } = {}): Promise<StandIn> {
  const { sample } = sampler(shape);
  const calls: OperationId[] = [];
  const violations: string[] = [];
  let fault: { id: OperationId; status: number } | null = null;

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const match = matchRoute(request.method ?? 'GET', relativePath(url.pathname));
    if (!match) {
      violations.push(`${request.method ?? ''} ${url.pathname} is no operation`);
      return { status: 404, body: [{ error_key: 'not_found', error_message: 'no' }] };
    }
    const { id: operationId, facts, path } = match;
    calls.push(operationId);
    const raw = await text(request);
    const json = facts.body === 'json' && raw !== '' ? (JSON.parse(raw) as unknown) : undefined;
    // Unknown properties of a read are sent back in the write of the same object.
    const body = facts.writable ? withoutUnknown(json) : json;
    const { issues } = checkRequest(operationId, facts, { path, query: url.searchParams, body });
    if (!request.headers.authorization) violations.push(`${operationId}: no authorization`);
    if (issues.length > 0) {
      violations.push(...issues.map((issue) => `${operationId}: ${issue}`));
      return { status: 400, body: [{ error_key: 'bad_request', error_message: 'no' }] };
    }
    if (operationId === fault?.id && fault.status >= 400) {
      return { status: fault.status, body: [{ error_key: errorKeyOf(fault.status), error_message: 'no' }] };
    }
    const status = operationId === fault?.id ? fault.status : (facts.success[0] ?? 200);
    if (facts.response === 'csv')
      return { status, body: 'Email address,First name\nsomebody@example.com,Some\n' };
    const schema = at(contractOperation(facts).responses, [
      String(status),
      'content',
      'application/json',
      'schema',
    ]);
    return { status, body: schema && sample(schema, path, '', 0) };
  };

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, {
        'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
      });
      response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  // A connection that is idle while the machine is busy must not be closed: a request on it would fail.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v3`,
    calls,
    violations,
    answerWith: (next) => {
      fault = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([name]) => name !== UNKNOWN);
  return Object.fromEntries(known.map(([name, child]) => [name, withoutUnknown(child)]));
}

/**
 * 429 has three meanings, distinguished by the key: here the limit per second, or the queue of bulk
 * activities.
 */
function errorKeyOf(status: number): string {
  return status === 429 ? 'throttled' : `status.${String(status)}`;
}

/** Generates values of a schema, in one of the shapes. */
function sampler(shape: Shape) {
  let dates = 0;

  function sample(
    schema: Json,
    path: Readonly<Record<string, string>>,
    name: string,
    depth: number,
  ): unknown {
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      return sample(at(contract(), reference.slice(2).split('/')) ?? {}, path, name, depth);
    }
    const [choice] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Json[];
    if (choice) return sample(choice, path, name, depth);
    const echoed = path[name];
    switch ([schema['type']].flat()[0]) {
      case 'object':
        return sampleObject(schema, path, depth);
      case 'array':
        if (depth >= MAX_DEPTH) return [];
        return [
          sample((schema['items'] ?? {}) as Json, path, name, depth + 1),
          ...(shape === 'empty' ? [null] : []),
        ];
      case 'integer':
      case 'number':
        return echoed && /^\d+$/.test(echoed) ? Number(echoed) : (schema['minimum'] ?? 1);
      case 'boolean':
        return true;
      case 'string':
        return echoed ?? sampleText(schema, name);
      default:
        return {};
    }
  }

  function sampleObject(schema: Json, path: Readonly<Record<string, string>>, depth: number): unknown {
    const required = (schema['required'] ?? []) as string[];
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
    const known = properties.flatMap(([key, child]): [string, unknown][] => {
      // Without links every page is the last one.
      if (depth >= MAX_DEPTH || key === '_links') return [];
      const isSparse = (shape === 'bare' || shape === 'empty') && !required.includes(key);
      // Rows and ids are always present: an answer without rows would test nothing, one without an id is
      // invalid.
      const isFrame =
        depth === 0 && (child['type'] === 'array' || child['type'] === 'object' || /(^|_)id$/.test(key));
      if (isSparse && !isFrame) return shape === 'empty' ? [[key, null]] : [];
      return [[key, sample(child, path, key, depth + 1)]];
    });
    if (depth === 0 && known.length === 0) {
      const [[key, child] = ['', {}]] = properties;
      known.push([key, sample(child, path, key, 1)]);
    }
    return Object.fromEntries(shape === 'odd' ? [...known, [UNKNOWN, 'text']] : known);
  }

  function sampleText(schema: Json, name: string): string {
    const isOdd = shape === 'odd';
    if (schema['format'] === 'uuid' || /_id$/.test(name)) return SOME_UUID;
    if (schema['format'] === 'date-time' || /_(at|time|date)$/.test(name)) {
      return DATES[isOdd ? dates++ % DATES.length : 0] ?? '';
    }
    if (schema['format'] === 'date') return isOdd ? (DATES[dates++ % DATES.length] ?? '') : '2026-03-04';
    const [value] = (schema['enum'] ?? []) as string[];
    if (isOdd) return 'Never_Seen'.slice(0, Number(schema['maxLength'] ?? 10));
    return value ?? 'some text'.slice(0, Number(schema['maxLength'] ?? 9));
  }

  return { sample };
}

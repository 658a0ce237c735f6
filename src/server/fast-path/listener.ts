import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { createYoga, GraphQLParams, Plugin } from 'graphql-yoga';
import { translateError } from '../errors.js';
import { isDeliveredInParts } from '../plugins/defer.js';
import type { Documents } from '../documents.js';
import { bodyOf, bytesOf, headOf, send } from './response.js';
import { BYTES_OF_A_VALUE, checkJson } from '../json.js';
import type { Body, RequestBodies } from '../request-bodies.js';
import { PlainHeaders, PlainRequest } from './request.js';

type Yoga = Pick<ReturnType<typeof createYoga>, 'fetch' | 'fetchAPI' | 'getEnveloped'>;
/** Functions of Yoga for one request that are used here. */
interface Enveloped {
  parse(text: string): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  contextFactory(): object | Promise<object>;
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult>;
}

type Payload<Name extends 'onRequest' | 'onParams' | 'onResultProcess' | 'onResponse'> = Parameters<
  NonNullable<Plugin[Name]>
>[0];

/** Length from which a response is sent as bytes: shorter ones are faster as text (measured). */
const LARGE = 4_096;

interface FastListenerOptions {
  yoga: Yoga;
  schema: GraphQLSchema;
  /** The plugins of Yoga, in the same order. */
  plugins: readonly Plugin[];
  /** Additional parameters of a request, besides those of GraphQL over HTTP. */
  extraParams: readonly string[];
  bodies: RequestBodies;
  /** Yoga's document cache. */
  documents: Documents;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** A plain request and its response. */
export interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Of the response. */
  mediaType: string;
}

/**
 * Answers plain requests directly on the socket, without the HTTP adapter, which creates streams and objects of the fetch API
 * for bodies that are complete texts. All plugins run as for other requests, at the same points. Requests that turn out to be
 * unusual before execution are handed to Yoga, from the beginning.
 */
export function createFastListener(options: FastListenerOptions): (exchange: Exchange) => void {
  const { yoga, bodies } = options;
  const { admit, run, reply } = pipeline(options);
  const answer = async (exchange: Exchange, body: Body) => {
    const { incoming, response, url } = exchange;
    const request = new PlainRequest(incoming, url);
    try {
      // Headers are checked first: the body of a refused caller is not read.
      const refusing = admit(request, exchange);
      if (refusing && (await refusing)) return;
      try {
        request.text = await bodies.text(incoming, request.headers.get('content-length'), body);
        body.take(checkJson(request.text) * BYTES_OF_A_VALUE);
      } catch (error) {
        if ((error as Error).name !== 'GraphQLError') throw error;
        await reply(request, exchange, { errors: [error as GraphQLError] });
        return;
      }
      if (await run(request, exchange)) return;
      await send(await yoga.fetch(request as unknown as Request, { req: incoming, res: response }), response);
    } catch (error) {
      // The client has disconnected. All other failures have become a response before.
      if (!request.gone.aborted) response.destroy(error as Error);
    } finally {
      body.release();
    }
  };
  return (exchange) => void answer(exchange, bodies.open());
}

/** Steps of a request outside of Yoga. */
function pipeline({ yoga, schema, plugins, extraParams, documents, now }: FastListenerOptions) {
  const hooks = <Name extends keyof Plugin>(name: Name) =>
    plugins.flatMap((plugin) => plugin[name] ?? []) as unknown as NonNullable<Plugin[Name]>[];
  const onRequest = hooks('onRequest');
  const onParams = hooks('onParams');
  const onResultProcess = hooks('onResultProcess');
  const onResponse = hooks('onResponse');
  // Each property access on a Yoga instance goes through a proxy.
  const { fetchAPI, getEnveloped } = yoga;
  // The hooks of parsing and validation depend only on the document, so a valid document stays valid.
  const valid = new WeakSet<DocumentNode>();
  const known = new Set(['query', 'variables', 'operationName', 'extensions', ...extraParams]);

  const finish = (request: PlainRequest, serverContext: object, answer: object) =>
    inTurn(onResponse, {
      request,
      response: answer,
      serverContext,
      fetchAPI,
    } as unknown as Payload<'onResponse'>);

  /**
   * Returns a promise only if a plugin does, so that the body is listened to before the parser hands it over.
   * @returns true if plugins have answered by the headers alone
   */
  function admit(request: PlainRequest, { incoming, response, url }: Exchange): boolean | Promise<boolean> {
    const serverContext = { req: incoming, res: response };
    let ended: Response | undefined;
    const payload = {
      request,
      url,
      fetchAPI,
      serverContext,
      endResponse: (one: Response) => {
        ended = one;
      },
    } as unknown as Payload<'onRequest'>;
    const end = async (answer: Response) => {
      await finish(request, serverContext, answer);
      await send(answer, response);
      return true;
    };
    const runFrom = (from: number): boolean | Promise<boolean> => {
      for (let at = from; at < onRequest.length; at += 1) {
        const pending = onRequest[at]?.(payload);
        if (pending) return pending.then(() => (ended ? end(ended) : runFrom(at + 1)));
        if (ended) return end(ended);
      }
      return false;
    };
    return runFrom(0);
  }

  /** @returns true if it was answered; otherwise it had no effect */
  async function run(request: PlainRequest, exchange: Exchange): Promise<boolean> {
    const serverContext = { req: exchange.incoming, res: exchange.response };
    let operation: Operation | null;
    try {
      const asked = askedBy(request, serverContext);
      const preparing = inTurn(onParams, asked);
      if (preparing) await preparing;
      operation = operationOf(request, asked.params, serverContext);
      if (operation) operation.args.contextValue = await operation.enveloped.contextFactory();
    } catch {
      // Nothing has run yet: Yoga finds the same error and formats it.
      return false;
    }
    if (!operation) return false;

    let result: ExecutionResult;
    try {
      result = await operation.enveloped.execute(operation.args);
    } catch (error) {
      if (request.gone.aborted) throw error;
      result = { errors: [translateError(error, now())] };
    }
    const processing = inTurn(onResultProcess, {
      request,
      result,
      serverContext,
    } as unknown as Payload<'onResultProcess'>);
    if (processing) await processing;
    const replying = reply(request, exchange, result);
    if (replying) await replying;
    return true;
  }

  /** Returns a promise only if a plugin does. */
  function reply(
    request: PlainRequest,
    { incoming, response, mediaType }: Exchange,
    result: ExecutionResult,
  ): Promise<void> | undefined {
    const head = headOf(result, mediaType);
    const written = bodyOf(result);
    // Counting the bytes and sending the text traverses it twice; sending bytes separately from the head has a cost of its own.
    const body = written.length > LARGE ? bytesOf(written) : written;
    const headers = new PlainHeaders(head.headers);
    headers.set('content-type', `${mediaType}; charset=utf-8`);
    const finishing = finish(request, { req: incoming, res: response }, { status: head.status, headers });
    const write = () => {
      headers.set('content-length', String(Buffer.byteLength(body)));
      response.writeHead(head.status, headers.list());
      response.write(body);
      // On its own, `end` appends an empty chunk, and two chunks use the slower path.
      response.socket?.uncork();
      response.end();
    };
    if (finishing) return finishing.then(write);
    write();
    return undefined;
  }

  /** @throws SyntaxError, TypeError for a body without an operation */
  function askedBy(request: PlainRequest, context: object): Payload<'onParams'> {
    const asked = {
      request,
      params: paramsOf(request.text, known),
      setParams: (changed: GraphQLParams) => {
        asked.params = changed;
      },
      fetchAPI,
      context,
    };
    return asked as unknown as Payload<'onParams'>;
  }

  /** Operation to execute; null if the request is invalid or needs the adapter. */
  function operationOf(
    request: PlainRequest,
    params: GraphQLParams,
    serverContext: object,
  ): Operation | null {
    const { query = '', variables, operationName } = params;
    const initial = Object.assign(serverContext, { request, params });
    const enveloped = getEnveloped(initial as never) as unknown as Enveloped;
    const known = documents.get(query);
    const document = known && valid.has(known) ? known : inOrder(query, enveloped);
    const operation = document && getOperationAST(document, operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
    if (isDeliveredInParts(document, request.headers.get('accept'))) return null;
    return { enveloped, args: { schema, document, variableValues: variables, operationName } };
  }

  /** The document of a text, or null for one that is not valid. */
  function inOrder(text: string, { parse, validate }: Enveloped): DocumentNode | null {
    const document = parse(text);
    if (validate(schema, document).length > 0) return null;
    valid.add(document);
    return document;
  }

  return { admit, run, reply };
}

/** A valid operation and its executor. */
interface Operation {
  enveloped: Enveloped;
  args: ExecutionArgs;
}

/** Calls hooks in order. Returns a promise only if one of them does: awaiting costs as much as most hooks. */
function inTurn<Payload>(
  hooks: readonly ((payload: Payload) => unknown)[],
  payload: Payload,
  from = 0,
): Promise<void> | undefined {
  for (let at = from; at < hooks.length; at += 1) {
    const pending = hooks[at]?.(payload);
    if (pending instanceof Promise) return pending.then(() => inTurn(hooks, payload, at + 1));
  }
  return undefined;
}

/** @throws SyntaxError, TypeError for invalid parameters */
function paramsOf(text: string, known: ReadonlySet<string>): GraphQLParams {
  const params = JSON.parse(text) as GraphQLParams | null;
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw new TypeError('no object');
  for (const name of Object.keys(params)) if (!known.has(name)) throw new TypeError('unknown parameter');
  const { variables, operationName, extensions } = params;
  const isObject = (value: unknown) => value == null || (typeof value === 'object' && !Array.isArray(value));
  if (!isObject(variables) || !isObject(extensions)) throw new TypeError('no object');
  if (operationName != null && typeof operationName !== 'string') throw new TypeError('no name');
  return params;
}

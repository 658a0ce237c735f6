import type { IncomingMessage } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import type { Access } from './access/access.js';
import type { RequestBodies } from './request-bodies.js';
import { eventsOf } from './server-sent-events.js';
import type { Turns } from './turns.js';
import { turnToRespond } from './unsent.js';

/** Time that the next operation of a connection waits for the one before it. A longer one waits for the REST API. */
const START_MS = 5;

export interface OperationOptions {
  /** Path of the GraphQL endpoint. */
  path: string;
  access: Access | null;
  bodies: RequestBodies;
  startInTurn: Turns['start'];
  /** Handles an HTTP request, with the message that it is made for. */
  fetch(url: string, init: RequestInit, message: IncomingMessage): Promise<Response>;
}

/** State of a connection. */
export interface Extra {
  message: IncomingMessage;
  close(code: number, reason: string): void;
  /** Called when no operation is in flight any more. */
  onIdle: () => void;
  operations: number;
  /** True after `connection_init` was accepted. */
  isAdmitted: boolean;
  /** Resolves when the last operation of the connection has started, or will not start. */
  started: Promise<void>;
}

export type Connection = Context<Record<string, unknown>, Extra>;

/** Executes the operations of connections as HTTP requests for server-sent events. */
export function createExecute(options: OperationOptions) {
  const { access, bodies } = options;

  /** Events of an operation. An object instead of a generator, because `return` must end a pending `next`. */
  function execute({ contextValue }: { contextValue?: unknown }): AsyncIterableIterator<ExecutionResult> {
    const { connection, payload } = contextValue as { connection: Connection; payload: SubscribePayload };
    const { extra } = connection;
    const gone = new AbortController();
    let events: AsyncGenerator<unknown, void> | undefined;
    let isOver = false;
    const body = bodies.open();
    extra.operations += 1;
    const end = () => {
      if (isOver) return;
      isOver = true;
      gone.abort();
      body.release();
      extra.operations -= 1;
      if (extra.operations === 0) extra.onIdle();
    };
    const open = async () => {
      // A persisted operation has only a hash, but the protocol requires a text.
      const { query, ...rest } = payload;
      const text = JSON.stringify(query === '' ? rest : payload);
      try {
        body.take(text.length);
      } catch (error) {
        throw new Refused([error as GraphQLError]);
      }
      const start = extra.started.then(async () => {
        await untilStart(extra);
        gone.signal.throwIfAborted();
        return { answer: send(connection, text, gone.signal) };
      });
      extra.started = start.then(
        ({ answer }) => untilStarted(answer),
        () => undefined,
      );
      const { answer } = await start;
      return eventsOfAnswer(await answer);
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        try {
          events ??= await open();
          const next = await events.next();
          if (!next.done && !isOver) return { value: resultOf(next.value), done: false };
        } catch (error) {
          const wasOver = isOver;
          end();
          if (!wasOver) throw error;
        }
        end();
        return { value: undefined, done: true };
      },
      return() {
        end();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  /** Operations of a connection start one after the other, and only while their client reads. */
  const untilStart = ({ message: { socket } }: Extra) =>
    turnToRespond(socket, () => new Promise<void>(options.startInTurn));

  function send(connection: Connection, body: string, signal: AbortSignal): Promise<Response> {
    const { message } = connection.extra;
    return options.fetch(
      `http://${message.headers.host ?? 'localhost'}${options.path}`,
      {
        method: 'POST',
        headers: {
          ...headersOf(connection, access),
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body,
        signal,
      },
      message,
    );
  }

  return execute;
}

/** Waits for the response to an operation, or until the operation seems to wait for the REST API. */
function untilStarted(answer: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, START_MS);
    const onAnswer = () => {
      clearTimeout(timer);
      resolve();
    };
    answer.then(onAnswer, onAnswer);
  });
}

/** The operation was refused or cancelled; its masked errors. */
export class Refused extends Error {
  constructor(readonly errors: readonly { message: string }[]) {
    super('The operation was refused.');
  }
}

/** @throws Refused for a response that has only errors */
function resultOf(event: unknown): ExecutionResult {
  const { errors, ...rest } = event as ExecutionResult & { incremental?: unknown; hasNext?: unknown };
  if (errors && rest.data === undefined && rest.hasNext === undefined) throw new Refused(errors);
  return event as ExecutionResult;
}

async function* eventsOfAnswer(response: Response): AsyncGenerator<unknown, void> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body && type.startsWith('text/event-stream')) yield* eventsOf(response.body);
  else yield await response.json();
}

/**
 * Headers of the request that opened the connection, and the same ones from the payload of `connection_init`, where pages in a
 * browser must send them. All others in the payload are ignored.
 */
export function headersOf(
  { connectionParams, extra }: Connection,
  access: Access | null,
): Record<string, string> {
  const { headers } = extra.message;
  const taken: Record<string, string> = {};
  const take = (name: string, value: unknown) => {
    if (typeof value === 'string') taken[name] = value;
  };
  for (const name of ['host', 'origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'])
    take(name, headers[name]);
  const secrets = ['authorization', ...(access?.headers ?? [])];
  for (const name of secrets) take(name, headers[name]);
  for (const [name, value] of Object.entries(connectionParams ?? {})) {
    // Not from the headers of the connection, with which browsers send `no-cache`.
    if ([...secrets, 'cache-control'].includes(name.toLowerCase())) take(name.toLowerCase(), value);
  }
  return taken;
}

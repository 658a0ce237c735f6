import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { RedisUnusable, type RedisAddress, type RedisNode } from './address.js';

/** Maximum wait for a server to show its protocol. */
const PROBE_MS = 1_000;

/**
 * Detects a server that could not be connected to because only one side uses TLS. Neither side reports that: each
 * waits for the other, or closes the connection.
 *
 * @returns null when nothing is known of it
 */
export async function tlsProblemOf(address: RedisAddress): Promise<RedisUnusable | null> {
  const isTls = address.kind === 'server' ? address.url.startsWith('rediss:') : address.tls;
  const probe = isTls ? speaksPlain : speaksTls;
  if (!(await Promise.all(nodesOf(address).map(probe))).includes(true)) return null;
  return new RedisUnusable(
    isTls
      ? 'REDIS_URL starts with rediss, which uses TLS, but the server does not use TLS at that port. Write redis instead of rediss, or use the TLS port of the server.'
      : 'REDIS_URL starts with redis, which does not use TLS, but the server uses TLS at that port. Write rediss instead of redis.',
  );
}

function nodesOf(address: RedisAddress): readonly RedisNode[] {
  if (address.kind !== 'server') return address.nodes;
  const { hostname, port } = new URL(address.url);
  return [{ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 6379) }];
}

const speaksPlain = ({ host, port }: RedisNode): Promise<boolean> =>
  answerOf(
    connect(port, host).on('connect', function (this: Socket) {
      this.write('PING\r\n');
    }),
    (socket, resolve) => {
      socket.once('data', (reply) => {
        resolve(/^[+-]/.test(reply.toString('latin1')));
      });
    },
  );

const speaksTls = ({ host, port }: RedisNode): Promise<boolean> =>
  // Nothing is sent, so the identity of the server does not matter.
  answerOf(connectTls({ host, port, rejectUnauthorized: false }), (socket, resolve) => {
    socket.once('secureConnect', () => {
      resolve(true);
    });
  });

function answerOf(
  socket: Socket,
  listen: (socket: Socket, resolve: (answer: boolean) => void) => void,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const giveUp = () => {
      resolve(false);
    };
    socket.on('error', giveUp).on('close', giveUp).setTimeout(PROBE_MS, giveUp);
    listen(socket, resolve);
  }).finally(() => socket.destroy());
}

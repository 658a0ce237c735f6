import { connect, isIP, type Socket } from 'node:net';
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
  const isTls = usesTls(address);
  const probe = isTls ? speaksPlain : speaksTls;
  if (!(await Promise.all(nodesOf(address).map(probe))).includes(true)) return null;
  return new RedisUnusable(
    isTls
      ? 'REDIS_URL starts with rediss, which uses TLS, but the server does not use TLS at that port. Write redis instead of rediss, or use the TLS port of the server.'
      : 'REDIS_URL starts with redis, which does not use TLS, but the server uses TLS at that port. Write rediss instead of redis.',
  );
}

/** Advice, by the code of a failed TLS handshake. */
const CERTIFICATE_HINTS: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE_FAILURE)/,
    'The certificate of Redis is signed by an authority that is not trusted. Set REDIS_CA to the PEM file of that authority; the file replaces the public authorities.',
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    'The certificate of Redis, or of its authority, has expired. Renew it; after a new authority, replace the file of REDIS_CA too.',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'The certificate of Redis is not valid yet. Compare the clocks of both machines, or issue a new one.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'The certificate of Redis is for other hosts. Write a host of the certificate in REDIS_URL. Nodes of a cluster and masters of sentinels are reached at the address that they announce: have them announce host names, or issue certificates for these addresses.',
  ],
  [
    /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)$/,
    'Redis requires a client certificate, and this server has none. Set `tls-auth-clients optional`, or `no`, and use a password.',
  ],
];

/** Advice when a TLS handshake with Redis failed; null when the certificate is not the reason. */
export function certificateHintOf(error: Error | undefined): string | null {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string') return null;
  return CERTIFICATE_HINTS.find(([codes]) => codes.test(code))?.[1] ?? null;
}

/**
 * The error of a TLS handshake with a server that `REDIS_URL` names, of which ioredis hides those of sentinels and cluster nodes.
 *
 * @param ca certificates (PEM) to trust instead of the system's
 * @returns undefined when nothing is wrong with any of their certificates
 */
export async function certificateErrorOf(
  address: RedisAddress,
  ca: string | null,
): Promise<Error | undefined> {
  if (!usesTls(address)) return undefined;
  const errors = await Promise.all(nodesOf(address).map((node) => handshakeErrorOf(node, ca)));
  return errors.find((error) => certificateHintOf(error) !== null);
}

function usesTls(address: RedisAddress): boolean {
  return address.kind === 'server' ? address.url.startsWith('rediss:') : address.tls;
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
      socket.once('data', (reply) => resolve(/^[+-]/.test(reply.toString('latin1'))));
    },
  );

const speaksTls = ({ host, port }: RedisNode): Promise<boolean> =>
  // Nothing is sent, so the identity of the server does not matter.
  answerOf(connectTls({ host, port, rejectUnauthorized: false }), (socket, resolve) => {
    socket.once('secureConnect', () => resolve(true));
  });

function handshakeErrorOf({ host, port }: RedisNode, ca: string | null): Promise<Error | undefined> {
  const socket = connectTls({
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== null && { ca }),
  });
  return new Promise<Error | undefined>((resolve) => {
    const finish = () => resolve(undefined);
    socket.on('error', resolve).on('close', finish).setTimeout(PROBE_MS, finish);
    // With TLS 1.3 the server looks at the certificate of the client after the handshake.
    socket.once('secureConnect', () => socket.write('PING\r\n')).once('data', finish);
  }).finally(() => socket.destroy());
}

function answerOf(
  socket: Socket,
  listen: (socket: Socket, resolve: (answer: boolean) => void) => void,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const giveUp = () => resolve(false);
    socket.on('error', giveUp).on('close', giveUp).setTimeout(PROBE_MS, giveUp);
    listen(socket, resolve);
  }).finally(() => socket.destroy());
}

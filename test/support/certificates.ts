import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificate {
  ca: string;
  certificate: string;
  key: string;
}

export interface Authority {
  /** Path of the authority's own certificate. */
  ca: string;
  /** Signs a certificate for these host names and IPv4 addresses. */
  issue(hosts: readonly string[], options?: { isExpired?: boolean }): Promise<Certificate>;
}

/** Untrusted certificate authorities, without the openssl command, which need not be installed. */
export class Authorities {
  readonly #directory = mkdtemp(join(tmpdir(), 'certificates-'));

  async create(name: string): Promise<Authority> {
    const keys = keyPair();
    const isAuthority = extension('2.5.29.19', sequence(der(0x01, [0xff])), true);
    const own = { subject: name, issuer: name, key: keys.publicKey, signedBy: keys.privateKey };
    const ca = await this.#write(`${name}.pem`, certificateOf({ ...own, extensions: [isAuthority] }));
    let issued = 0;
    return {
      ca,
      issue: async (hosts, { isExpired = false } = {}) => {
        issued += 1;
        const { publicKey, privateKey } = keyPair();
        const certificate = certificateOf({
          subject: 'redis',
          issuer: name,
          key: publicKey,
          signedBy: keys.privateKey,
          extensions: [extension('2.5.29.17', sequence(...hosts.map(hostName)))],
          until: Date.now() + (isExpired ? -1 : 2) * DAY_MS,
        });
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
        const file = `${name}-${String(issued)}`;
        return {
          ca,
          certificate: await this.#write(`${file}.pem`, certificate),
          key: await this.#write(`${file}.key`, pem),
        };
      },
    };
  }

  async #write(name: string, text: string): Promise<string> {
    const path = join(await this.#directory, name);
    await writeFile(path, text);
    return path;
  }

  async close(): Promise<void> {
    await rm(await this.#directory, { recursive: true, force: true });
  }
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

interface Contents {
  subject: string;
  issuer: string;
  key: KeyObject;
  signedBy: KeyObject;
  extensions: readonly Buffer[];
  until?: number;
}

/** An X.509 certificate (RFC 5280) as PEM. */
function certificateOf({ subject, issuer, key, signedBy, extensions, until }: Contents): string {
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1, ...randomBytes(15)]),
    algorithm,
    commonName(issuer),
    sequence(time(Date.now() - 3 * DAY_MS), time(until ?? Date.now() + 2 * DAY_MS)),
    commonName(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, [0, ...sign('sha256', toBeSigned, signedBy)]);
  const lines =
    sequence(toBeSigned, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** One DER value (X.690). */
function der(tag: number, content: Iterable<number>): Buffer {
  const bytes = Buffer.from([...content]);
  if (bytes.length < 0x80) return Buffer.from([tag, bytes.length, ...bytes]);
  return Buffer.from([tag, 0x82, bytes.length >> 8, bytes.length & 0xff, ...bytes]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, Buffer.concat(parts));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const bytes = others.flatMap((number) => {
    const digits = [number & 0x7f];
    for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, [first * 40 + second, ...bytes]);
}

const commonName = (name: string) =>
  sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name)))));

const time = (ms: number) => der(0x18, Buffer.from(new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')));

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [der(0x01, [0xff])] : []), der(0x04, value));
}

const hostName = (host: string) =>
  isIP(host) === 4 ? der(0x87, host.split('.').map(Number)) : der(0x82, Buffer.from(host));

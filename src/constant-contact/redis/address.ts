export interface RedisNode {
  host: string;
  port: number;
}

/** Parsed `REDIS_URL`. */
export type RedisAddress =
  | { kind: 'server'; url: string }
  | ({ kind: 'cluster' } & Nodes)
  | ({ kind: 'sentinel'; master: string; db: number; sentinelPassword: string | undefined } & Nodes);

interface Nodes {
  /** Some of the nodes, or the sentinels: the others are learned from them. */
  nodes: readonly RedisNode[];
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
}

/** Redis answers, but cannot be used as it is configured. The message is for the operator, and holds no secret. */
export class RedisUnusable extends Error {
  override readonly name = 'RedisUnusable';
}

const SEVERAL =
  /^(?<tls>rediss?)\+(?<kind>cluster|sentinel):\/\/(?:(?<login>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<master>[^/?#]*))?(?:\?(?<query>[^#]*))?$/;
const PORTS = { cluster: 6379, sentinel: 26379 } as const;
const SENTINEL_OPTIONS = new Set(['db', 'sentinelPassword']);

/**
 * Reads `redis://host:port`, `redis+cluster://host:port,host:port` or `redis+sentinel://host:port,host:port/master`; with
 * `rediss` instead of `redis` every connection uses TLS.
 *
 * @returns null for anything else
 */
export function parseRedisUrl(text: string): RedisAddress | null {
  if (/^rediss?:\/\//.test(text)) {
    if (!URL.canParse(text)) return null;
    const { hostname, pathname } = new URL(text);
    // The path is the number of a database.
    return hostname !== '' && /^\/?\d{0,5}$/.test(pathname) ? { kind: 'server', url: text } : null;
  }
  const parts = SEVERAL.exec(text)?.groups;
  if (!parts) return null;
  const kind = parts['kind'] as keyof typeof PORTS;
  const nodes = (parts['hosts'] ?? '').split(',').map((host) => nodeOf(host, PORTS[kind]));
  const [username, password] = loginOf(parts['login'] ?? '');
  const query = new URLSearchParams(parts['query']);
  const master = decode(parts['master'] ?? '');
  if (nodes.includes(null) || username === null || password === null || master === null) return null;
  const common = {
    nodes: nodes as RedisNode[],
    tls: parts['tls'] === 'rediss',
    username: username || undefined,
    password: password || undefined,
  };
  if (kind === 'cluster') return master === '' && query.size === 0 ? { kind, ...common } : null;
  const db = query.get('db') ?? '0';
  const isKnown = [...query.keys()].every((name) => SENTINEL_OPTIONS.has(name));
  if (master === '' || !isKnown || !/^\d{1,5}$/.test(db)) return null;
  const sentinelPassword = query.get('sentinelPassword') ?? undefined;
  return { kind, ...common, master, db: Number(db), sentinelPassword };
}

/** The hosts of an address, for people; without what is secret. */
export function describeRedisUrl(text: string): string {
  const address = parseRedisUrl(text);
  if (!address) return '';
  if (address.kind === 'server') return new URL(address.url).host;
  return address.nodes.map(({ host, port }) => `${host}:${String(port)}`).join(', ');
}

function nodeOf(text: string, port: number): RedisNode | null {
  if (!URL.canParse(`redis://${text}`)) return null;
  const url = new URL(`redis://${text}`);
  if (url.hostname === '') return null;
  // Brackets around an IPv6 address are needed in URLs only.
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || port) };
}

function loginOf(text: string): [username: string | null, password: string | null] {
  const colon = text.indexOf(':');
  return colon === -1 ? [decode(text), ''] : [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

import { Random } from './random.js';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * The IDs of one account. They depend only on the account's seed and on the number of earlier IDs of the
 * kind, never on the clock: the same requests in the same order give the same IDs.
 */
export class Ids {
  readonly #seed: number;
  readonly #streams = new Map<string, Random>();
  readonly #counters = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A new UUID in the form of version 1, like the API's IDs of contacts and lists. */
  uuid(kind: string): string {
    let stream = this.#streams.get(kind);
    if (!stream) {
      stream = new Random(this.#seed, `id:${kind}`);
      this.#streams.set(kind, stream);
    }
    const low = stream.uint32();
    const mid = stream.uint32();
    const node = stream.uint32();
    return (
      `${hex4(low)}-${hex2(mid)}-11${HEX[0xe0 | ((mid >>> 16) & 0x0f)]}` +
      `-${HEX[0x80 | ((mid >>> 24) & 0x3f)]}${HEX[node & 0xff]}-fa163e${hex3(node >>> 8)}`
    );
  }

  /** The next number of a kind, from `start`. */
  number(kind: string, start = 1): number {
    const value = this.#counters.get(kind) ?? start;
    this.#counters.set(kind, value + 1);
    return value;
  }

  /** A short key of lower-case letters and digits, such as `a07e1my9tbw0`. */
  key(kind: string, length = 12): string {
    const random = new Random(this.#seed, `key:${kind}:${this.number(`key:${kind}`)}`);
    let text = 'a';
    while (text.length < length) text += random.between(0, 35).toString(36);
    return text;
  }
}

const hex2 = (n: number): string => `${HEX[(n >>> 8) & 0xff]}${HEX[n & 0xff]}`;
const hex3 = (n: number): string => `${HEX[(n >>> 16) & 0xff]}${hex2(n)}`;
const hex4 = (n: number): string => `${hex2(n >>> 16)}${hex2(n)}`;

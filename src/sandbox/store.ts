/**
 * The rows of one kind in insertion order, by ID and by secondary keys. Rows are live objects; properties
 * that feed an index must be changed through `update`.
 */
export class Collection<Row extends object, Index extends string = never> {
  readonly #key: (row: Row) => string;
  readonly #slots: (Row | undefined)[] = [];
  readonly #ordinals = new Map<string, number>();
  readonly #indexes: { name: Index; of: (row: Row) => string | null; rows: Map<string, Row | Row[]> }[] = [];
  #size = 0;

  /** `indexes` returns the value of a row for each index, or null to leave the row out. */
  constructor(key: (row: Row) => string, indexes?: Record<Index, (row: Row) => string | null>) {
    this.#key = key;
    for (const name in indexes) this.#indexes.push({ name, of: indexes[name], rows: new Map() });
  }

  get size(): number {
    return this.#size;
  }

  get(id: string): Row | undefined {
    const ordinal = this.#ordinals.get(id);
    return ordinal === undefined ? undefined : this.#slots[ordinal];
  }

  /** All rows with this value in the index. */
  where(index: Index, value: string): readonly Row[] {
    const there = this.#indexes.find(({ name }) => name === index)?.rows.get(value);
    if (there === undefined) return [];
    return Array.isArray(there) ? there : [there];
  }

  /** The first row with this value in the index. */
  first(index: Index, value: string): Row | undefined {
    return this.where(index, value)[0];
  }

  /** @throws Error for a duplicate ID; IDs are never reused. */
  add(row: Row): Row {
    const id = this.#key(row);
    if (this.#ordinals.has(id)) throw new Error(`id ${id} already exists`);
    this.#ordinals.set(id, this.#slots.length);
    this.#slots.push(row);
    this.#size++;
    this.#link(row);
    return row;
  }

  /** Changes a row in place and updates the indexes. */
  update(row: Row, change: (row: Row) => void): Row {
    this.#unlink(row);
    try {
      change(row);
    } finally {
      this.#link(row);
    }
    return row;
  }

  /** Removes a row. Its position is remembered, so that page cursors to it still work. */
  remove(id: string): boolean {
    const ordinal = this.#ordinals.get(id);
    const row = ordinal === undefined ? undefined : this.#slots[ordinal];
    if (ordinal === undefined || row === undefined) return false;
    this.#unlink(row);
    this.#slots[ordinal] = undefined;
    this.#size--;
    return true;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.from(null);
  }

  /** The rows from the one with this ID on (or from its former position); all rows for null. */
  *from(id: string | null): IterableIterator<Row> {
    const start = id === null ? 0 : this.#ordinals.get(id);
    if (start === undefined) return;
    for (let i = start; i < this.#slots.length; i++) {
      const row = this.#slots[i];
      if (row !== undefined) yield row;
    }
  }

  find(test: (row: Row) => boolean): Row | undefined {
    for (const row of this) if (test(row)) return row;
    return undefined;
  }

  filter(test: (row: Row) => boolean): Row[] {
    const found: Row[] = [];
    for (const row of this) if (test(row)) found.push(row);
    return found;
  }

  count(test: (row: Row) => boolean): number {
    let count = 0;
    for (const row of this) if (test(row)) count++;
    return count;
  }

  /** Returns true if an ID was ever used here, also by a removed row. */
  knew(id: string): boolean {
    return this.#ordinals.has(id);
  }

  keyOf(row: Row): string {
    return this.#key(row);
  }

  // Most values belong to one row: an array for each would double the size of a large collection.
  #link(row: Row): void {
    for (const { of, rows } of this.#indexes) {
      const value = of(row);
      if (value === null) continue;
      const there = rows.get(value);
      if (there === undefined) rows.set(value, row);
      else if (Array.isArray(there)) there.push(row);
      else rows.set(value, [there, row]);
    }
  }

  #unlink(row: Row): void {
    for (const { of, rows } of this.#indexes) {
      const value = of(row);
      const there = value === null ? undefined : rows.get(value);
      if (value === null || there === undefined) continue;
      if (Array.isArray(there) && there.length > 1) there.splice(there.indexOf(row), 1);
      else rows.delete(value);
    }
  }
}

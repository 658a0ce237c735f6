/** Rows by key. Most pages are never searched, so rows are indexed on the first lookup. */
export class RowIndex<Row> {
  #byKey: Map<string, Row> | undefined;
  #added: (readonly Row[])[] = [];

  constructor(private readonly keysOf: (row: Row) => readonly string[]) {}

  add(rows: readonly Row[]): void {
    this.#added.push(rows);
  }

  find(key: string): Row | undefined {
    if (this.#added.length > 0) {
      const index = (this.#byKey ??= new Map());
      for (const rows of this.#added)
        for (const row of rows) for (const one of this.keysOf(row)) index.set(one, row);
      this.#added = [];
    }
    return this.#byKey?.get(key);
  }
}

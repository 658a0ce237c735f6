import { gathered } from './keyed.js';
import type { Scope } from './loader.js';
import type { Page, PageSource } from './page-source.js';

interface TogetherOptions<Part, Row> {
  /** Key of the parts that can be read together. */
  groupOf: (part: Part) => string;
  /**
   * Reads the union of a group's parts. Returns the rows of each part; null for a part whose own pages have
   * to be read.
   */
  read: (group: readonly Part[]) => Promise<(part: Part) => readonly Row[] | null>;
}

export interface Together<Part, Row> {
  /** The part's own pages; the first one is taken from the read of its group if that has all rows. */
  source(part: Part, own: PageSource<Row>): PageSource<Row>;
}

/** First pages of several parts of one collection, which one call may read for many of them. */
export function together<Part extends object, Row>(
  { api }: Scope,
  { groupOf, read }: TogetherOptions<Part, Row>,
): Together<Part, Row> {
  const loader = gathered<readonly Row[]>(api, (keys) => {
    const parts = new Map(keys.map((key) => [key, JSON.parse(key) as Part]));
    const groups = new Map<string, Part[]>();
    for (const part of parts.values())
      groups.set(groupOf(part), [...(groups.get(groupOf(part)) ?? []), part]);
    const reads = new Map([...groups].map(([name, group]) => [name, read(group)]));
    return async (key) => {
      const part = parts.get(key) as Part;
      return (await reads.get(groupOf(part)))?.(part) ?? null;
    };
  });
  return {
    source: (part, own) => {
      const first = async (limit: number): Promise<Page<Row>> => {
        const rows = await loader.load(JSON.stringify(part));
        if (!rows) return own.fetch(null, limit);
        return { rows, next: null, total: rows.length, limit: own.maxPage };
      };
      return {
        ...own,
        fetch: (position, limit) => (position === null ? first(limit) : own.fetch(position, limit)),
      };
    },
  };
}

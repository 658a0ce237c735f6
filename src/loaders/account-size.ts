import type { Api } from '../constant-contact/api.js';
import type { ContactFilter } from './contact.js';

/** What is known of the number of contacts, from counts that came along with pages: in this request, or kept. */
export interface AccountSize {
  /** Keeps what a page said about the number of contacts that match a filter. */
  note(filter: ContactFilter, count: number | undefined): void;
  /** How many contacts there are, deleted ones included. */
  total(): number | undefined;
  /** How many there are at least. */
  least(): number;
  clear(): void;
}

/** The size of the account decides whether it is worth looking through. A write makes it unknown. */
export function accountSize(api: Api): AccountSize {
  let counted: { total?: number; least?: number } = {};
  const known = (name: 'total' | 'least') => counted[name] ?? api.peek<number>('contacts', name);
  return {
    note: (filter, count) => {
      if (count === undefined) return;
      const { status, ...others } = filter;
      const isAll = status === 'all' && Object.keys(others).length === 0;
      const name = isAll ? 'total' : 'least';
      if (!isAll && count < (known('least') ?? 0)) return;
      counted = { ...counted, [name]: count };
      api.remember('contacts', name, count);
    },
    total: () => known('total'),
    least: () => known('total') ?? known('least') ?? 0,
    clear: () => {
      counted = {};
    },
  };
}

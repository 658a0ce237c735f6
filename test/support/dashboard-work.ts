import { expect } from 'vitest';
import { documentedCosts, PAGE_TIMEOUT, type dashboardSession } from './dashboard.js';

type Session = Pick<ReturnType<typeof dashboardSession>, 'page' | 'open' | 'calls'>;

export function workTools({ page, open, calls }: Session) {
  const costs = documentedCosts();
  const rows = () => page().locator('.row');
  return {
    costs,
    rows,
    button: (name: string | RegExp) => page().getByRole('button', { name, exact: true }),
    toast: (text: string | RegExp) =>
      page().getByRole('region', { name: 'Notifications' }).getByText(text).waitFor(),
    heading: (name: string | RegExp) => page().getByRole('heading', { level: 1, name }).waitFor(),
    /**
     * Compares the REST calls since the last check with the dashboard's README; polls of a job are not
     * counted.
     */
    expectCost: (what: string, made: string[]): void => {
      expect(calls().filter((call) => call !== 'getActivity')).toEqual(made);
      expect(costs[what], what).toBe(made.length);
    },
    openContacts: async (query = ''): Promise<void> => {
      await open(`/contacts${query}`);
      await expect.poll(() => rows().count(), PAGE_TIMEOUT).toBeGreaterThan(0);
      await page().getByRole('option', { name: 'Monthly Newsletter' }).first().waitFor({ state: 'attached' });
      calls();
    },
  };
}

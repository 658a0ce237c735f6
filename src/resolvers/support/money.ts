/** An amount with its currency. */
export interface Money {
  amount: unknown;
  currency: string | null;
}

/** @returns null when the response has no amount */
export function moneyOf(amount: unknown, currency: string | null | undefined): Money | null {
  return amount === undefined || amount === null ? null : { amount, currency: currency ?? null };
}

/** A row whose prices are in the currency of its event, if that is known. */
export type Priced<Row> = Row & { currency?: string | undefined };

/** The rows with the currency of their event. */
export function priced<Row extends object>(
  rows: readonly Row[] | null | undefined,
  currency: string | undefined,
): readonly Priced<Row>[] | null | undefined {
  // The field rejects a value that is not a list.
  return Array.isArray(rows) ? rows.map((row: Row) => ({ ...row, currency })) : rows;
}

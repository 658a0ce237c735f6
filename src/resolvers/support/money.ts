/** An amount of an answer with its currency. */
export interface Money {
  amount: unknown;
  currency: string | null;
}

/** @returns null where the answer has no amount */
export function moneyOf(amount: unknown, currency: string | null | undefined): Money | null {
  return amount === undefined || amount === null ? null : { amount, currency: currency ?? null };
}

/** Something whose prices are in the currency of its event, so far as that is known. */
export type Priced<Row> = Row & { currency?: string | undefined };

/** The rows with the currency of their event. */
export function priced<Row extends object>(
  rows: readonly Row[] | null | undefined,
  currency: string | undefined,
): readonly Priced<Row>[] | null | undefined {
  // What is no list is refused by its field.
  return Array.isArray(rows) ? rows.map((row: Row) => ({ ...row, currency })) : rows;
}

import { decimalIn } from '../constant-contact/numbers.js';
import type { Money as MoneyRow } from '../resolvers/support/money.js';
import { builder } from './builder.js';

builder.scalarType('Decimal', {
  description: 'A decimal number as text, such as "12.50".',
  serialize: (value) => value,
  parseValue: (value) => {
    const decimal = typeof value === 'string' ? decimalIn(value) : undefined;
    if (decimal === undefined || decimal.replaceAll(/\D/g, '').length > DIGITS_MAX) {
      throw new TypeError(
        `Write a decimal number as text, such as "12.50", with at most ${String(DIGITS_MAX)} digits.`,
      );
    }
    return decimal;
  },
});

/** The REST API takes numbers of JSON, which have so many digits that are exact. */
const DIGITS_MAX = 15;

/** An amount with its currency. */
export const Money = builder.objectRef<MoneyRow>('Money').implement({
  description: 'An amount of money.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      nullable: false,
      description: 'The amount.',
      resolve: (money) => money.amount as string,
    }),
    currency: t.exposeString('currency', {
      description:
        'Currency, a code of three letters such as USD (ISO 4217). Prices of an event have it where they were reached through the event; elsewhere `event { currency }` has it.',
    }),
  }),
});

/** An amount that is written. */
export const MoneyInput = builder.inputType('MoneyInput', {
  description: 'An amount of money.',
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', required: true, description: 'The amount.' }),
    currency: t.string({
      description:
        'Currency. Default: that of the event. The API knows one currency per event, so any other is refused.',
    }),
  }),
});

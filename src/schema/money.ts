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

/** The REST API accepts JSON numbers, which are exact up to this many digits. */
const DIGITS_MAX = 15;

/** An amount with its currency. */
export const Money = builder.objectRef<MoneyRow>('Money').implement({
  description: 'An amount of money, with its currency.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      nullable: false,
      description: 'Amount in units of the currency, such as "12.50".',
      resolve: (money) => money.amount as string,
    }),
    currency: t.exposeString('currency', {
      description:
        'ISO 4217 currency code, such as USD. `null` for prices of an event that were not read through the event; `event { currency }` has their currency.',
    }),
  }),
});

/** An amount with its currency, as input. */
export const MoneyInput = builder.inputType('MoneyInput', {
  description: 'Input of an amount of money.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'Amount in units of the currency, such as "12.50".',
    }),
    currency: t.string({
      description:
        'ISO 4217 currency code. Default: the currency of the event. An event has one currency, so any other is rejected.',
    }),
  }),
});

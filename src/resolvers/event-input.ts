import type { EventPromoCodeInput, UpdateEventInput } from './inputs.js';
import { InputError } from './support/input-error.js';
import { eachItem, inRange, requiredText, supportedValue, validate } from './support/limits.js';

/** Maximum integer of the contract. */
const INT_MAX = 2_147_483_647;
const CURRENCY = /^[A-Z]{3}$/;

/** Properties that creating and updating an event share, other than name and times. */
export type EventFieldsInput = Omit<UpdateEventInput, 'id' | 'name' | 'startsAt' | 'endsAt'>;

const STATUSES = { DRAFT: 'DRAFT', ACTIVE: 'ACTIVE', COMPLETE: 'COMPLETE', CANCELLED: 'CANCELED' };

/** @throws InputError `NOT_ALLOWED` for a status that only the API sets */
export function eventStatus(status: string | null | undefined, field: readonly string[]): string | undefined {
  const message = 'The status can be set to DRAFT, ACTIVE, COMPLETE or CANCELED.';
  return status == null ? undefined : supportedValue(status, STATUSES, message, field);
}

/**
 * Checks everything that needs no call.
 * @throws InputErrors, also for missing properties of a new event
 */
export function checkEventFields(input: EventFieldsInput, field: readonly string[], isNew: boolean): void {
  const { contact, currency } = input;
  const at = (...path: string[]) => [...field, ...path];
  validate(
    () => {
      eventStatus(input.status, at('status'));
    },
    () => {
      if (currency != null && !CURRENCY.test(currency)) {
        throw new InputError(
          'INVALID',
          'A currency must be a code of three capital letters, such as USD.',
          at('currency'),
        );
      }
    },
    ...(['name', 'organizationName'] as const).map((key) => () => {
      if (isNew && contact) requiredText(contact[key], Infinity, at('contact', key));
    }),
    eachItem(input.track?.promoCodes, (code, index) => {
      checkPromoCode(code, at('track', 'promoCodes', String(index)));
    }),
    () => {
      if (isNew || currency != null) checkCurrencies(input, currency, field);
    },
  );
}

/** @throws InputError for an amount in another currency than the event's */
export function checkCurrencies(
  { track }: EventFieldsInput,
  currency: string | null | undefined,
  field: readonly string[],
): void {
  for (const [index, { discountAmount }] of (track?.promoCodes ?? []).entries()) {
    if (discountAmount?.currency == null || discountAmount.currency === currency) continue;
    throw new InputError('INVALID', 'All prices must be in the currency of the event.', [
      ...field,
      'track',
      'promoCodes',
      String(index),
      'discountAmount',
      'currency',
    ]);
  }
}

/** @throws InputError when the end is before the start */
export function checkTimes(
  { startsAt, endsAt }: { startsAt?: Date | null; endsAt?: Date | null },
  field: readonly string[],
): void {
  if (startsAt && endsAt && endsAt < startsAt) {
    throw new InputError('INVALID', 'An event cannot end before it starts.', [...field, 'endsAt']);
  }
}

/** The amount in the API's format. */
export function moneyIn(money: EventPromoCodeInput['discountAmount']): number | null | undefined {
  return money && Number(money.amount);
}

function checkPromoCode(code: EventPromoCodeInput, field: readonly string[]): void {
  validate(
    () => inRange(moneyIn(code.discountAmount), 0, INT_MAX, [...field, 'discountAmount', 'amount']),
    () => {
      if (code.startsAt && code.endsAt && code.endsAt < code.startsAt) {
        throw new InputError('INVALID', 'A code cannot end before it starts.', [...field, 'endsAt']);
      }
    },
  );
}

import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { PhysicalAddress } from '../loaders/account.js';
import type { UpdateAccountPhysicalAddressInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { InputError } from './support/input-error.js';
import { checkSomeChange, requiredText, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { afterWrite, unknownProperties } from './support/write-back.js';

/** Countries whose addresses have a state code and a postal code; in all others a state has a name. */
const WITH_STATE_CODES = ['US', 'CA'];

export const createAccountPhysicalAddress = mutate(
  async ({ input }: { input: UpdateAccountPhysicalAddressInput }, { api }) => {
    const body = completed(input);
    return { physicalAddress: await api.call('addPhysicalAddress', { body }) };
  },
);

/** Two calls: the PUT removes what it leaves out, so the address is read first. */
export const updateAccountPhysicalAddress = mutate(
  async ({ input }: { input: UpdateAccountPhysicalAddressInput }, { api }) => {
    checkSomeChange(input);
    const physicalAddress = await api.exchange(async (exchange) => {
      const current = await nullIfNotFound(api.call('getPhysicalAddress', {}, { exchange }));
      if (!current) {
        throw new InputError(
          'NOT_FOUND',
          'The account has no physical address yet. Use createAccountPhysicalAddress.',
          ['input'],
        );
      }
      const body = {
        ...unknownProperties('putPhysicalAddress', current),
        ...completed(merged(input, current)),
      };
      const written = await api.call('putPhysicalAddress', { body }, { exchange });
      return afterWrite('putPhysicalAddress', current, body, written);
    });
    return { physicalAddress };
  },
);

/**
 * The address with the changes applied. A state is not kept when the new country uses the other form; the API
 * may return both forms, but accepts only that of the country.
 */
function merged(
  input: UpdateAccountPhysicalAddressInput,
  current: PhysicalAddress,
): UpdateAccountPhysicalAddressInput {
  const countryCode = input.countryCode === undefined ? current.country_code : input.countryCode;
  const sameCountry = countryCode?.toUpperCase() === current.country_code?.toUpperCase();
  const withCodes = hasStateCodes(countryCode);
  const keep = (change: string | null | undefined, before: string | undefined) =>
    change === undefined ? before : change;
  return {
    addressLine1: keep(input.addressLine1, current.address_line1),
    addressLine2: keep(input.addressLine2, current.address_line2),
    addressLine3: keep(input.addressLine3, current.address_line3),
    city: keep(input.city, current.city),
    stateCode: keep(input.stateCode, sameCountry && withCodes ? current.state_code : undefined),
    stateName: keep(input.stateName, sameCountry && !withCodes ? current.state_name : undefined),
    postalCode: keep(input.postalCode, sameCountry ? current.postal_code : undefined),
    countryCode,
  };
}

/** @throws InputErrors with all errors of a complete address */
function completed(address: UpdateAccountPhysicalAddressInput): PhysicalAddress {
  const withCodes = hasStateCodes(address.countryCode);
  const needed = [...REQUIRED, ...(withCodes ? CODES : [])] as const;
  const unwanted = withCodes ? 'stateName' : 'stateCode';
  validate(...needed.map((name) => () => requiredText(address[name], Infinity, ['input', name])), () => {
    if (!address[unwanted]) return;
    throw new InputError(
      'INVALID',
      withCodes
        ? 'An address in the US or Canada must have a stateCode instead of a stateName.'
        : 'Only an address in the US or Canada can have a stateCode. Give a stateName instead.',
      ['input', unwanted],
    );
  });
  return dropNulls({
    address_line1: address.addressLine1,
    // The API rejects an empty string here and removes a line that is not sent.
    address_line2: address.addressLine2?.trim() === '' ? null : address.addressLine2,
    address_line3: address.addressLine3?.trim() === '' ? null : address.addressLine3,
    city: address.city,
    [withCodes ? 'state_code' : 'state_name']: withCodes ? address.stateCode : address.stateName,
    postal_code: address.postalCode,
    country_code: address.countryCode,
  }) as PhysicalAddress;
}

function hasStateCodes(countryCode: string | null | undefined): boolean {
  return WITH_STATE_CODES.includes(countryCode?.toUpperCase() ?? '');
}

/** Required parts of every address, whatever its country. */
const REQUIRED = ['addressLine1', 'city', 'countryCode'] as const;
const CODES = ['stateCode', 'postalCode'] as const;

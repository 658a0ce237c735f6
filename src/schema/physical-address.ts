import * as resolvers from '../resolvers/physical-address.js';
import type { PhysicalAddress as AddressRow } from '../loaders/account.js';
import { builder } from './builder.js';
import { requiredText, type Fields } from './fields.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT } from './update-words.js';
import { limited } from './limits.js';

export const PhysicalAddress = builder.objectRef<AddressRow>('AccountPhysicalAddress').implement({
  description: 'Postal address of the account. Anti-spam law requires it in the footer of every email.',
  fields: (t) => ({
    addressLine1: requiredText(t, 'address_line1', 'First line, at most 80 characters.'),
    addressLine2: t.exposeString('address_line2', { description: 'Second line, at most 80 characters.' }),
    addressLine3: t.exposeString('address_line3', { description: 'Third line, at most 80 characters.' }),
    city: requiredText(t, 'city', 'City.'),
    stateCode: t.exposeString('state_code', {
      description: 'Two-letter code of the state or province. Only for addresses in the US and Canada.',
    }),
    stateName: t.exposeString('state_name', {
      description: 'Name of the state or province. Only for addresses outside the US and Canada.',
    }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code.' }),
    countryCode: requiredText(t, 'country_code', 'Two-letter country code.'),
  }),
});

builder.queryFields((t) => ({
  accountPhysicalAddress: t.field({
    type: PhysicalAddress,
    description: 'Postal address of the account. `null` when it has none.',
    queryCost: cost.calls(1, { noneWhen: '`account` is selected as well' }),
    resolve: (_parent, _args, { loaders }) => loaders.account.address(),
  }),
}));

const LINE = { maxLength: 80 };
const FIRST_LINE = { minLength: 1, ...LINE };
const STATE_CODE = limited`Two-letter code of the state or province, ${{ maxLength: 2 }}. Required in the US and Canada, rejected elsewhere.`;
const STATE_NAME = 'Name of the state or province. Rejected in the US and Canada.';
const POSTAL_CODE = 'Postal code. Required in the US and Canada.';

const written = (t: Fields<{ physicalAddress?: AddressRow }>) => ({
  physicalAddress: t.expose('physicalAddress', {
    type: PhysicalAddress,
    description: 'The postal address after the mutation.',
  }),
});

export const CreatePhysicalAddressPayload = mutation('createAccountPhysicalAddress', {
  description:
    'Creates the postal address of an account that has none. Fails with ALREADY_EXISTS when it has one.',
  queryCost: cost.calls(1),
  argument: 'The new address.',
  input: (t) => ({
    addressLine1: t.string({ required: true, ...limited`First line, ${FIRST_LINE}.` }),
    addressLine2: t.string(limited`Second line, ${LINE}.`),
    addressLine3: t.string(limited`Third line, ${LINE}.`),
    city: t.string({ required: true, ...limited`City, ${{ minLength: 1 }}.` }),
    stateCode: t.string(STATE_CODE),
    stateName: t.string({ description: STATE_NAME }),
    postalCode: t.string({ description: POSTAL_CODE }),
    countryCode: t.string({ required: true, ...limited`Two-letter country code, ${{ minLength: 1 }}.` }),
  }),
  payload: written,
  resolve: resolvers.createAccountPhysicalAddress,
});

export const UpdatePhysicalAddressPayload = mutation('updateAccountPhysicalAddress', {
  description:
    'Updates the postal address. The API replaces the whole address, so it is read first. Only the account owner may call it.',
  queryCost: cost.calls(2),
  argument: 'The new values.',
  inputNote: `${KEPT} With another country, state and postal code must be passed as well.`,
  input: (t) => ({
    addressLine1: t.string(limited`First line, ${FIRST_LINE}. It ${{ nullable: false }}.`),
    addressLine2: t.string(limited`Second line, ${LINE}.`),
    addressLine3: t.string(limited`Third line, ${LINE}.`),
    city: t.string(limited`City, ${{ minLength: 1 }}. It ${{ nullable: false }}.`),
    stateCode: t.string(STATE_CODE),
    stateName: t.string({ description: STATE_NAME }),
    postalCode: t.string({ description: POSTAL_CODE }),
    countryCode: t.string(limited`Two-letter country code, ${{ minLength: 1 }}. It ${{ nullable: false }}.`),
  }),
  payload: written,
  resolve: resolvers.updateAccountPhysicalAddress,
});

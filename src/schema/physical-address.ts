import * as resolvers from '../resolvers/physical-address.js';
import type { PhysicalAddress as AddressRow } from '../loaders/account.js';
import { ADDRESS_LIMITS as limits } from '../resolvers/physical-address.js';
import { builder } from './builder.js';
import { requiredText } from './fields.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';
import { KEPT } from './update-words.js';

export const PhysicalAddress = builder.objectRef<AddressRow>('AccountPhysicalAddress');
PhysicalAddress.implement({
  description: "The account's postal address. The law wants it below each email.",
  fields: (t) => ({
    addressLine1: requiredText(t, 'address_line1', 'First line, at most 80 characters.'),
    addressLine2: t.exposeString('address_line2', { description: 'Second line, at most 80 characters.' }),
    addressLine3: t.exposeString('address_line3', { description: 'Third line, at most 80 characters.' }),
    city: requiredText(t, 'city', 'City.'),
    stateCode: t.exposeString('state_code', { description: 'State or province in the US and Canada.' }),
    stateName: t.exposeString('state_name', { description: 'State or province elsewhere.' }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code.' }),
    countryCode: requiredText(t, 'country_code', 'Two-letter code of the country.'),
  }),
});

builder.queryFields((t) => ({
  accountPhysicalAddress: t.field({
    type: PhysicalAddress,
    description: "The account's postal address; null when it has none.",
    queryCost: cost.calls(1, { noneWhen: '`account` is selected as well' }),
    resolve: resolvers.accountPhysicalAddress,
  }),
}));

const LINE = `at most ${limits.line} characters`;
const STATE_CODE =
  'Two-letter code of the state or province: needed in the US and Canada, refused elsewhere.';
const STATE_NAME = 'Name of the state or province: refused in the US and Canada.';
const POSTAL_CODE = 'Postal code: needed in the US and Canada.';

const CreateInput = builder.inputType('CreateAccountPhysicalAddressInput', {
  description: 'The postal address of an account that has none.',
  fields: (t) => ({
    addressLine1: t.string({ required: true, description: `First line, ${LINE}.` }),
    addressLine2: t.string({ description: `Second line, ${LINE}.` }),
    addressLine3: t.string({ description: `Third line, ${LINE}.` }),
    city: t.string({ required: true, description: 'City.' }),
    stateCode: t.string({ description: STATE_CODE }),
    stateName: t.string({ description: STATE_NAME }),
    postalCode: t.string({ description: POSTAL_CODE }),
    countryCode: t.string({ required: true, description: 'Two-letter code of the country.' }),
  }),
});

const UpdateInput = builder.inputType('UpdateAccountPhysicalAddressInput', {
  description: `Changes to the postal address. ${KEPT} In another country, state and postal code have to be given anew.`,
  fields: (t) => ({
    addressLine1: t.string({ description: `First line, ${LINE}. It cannot be emptied.` }),
    addressLine2: t.string({ description: `Second line, ${LINE}.` }),
    addressLine3: t.string({ description: `Third line, ${LINE}.` }),
    city: t.string({ description: 'City. It cannot be emptied.' }),
    stateCode: t.string({ description: STATE_CODE }),
    stateName: t.string({ description: STATE_NAME }),
    postalCode: t.string({ description: POSTAL_CODE }),
    countryCode: t.string({ description: 'Two-letter code of the country. It cannot be emptied.' }),
  }),
});

const payload = (name: string, mutation: string) =>
  payloadType<{ physicalAddress: AddressRow }>(name, `What came of \`${mutation}\`.`, (t) => ({
    physicalAddress: t.expose('physicalAddress', {
      type: PhysicalAddress,
      description: 'The address as it is now.',
    }),
  }));
export const CreatePhysicalAddressPayload = payload(
  'CreateAccountPhysicalAddressPayload',
  'createAccountPhysicalAddress',
);
export const UpdatePhysicalAddressPayload = payload(
  'UpdateAccountPhysicalAddressPayload',
  'updateAccountPhysicalAddress',
);

builder.mutationFields((t) => ({
  createAccountPhysicalAddress: t.field({
    type: CreatePhysicalAddressPayload,
    description: 'Gives an account without a postal address one; ALREADY_EXISTS when it has one.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The address.' }) },
    resolve: resolvers.createAccountPhysicalAddress,
  }),
  updateAccountPhysicalAddress: t.field({
    type: UpdatePhysicalAddressPayload,
    description:
      'Changes the postal address. The API replaces it whole, so it is read first. Only the account owner may.',
    queryCost: cost.calls(2),
    args: { input: t.arg({ type: UpdateInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateAccountPhysicalAddress,
  }),
}));

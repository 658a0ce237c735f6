import type { QueryParams, RequestBody, Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millisNoColon } from '../dates.js';
import { conflict, invalid, notFound } from '../errors.js';
import { csv, type Handlers } from '../handler.js';
import { checkAddress } from '../model/contact-parts.js';
import type { AccountEmailRow, PhysicalAddress } from '../stores/account.js';

const ROLES = ['CONTACT', 'BILLING', 'JOURNALING', 'REPLY_TO', 'OTHER'];
/** Countries whose addresses have a state code instead of a name, and require a postal code. */
const WITH_STATES = ['US', 'CA'];

export const account = {
  getUserPrivileges: (call) => ({ status: 200, body: call.account.profile.privileges }),

  getAccountById: (call) => {
    const { summary, address, logo } = call.account.profile;
    const extra = csv(call.query.extra_fields);
    return {
      status: 200,
      body: {
        ...summary,
        ...(extra.includes('physical_address') && address ? { physical_address: address } : {}),
        ...(extra.includes('company_logo') ? { company_logo: logo } : {}),
      },
    };
  },

  putCustomerById: (call) => {
    const { profile } = call.account;
    checkSummary(call.account, { ...profile.summary, ...call.body });
    profile.summary = { ...profile.summary, ...call.body };
    const { encoded_partner_id: _, ...answered } = profile.summary;
    return { status: 200, body: answered };
  },

  getPhysicalAddress: (call) => {
    const { address } = call.account.profile;
    if (!address) throw notFound('The account has no physical address.');
    return { status: 200, body: address };
  },

  addPhysicalAddress: (call) => {
    if (call.account.profile.address) throw conflict('The account has a physical address.');
    call.account.profile.address = checkPhysicalAddress(call.body);
    return { status: 201, body: call.account.profile.address };
  },

  putPhysicalAddress: (call) => {
    call.account.profile.address = checkPhysicalAddress(call.body);
    return { status: 200, body: call.account.profile.address };
  },

  retrieveEmailAddresses: (call) => {
    const test = emailFilter(call.query);
    return { status: 200, body: call.account.emails.filter(test).map(emailResource) };
  },

  addAccountEmailAddress: (call) => {
    const email_address = checkAddress(call.body.email_address ?? '');
    if (call.account.emails.first('address', email_address.toLowerCase())) {
      throw conflict('The account has this email_address.');
    }
    const { email_id } = call.account.emails.add({
      email_id: call.account.ids.number('account-email'),
      email_address,
      confirm_status: 'UNCONFIRMED',
      confirm_time: null,
      confirm_source_type: null,
      roles: [],
      pending_roles: ['OTHER'],
    });
    return { status: 201, body: { email_id, email_address, confirm_status: 'UNCONFIRMED' } };
  },
} satisfies Handlers;

function checkSummary({ emails }: Account, summary: RequestBody<'putCustomerById'>): void {
  const contact = emails.first('address', summary.contact_email?.toLowerCase() ?? '');
  if (contact?.confirm_status !== 'CONFIRMED')
    throw invalid('contact_email is not a confirmed address of the account.');
  if (summary.country_code?.toUpperCase() === 'US' && !summary.state_code) {
    throw invalid('state_code is required in the United States.');
  }
}

function checkPhysicalAddress(address: PhysicalAddress): PhysicalAddress {
  if (WITH_STATES.includes(address.country_code.toUpperCase())) {
    if (!address.state_code) throw invalid('state_code is required in this country.');
    if (!address.postal_code) throw invalid('postal_code is required in this country.');
    if (address.state_name) throw invalid('state_name is not for this country.');
  } else if (address.state_code) {
    throw invalid('state_code is only for the United States and Canada.');
  }
  return address;
}

/** A call may have one filter; its value may be shortened to the first letter. */
function emailFilter(query: QueryParams<'retrieveEmailAddresses'>): (row: AccountEmailRow) => boolean {
  const { confirm_status, role_code, email_address } = query;
  if ([confirm_status, role_code, email_address].filter((value) => value !== undefined).length > 1) {
    throw invalid('Only one filter can be used at a time.');
  }
  if (confirm_status) return (row) => row.confirm_status.startsWith(confirm_status);
  if (email_address) return (row) => row.email_address.toLowerCase() === email_address.toLowerCase();
  if (role_code) {
    const role = ROLES.find((name) => name.startsWith(role_code));
    return (row) => row.roles.some((name) => name === role);
  }
  return () => true;
}

function emailResource(row: AccountEmailRow): Schema<'AccountEmails'>[number] {
  return compact<Schema<'AccountEmails'>[number]>({
    ...row,
    confirm_time: row.confirm_time === null ? null : millisNoColon(row.confirm_time),
  });
}

import { found } from '../records.js';
import type { ActionInputs } from './records.js';

export const ACCOUNT_INPUTS: ActionInputs = {
  add_account_email_address: () => [{ email_address: 'letters@garden.example' }],
  get_account_physical_address: () => [{}],
  get_account_summary: () => [{ include_physical_address: true, include_company_logo: true }],
  list_account_email_addresses: ({ sandbox }) => [
    { filter: { role: 'REPLY_TO' } },
    { filter: { confirmStatus: 'CONFIRMED' } },
    { filter: { emailAddress: found([...sandbox.account().emails][0]).email_address } },
  ],
  list_account_user_privileges: () => [{}],
  update_account_details: ({ sandbox }) => [
    {
      first_name: 'Robin',
      last_name: 'Meadows',
      contact_phone: '+1 555 010 0142',
      contact_email: found([...sandbox.account().emails].find((row) => row.confirm_status === 'CONFIRMED'))
        .email_address,
      organization_name: 'Meadow Lane Garden Club',
      organization_phone: '+1 555 010 0143',
      website: 'https://garden.example',
      country_code: 'US',
      state_code: 'MA',
      time_zone_id: 'America/New_York',
    },
  ],
  update_account_physical_address: () => [
    {
      address_line1: '12 Meadow Lane',
      address_line2: 'Second floor',
      address_line3: 'Left door',
      city: 'Waltham',
      state_code: 'MA',
      postal_code: '02451',
      country_code: 'US',
    },
    { state_code: null, state_name: 'Bavaria', city: 'Munich', postal_code: '80331', country_code: 'DE' },
  ],
  get_partner_webhook_subscription: () => [{ topic_id: 'TIER_UPGRADE' }],
};

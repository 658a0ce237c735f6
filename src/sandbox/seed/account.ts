import type { Account } from '../account.js';
import { DAY } from '../dates.js';
import { Random } from '../random.js';
import { LOCALES } from './names.js';

const DOMAIN = 'harborlight.example';

/** Privileges of the account's user; the API does not know the last ones. */
const PRIVILEGES = [
  'account:read',
  'account:update',
  'contacts:read',
  'contacts:write',
  'contacts:lists:read',
  'contacts:lists:write',
  'campaign:read',
  'campaign:write',
  'campaign:send',
  'campaign:delete',
  'ui:campaign:metrics',
  'customer-journey:read',
  'customer-journey:create',
  'customer-journey:update',
  'ui:library:files',
  'ui:account:settings',
];

/** The owner and the sender addresses. An empty account has one confirmed sender and no physical address. */
export function seedOwner(account: Account, empty: boolean): void {
  const random = new Random(account.seed, 'owner');
  const home = LOCALES[0];
  const first_name = random.pick(home?.first ?? ['Robin']);
  const last_name = random.pick(['Miller', 'Carter', 'Nelson', 'Parker', 'Turner', 'Hill']);
  const owner = `${first_name}.${last_name}@${DOMAIN}`.toLowerCase();
  account.profile.summary = {
    encoded_account_id: account.ids.key('account'),
    first_name,
    last_name,
    organization_name: 'Harborlight Books',
    organization_phone: '+1 (617) 555-0142',
    contact_email: owner,
    contact_phone: '(617) 555-0142',
    website: `https://www.${DOMAIN}`,
    country_code: 'us',
    state_code: 'MA',
    time_zone_id: 'US/Eastern',
  };
  account.profile.logo = {
    url: `https://images.${DOMAIN}/logo.png`,
    external_url: `https://www.${DOMAIN}/`,
    internal_id: account.ids.uuid('logo'),
  };
  account.profile.privileges = PRIVILEGES.map((privilege_name, i) => ({
    privilege_id: 100 + i * 7,
    privilege_name,
  }));
  addSender(account, owner, ['CONTACT', 'BILLING', 'REPLY_TO', 'DEFAULT_FROM'], 2_000);
  if (empty) return;
  account.profile.address = {
    address_line1: '48 Harbor Road',
    address_line2: 'Second floor',
    city: 'Boston',
    state_code: 'MA',
    postal_code: '02110',
    country_code: 'US',
  };
  addSender(account, `news@${DOMAIN}`, ['OTHER'], 1_500);
  addSender(account, `events@${DOMAIN}`, [], 700);
  addSender(account, `journal@${DOMAIN}`, ['JOURNALING'], 300);
  addSender(account, `fundraising@${DOMAIN}`, [], null);
  addSender(account, `press@${DOMAIN}`, [], null);
}

function addSender(
  account: Account,
  email_address: string,
  roles: string[],
  confirmedDaysAgo: number | null,
): void {
  const confirmed = confirmedDaysAgo !== null;
  account.emails.add({
    email_id: account.ids.number('account-email', 1),
    email_address,
    confirm_status: confirmed ? 'CONFIRMED' : 'UNCONFIRMED',
    confirm_time: confirmed ? account.startedAt - confirmedDaysAgo * DAY - 12_345_678 : null,
    confirm_source_type: confirmed ? 'SITE_OWNER' : null,
    roles,
    pending_roles: confirmed ? [] : ['OTHER'],
  });
}

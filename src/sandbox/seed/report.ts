import type { Account } from '../account.js';
import { DAY, HOUR } from '../dates.js';
import { Random } from '../random.js';

/** Landing pages: name, age in days, links below the shop's web site. */
const PAGES: readonly (readonly [name: string, days: number, paths: readonly string[]])[] = [
  ['Join the reading circle', 700, ['circle', 'events', 'directions']],
  ['Ten percent off your first order', 400, ['shop', 'gift-cards']],
  ['Festival waiting list', 90, ['festival', 'tickets']],
];

const MESSAGES = ['Flash sale', 'Reading tonight', 'Your order day', 'New in', 'Last seats', 'Café special'];
const MESSAGE_COUNT = 64;
/** Days between two text messages. */
const RHYTHM = 11;

/** Landing pages and SMS campaigns, oldest first. */
export function seedReports(account: Account): void {
  const random = new Random(account.seed, 'reports');
  for (const [name, days, paths] of PAGES) {
    const campaign_activity_id = account.ids.uuid('landing-page');
    account.landingPages.add({
      campaign_activity_id,
      name,
      created_at: account.startedAt - days * DAY,
      links: paths.map((path, i) => ({
        url_id: String(1_120_000_000_000 + account.ids.number('landing-link') * 97 + i),
        link_url: `https://www.harborlight.example/${path}`,
      })),
    });
  }
  const subscribed = account.contacts
    .filter(({ sms, deleted_at }) => sms?.permission === 'explicit' && deleted_at === null)
    .map(({ sms }) => sms?.opt_in_date ?? 0);
  for (let i = 0; i < MESSAGE_COUNT; i++) {
    const sent_at = account.startedAt - (MESSAGE_COUNT - i) * RHYTHM * DAY + random.between(1, 200) * HOUR;
    const sends = subscribed.filter((since) => since <= sent_at).length;
    const delivers = Math.round(sends * (0.94 + random.next() * 0.06));
    account.smsCampaigns.add({
      campaign_id: account.ids.uuid('sms-campaign'),
      campaign_name: `${random.pick(MESSAGES)} ${new Date(sent_at).toISOString().slice(0, 10)}`,
      campaign_type: 'SMS',
      sent_at,
      sends,
      delivers,
      opens: random.chance(0.3) ? Math.round(delivers * (0.5 + random.next() * 0.4)) : null,
      clicks: Math.round(delivers * random.next() * 0.3),
      optouts: Math.round(delivers * random.next() * 0.02),
    });
  }
}

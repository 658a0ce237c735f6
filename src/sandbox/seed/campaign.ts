import type { Account } from '../account.js';
import { DAY, HOUR, MINUTE } from '../dates.js';
import { AB_TEST, blankActivity, footerOf, permalinkUrl } from '../model/campaign.js';
import { addResend, audienceOf, isOpener, nextResendId } from '../model/campaign-send.js';
import { Random } from '../random.js';
import type { CampaignActivityRow, CampaignRow, CampaignStatus } from '../stores/campaigns.js';
import type { ContactRow } from '../stores/audience.js';
import { KINDS, LINKS, PARAGRAPHS, SENDERS, THEMES } from './campaign-words.js';

/** Campaigns after the finished ones. */
const TO_COME: readonly (readonly [CampaignStatus, number])[] = [
  ['DRAFT', 22],
  ['EXECUTING', 2],
  ['SCHEDULED', 8],
];
/** Indexes of the campaigns that are still processed; the first cannot be read by ID. */
const UNFINISHED: readonly number[] = [2, 80];
const OLDEST = 1_900 * DAY;
/** Due times of the scheduled campaigns, relative to the start of the account. */
const DUE: readonly number[] = [10 * MINUTE, HOUR, 3 * HOUR, DAY, 2 * DAY, 5 * DAY, 7 * DAY, 30 * DAY];
/** Formats by age: old campaigns were made with other tools. */
const OLD_FORMATS: readonly number[] = [1, 2, 3];
const NEW_FORMATS: readonly number[] = [5, 5, 5, 3, 4];
/** Reasons of failed sends. */
const FAILURES: readonly number[] = [1, 2, 3, 7, 8, 9];
const NO_RECIPIENTS = 12;
/** Limits for an account of 100,000 contacts. */
const MAX_CANDIDATES = 20_000;
const MAX_RECIPIENTS = 2_000;

interface Pool {
  readonly account: Account;
  readonly random: Random;
  readonly past: number;
  /** Index of the newest sent campaign among sent ones: its resend is still due. */
  readonly lastDone: number;
  readonly senders: readonly string[];
  readonly lists: readonly string[];
  readonly deletedList: string | undefined;
  readonly segments: readonly number[];
  /** Contacts that were mailable at some time, oldest first. */
  readonly candidates: readonly Candidate[];
  /** Candidates by list or segment. */
  readonly members: Map<string | number, Candidate[]>;
}

interface Candidate {
  readonly contact: ContactRow;
  /** Index among the candidates. */
  readonly place: number;
  /** Period in which it was mailable, in milliseconds: start inclusive, end exclusive. */
  readonly from: number;
  readonly until: number;
}

/** Campaigns in every state, oldest first, with their activities, A/B tests, resends and sends. */
export function seedCampaigns(account: Account): void {
  const toCome = TO_COME.flatMap(([status, count]) => Array.from({ length: count }, () => status));
  const past = Math.max(account.campaignCount - toCome.length, 0);
  const statuses = [...Array.from({ length: past }, (_, i) => statusOfPast(i)), ...toCome].slice(
    0,
    account.campaignCount,
  );
  const lists = [...account.lists].filter(({ channel }) => channel === 'email');
  const candidates = candidatesOf(account);
  const pool: Pool = {
    account,
    random: new Random(account.seed, 'campaigns'),
    past,
    lastDone: statuses.filter((status) => status === 'DONE').length - 1,
    senders: account.emails
      .filter((row) => row.confirm_status === 'CONFIRMED')
      .map((row) => row.email_address),
    lists: lists.filter((row) => row.deleted_at === null).map((row) => row.list_id),
    deletedList: lists.find((row) => row.deleted_at !== null)?.list_id,
    segments: account.segments
      .filter((row) => row.deleted_at === null && !row.segment_criteria.includes('"tracking"'))
      .map((row) => row.segment_id),
    candidates,
    members: membersOfLists(candidates),
  };
  const seen = new Map<CampaignStatus, number>();
  statuses.forEach((status, i) => {
    const nth = seen.get(status) ?? 0;
    seen.set(status, nth + 1);
    seedCampaign(pool, status, i, nth);
  });
}

function candidatesOf(account: Account): Candidate[] {
  const contacts = account.contacts.filter((row) => row.email !== null).slice(0, MAX_CANDIDATES);
  return contacts.map((contact, place) => ({
    contact,
    place,
    from: contact.created_at,
    until: mailableUntil(contact),
  }));
}

function membersOfLists(candidates: readonly Candidate[]): Pool['members'] {
  const members: Pool['members'] = new Map();
  for (const candidate of candidates) {
    for (const list of candidate.contact.list_memberships) {
      const there = members.get(list);
      if (there) there.push(candidate);
      else members.set(list, [candidate]);
    }
  }
  return members;
}

/** Most were sent; one in 14 was removed and one in 28 failed. */
function statusOfPast(i: number): CampaignStatus {
  if (UNFINISHED.includes(i)) return 'NONE';
  if (i % 14 === 5) return 'REMOVED';
  return i % 28 === 13 ? 'ERROR' : 'DONE';
}

/** @param i index among all campaigns, oldest first; `nth` is the index among those in this state */
function seedCampaign(pool: Pool, status: CampaignStatus, i: number, nth: number): void {
  const { account, random, past } = pool;
  const created_at = Math.floor(account.startedAt - ageOf(i, status, past) - random.between(6, 18) * HOUR);
  const [theme, subject, preheader] = random.pick(THEMES);
  const month = new Date(created_at).toISOString().slice(0, 7);
  const isTest = (status === 'DONE' && nth % 18 === 17) || (status === 'DRAFT' && nth % 8 === 3);
  const [type, type_code] = random.pick(KINDS);
  const campaign: CampaignRow = account.campaigns.add({
    campaign_id: account.ids.uuid('campaign'),
    v2_id: i < past * 0.5 ? String(1_110_000_003 + i * 11) : null,
    name: `${theme} ${month} #${String(i + 1)}`,
    status,
    type,
    type_code,
    ...(isTest && AB_TEST),
    created_at,
    updated_at: created_at + random.between(5, 55) * MINUTE,
    phantom: status === 'NONE' && nth === 0,
  });
  const old = i < past * 0.35;
  const format_type = isTest ? 5 : random.pick(old ? OLD_FORMATS : NEW_FORMATS);
  const sender = random.pick(pool.senders);
  const hasDocument = format_type <= 2;
  const shared = {
    campaign_id: campaign.campaign_id,
    status,
    format_type,
    from_name: random.pick(SENDERS),
    from_email: sender,
    reply_to_email: random.chance(0.8) ? sender : (pool.senders[0] ?? sender),
    subject,
    preheader: random.chance(0.85) ? preheader : null,
    physical_address_in_footer: footerOf(account),
    permalink_url: permalinkUrl(account),
  };
  // About 400 are created per account: spreading three objects into one is several times slower.
  const primary = account.campaignActivities.add(
    Object.assign(blankActivity(account), shared, {
      role: 'primary_email' as const,
      html_content: html(random, subject, preheader),
      document_id: hasDocument ? account.ids.uuid('document') : null,
      document_properties: hasDocument ? documentProperties(subject) : null,
      ab_test: isTest
        ? {
            alternative_subject: `${subject}?`,
            test_size: random.pick([10, 20, 50]),
            winner_wait_duration: random.pick([6, 12, 24, 48]),
          }
        : null,
      ...audience(pool, format_type, status, nth, old),
    }),
  );
  account.campaignActivities.add(
    Object.assign(blankActivity(account), shared, { role: 'permalink' as const, html_content: null }),
  );
  seedState(pool, campaign, primary, nth);
}

/** Age of a campaign. The density of campaigns decreases with age. */
function ageOf(i: number, status: CampaignStatus, past: number): number {
  if (i < past) return OLDEST * (1 - (i + 1) / past) ** 1.5 + DAY;
  return status === 'DRAFT' ? (past + 25 - i) * 2 * DAY : (past + 33 - i) * 4 * HOUR;
}

/** Adds the past and the future of a campaign according to its state. */
function seedState(pool: Pool, campaign: CampaignRow, primary: CampaignActivityRow, nth: number): void {
  const { account, random, lastDone } = pool;
  const { startedAt } = account;
  const sentAt = Math.min(campaign.created_at + random.between(2, 70) * HOUR, startedAt - HOUR);
  switch (campaign.status) {
    case 'DONE':
      campaign.updated_at = sentAt + 5 * MINUTE;
      // One of them was sent to no recipient.
      send(pool, primary, sentAt, nth === 20 ? NO_RECIPIENTS : 0);
      if (nth % 12 === 11 || nth === lastDone)
        seedResend(pool, campaign, primary, sentAt, nth === lastDone ? 10 : random.between(1, 9));
      break;
    case 'ERROR':
      campaign.updated_at = sentAt;
      send(pool, primary, sentAt, FAILURES[nth % FAILURES.length] ?? 1);
      break;
    case 'EXECUTING':
      campaign.updated_at = startedAt - 2 * MINUTE;
      primary.done_at = startedAt + (nth + 1) * 5 * MINUTE;
      break;
    case 'SCHEDULED':
      primary.status_before = 'DRAFT';
      primary.scheduled_at = startedAt + (DUE[nth] ?? DAY);
      break;
    case 'DRAFT':
      if (nth === 5)
        primary.resend = {
          resend_request_id: 'DRAFT',
          subject: 'Did you see this?',
          delay_minutes: 2_880,
          due: null,
        };
      break;
    case 'REMOVED':
    case 'NONE':
      break;
  }
}

function send(pool: Pool, row: CampaignActivityRow, run_date: number, reason_code: number): void {
  if (reason_code === 0) row.sent_to.push(...recipientsAt(pool, row, run_date));
  row.sends.push({
    send_id: 1,
    contact_list_ids: row.contact_list_ids,
    segment_ids: row.segment_ids,
    count: row.sent_to.length,
    run_date,
    send_status: reason_code === 0 || reason_code === NO_RECIPIENTS ? 'COMPLETED' : 'ERRORED',
    reason_code: row.sent_to.length === 0 && reason_code === 0 ? NO_RECIPIENTS : reason_code,
  });
}

/** Contacts that were mailable at that time, according to their current state. */
function recipientsAt(pool: Pool, row: CampaignActivityRow, at: number): string[] {
  const got = new Uint8Array(pool.candidates.length);
  for (const audience of row.segment_ids.length > 0 ? row.segment_ids : row.contact_list_ids) {
    for (const { from, until, place } of membersOf(pool, audience)) {
      if (from <= at && at < until) got[place] = 1;
    }
  }
  return pool.candidates
    .filter(({ place }) => got[place] === 1)
    .slice(0, MAX_RECIPIENTS)
    .map(({ contact }) => contact.contact_id);
}

function membersOf({ account, candidates, members }: Pool, audience: string | number): readonly Candidate[] {
  const known = members.get(audience);
  if (known || typeof audience === 'string') return known ?? [];
  const isMeant = audienceOf(account, { contact_list_ids: [], segment_ids: [audience] });
  const found = candidates.filter(({ contact }) => isMeant(contact));
  members.set(audience, found);
  return found;
}

/** Time of the opt-out or deletion, if any; the beginning of time for a contact that was never mailable. */
function mailableUntil({ email, deleted_at }: ContactRow): number {
  const deleted = deleted_at ?? Infinity;
  switch (email?.permission_to_send) {
    case 'unsubscribed':
      return Math.min(email.opt_out_date ?? 0, deleted);
    case 'explicit':
    case 'implicit':
      return deleted;
    default:
      return -Infinity;
  }
}

/** A resend some days after the email, already sent or still due. */
function seedResend(
  { account }: Pool,
  campaign: CampaignRow,
  primary: CampaignActivityRow,
  sentAt: number,
  days: number,
): void {
  const due = sentAt + days * DAY;
  primary.resend = {
    resend_request_id: nextResendId(account),
    subject: `Again: ${primary.subject}`,
    delay_minutes: days * 24 * 60,
    due,
  };
  const resend = addResend(account, primary, primary.resend);
  if (due > account.startedAt) {
    account.campaignActivities.update(resend, () => {
      resend.scheduled_at = due;
    });
    return;
  }
  account.campaignActivities.update(resend, () => {
    resend.status = 'DONE';
  });
  const { campaign_activity_id } = primary;
  resend.sent_to.push(...primary.sent_to.filter((id) => !isOpener(campaign_activity_id, id)));
  resend.sends.push({
    send_id: 1,
    contact_list_ids: resend.contact_list_ids,
    segment_ids: resend.segment_ids,
    count: resend.sent_to.length,
    run_date: due,
    send_status: 'COMPLETED',
    reason_code: resend.sent_to.length > 0 ? 0 : NO_RECIPIENTS,
  });
  campaign.updated_at = due;
}

function audience(
  { random, lists, segments, deletedList, lastDone }: Pool,
  format_type: number,
  status: CampaignStatus,
  nth: number,
  old: boolean,
): Pick<CampaignActivityRow, 'contact_list_ids' | 'segment_ids'> {
  // Some drafts have no recipients yet.
  if (status === 'DRAFT' && nth % 3 === 0) return { contact_list_ids: [], segment_ids: [] };
  // The most recent campaign is the first that users look at in reports, so it has the largest list.
  if (status === 'DONE' && nth === lastDone) return { contact_list_ids: lists.slice(0, 1), segment_ids: [] };
  if (format_type >= 3 && segments.length > 0 && random.chance(0.2)) {
    return { contact_list_ids: [], segment_ids: [random.pick(segments)] };
  }
  const chosen = random.sample(lists, random.between(1, 3));
  const gone =
    old && status === 'DONE' && deletedList !== undefined && random.chance(0.2) ? [deletedList] : [];
  return { contact_list_ids: [...chosen, ...gone], segment_ids: [] };
}

function html(random: Random, title: string, preheader: string): string {
  const paragraphs = random.sample(PARAGRAPHS, random.between(2, 4)).map((text) => `<p>${text}</p>`);
  const links = random
    .sample(LINKS, random.between(2, 5))
    .map(([path, label]) => `<li><a href="https://www.harborlight.example/${path}">${label}</a></li>`);
  return `<html><body>[[trackingImage]]<h1>${title}</h1><p><em>${preheader}</em></p>${paragraphs.join('')}<ul>${links.join('')}</ul></body></html>`;
}

function documentProperties(subject: string): CampaignActivityRow['document_properties'] {
  return {
    style_content: 'h1 { color: #234; }',
    letter_format: 'HTML',
    greeting_salutation: 'Dear',
    greeting_name_type: 'F',
    greeting_secondary: 'Dear reader',
    subscribe_link_enabled: 'false',
    text_content: `<text>${subject}</text>`,
    permission_reminder_enabled: 'true',
    permission_reminder: 'You get this because you signed up in our shop.',
    view_as_webpage_enabled: 'true',
    view_as_webpage_text: 'Cannot read this?',
    view_as_webpage_link_name: 'Open it in the browser',
    forward_email_link_enabled: 'true',
    forward_email_link_name: 'Forward it',
  };
}

import type { GraphQLResolveInfo } from 'graphql';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import type { Context } from '../context.js';
import { word } from '../constant-contact/words.js';
import type { Contact } from '../loaders/contact.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { Wants } from '../loaders/wants.js';
import {
  contactPeriod,
  type CampaignActivitySummary,
  type ContactActivity,
  type ContactRates,
  type Period,
} from '../loaders/contact-report.js';
import type { LandingPageReport } from './landing-page-report.js';
import { activityRow } from './email-campaign-activity.js';
import { InputError } from './support/input-error.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

/** Maximum period of the rates (vendor guide: 5 years). */
const RATES_YEARS_MAX = 5;

export interface ContactActivityArgs extends ConnectionArgs {
  types?: readonly string[] | null;
}

/** Types of activity by their API names (contract: `tracking_activities_list`). */
export const CONTACT_ACTIVITY_TYPES = [
  'em_sends',
  'em_opens',
  'em_clicks',
  'em_bounces',
  'em_optouts',
  'em_forwards',
  'p_contact_open',
  'p_contact_click',
  'p_contact_add',
  'p_contact_update',
] as const;

export function activityDetails(
  { contact_id }: Contact,
  args: ContactActivityArgs,
  { loaders, wants }: Context,
): Promise<Connection<ContactActivity> | null> | null {
  if (!contact_id) return null;
  if (args.types?.length === 0)
    throw new InputError('REQUIRED', 'Give at least one kind, or leave types out for all.', ['types']);
  const refused = args.types?.indexOf('p_contact_sms_optin') ?? -1;
  if (refused >= 0) {
    throw new InputError('NOT_ALLOWED', 'LANDING_PAGE_SMS_OPT_IN is not supported as a filter.', [
      'types',
      String(refused),
    ]);
  }
  const types = args.types ? [...new Set(args.types)] : CONTACT_ACTIVITY_TYPES;
  return nullIfNotFound(
    paginate(args, loaders.contactActivity.list(contact_id, { types, names: namesWanted(wants) })),
  );
}

/** The email of an entry; null for activity on a landing page. */
export function emailOf(
  { campaign_activity_id, tracking_activity_type }: ContactActivity,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity> | null {
  return isOnLandingPage(tracking_activity_type)
    ? null
    : activityRow({ campaign_activity_id }, context, info);
}

/** The landing page of an entry; null for activity of an email. */
export function landingPageOf({
  campaign_activity_id,
  tracking_activity_type,
}: ContactActivity): LandingPageReport | null {
  return isOnLandingPage(tracking_activity_type) ? { campaignActivityId: campaign_activity_id } : null;
}

function isOnLandingPage(type: string | undefined): boolean {
  return word(type).startsWith('p_');
}

interface PeriodArgs {
  start: Date;
  end: Date;
}

export function openAndClickRates(
  { contact_id }: Contact,
  args: PeriodArgs,
  { loaders }: Context,
): Promise<ContactRates | null> | null {
  if (!contact_id) return null;
  checkPeriod(args);
  const latest = new Date(args.start);
  latest.setUTCFullYear(latest.getUTCFullYear() + RATES_YEARS_MAX);
  if (args.end > latest) {
    throw new InputError('INVALID', `The period must be at most ${String(RATES_YEARS_MAX)} years.`, ['end']);
  }
  return loaders.contactRates.load(contactPeriod(contact_id, periodOf(args)));
}

export function activitySummary(
  { contact_id }: Contact,
  args: PeriodArgs,
  { loaders }: Context,
): Promise<readonly CampaignActivitySummary[] | null> | null {
  if (!contact_id) return null;
  checkPeriod(args);
  return loaders.contactActivitySummaries.load(contactPeriod(contact_id, periodOf(args)));
}

function checkPeriod({ start, end }: PeriodArgs): void {
  if (end <= start) throw new InputError('INVALID', 'The end must be after the start.', ['end']);
}

function periodOf({ start, end }: PeriodArgs): Period {
  return { start: formatQueryDate(start), end: formatQueryDate(end) };
}

/**
 * Names are included unless no field of the operation can show them, on this page or on a page after its
 * cursor.
 */
function namesWanted(wants: Wants): boolean {
  return (
    wants('ContactActivity', 'campaignActivityName') ||
    wants('ContactActivityEdge', 'cursor') ||
    wants('PageInfo', 'startCursor', 'endCursor')
  );
}

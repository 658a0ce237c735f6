import type { Schema } from '../../constant-contact/contract/operations.js';
import { Collection } from '../store.js';

/** All times of rows are milliseconds since the epoch; the routes format them as the API does. */
export type CampaignStatus = 'NONE' | 'DRAFT' | 'SCHEDULED' | 'EXECUTING' | 'DONE' | 'ERROR' | 'REMOVED';
export type ActivityRole = 'primary_email' | 'permalink' | 'resend';

export interface CampaignRow {
  readonly campaign_id: string;
  /** ID of the V2 API; null for newer campaigns. */
  readonly v2_id: string | null;
  name: string;
  /** Follows the primary activity. */
  status: CampaignStatus;
  /** Type as a word, such as `NEWSLETTER`; `type_code` is the same as a number. */
  type: string;
  type_code: number;
  readonly created_at: number;
  updated_at: number;
  /** In the collection, but not found by ID, as happens at the API. */
  readonly phantom: boolean;
}

/** One send of an activity. */
export interface SendRow {
  readonly send_id: number;
  readonly contact_list_ids: readonly string[];
  readonly segment_ids: readonly number[];
  /** Number of recipients. */
  readonly count: number;
  readonly run_date: number;
  readonly send_status: 'COMPLETED' | 'ERRORED';
  readonly reason_code: number;
}

/** A requested resend to non-openers. */
export interface ResendRow {
  /** Digits, or `DRAFT` while the campaign is a draft. */
  resend_request_id: string;
  readonly subject: string;
  readonly delay_minutes: number;
  /** Due time; null until the email itself was sent or scheduled. */
  due: number | null;
}

export interface AbTestRow {
  readonly alternative_subject: string;
  readonly test_size: number;
  readonly winner_wait_duration: number;
}

export interface CampaignActivityRow {
  readonly campaign_activity_id: string;
  readonly campaign_id: string;
  readonly role: ActivityRole;
  status: CampaignStatus;
  /** 1 and 5 contain HTML; 2, 3 and 4 are created in an editor. */
  readonly format_type: number;
  from_name: string;
  from_email: string;
  reply_to_email: string;
  subject: string;
  preheader: string | null;
  html_content: string | null;
  permalink_url: string | null;
  readonly document_id: string | null;
  document_properties: Schema<'EmailCampaignActivity'>['document_properties'] | null;
  physical_address_in_footer: Schema<'EmailPhysicalAddress'> | null;
  contact_list_ids: readonly string[];
  segment_ids: readonly number[];
  /** Due time while it is scheduled. */
  scheduled_at: number | null;
  /** Status after unscheduling. */
  status_before: CampaignStatus | null;
  /** Time at which sending finishes, while it is executing. */
  done_at: number | null;
  /** Oldest first. */
  readonly sends: SendRow[];
  /** Recipients in the order of sending, without duplicates. */
  readonly sent_to: string[];
  ab_test: AbTestRow | null;
  resend: ResendRow | null;
}

/**
 * Campaigns and their activities. Names are indexed in lower case; those of removed campaigns cannot be
 * reused.
 */
export function campaignStores() {
  return {
    campaigns: new Collection<CampaignRow, 'name' | 'v2'>((row) => row.campaign_id, {
      name: (row) => row.name.toLowerCase(),
      v2: (row) => row.v2_id,
    }),
    campaignActivities: new Collection<CampaignActivityRow, 'campaign' | 'pending'>(
      (row) => row.campaign_activity_id,
      {
        campaign: (row) => row.campaign_id,
        pending: ({ role, status }) =>
          role !== 'permalink' && (status === 'SCHEDULED' || status === 'EXECUTING') ? 'yes' : null,
      },
    ),
    /** Number of test emails by day (midnight UTC in milliseconds). */
    testMails: new Map<number, number>(),
  };
}

import { Collection } from '../store.js';

/** All times of rows are milliseconds since the epoch; the routes format them as the API does. */
export interface LandingPageRow {
  readonly campaign_activity_id: string;
  readonly name: string;
  readonly created_at: number;
  readonly links: readonly { readonly url_id: string; readonly link_url: string }[];
}

/** A sent SMS campaign. The API shows only its statistics. */
export interface SmsCampaignRow {
  readonly campaign_id: string;
  readonly campaign_name: string;
  readonly campaign_type: string;
  readonly sent_at: number;
  readonly sends: number;
  readonly delivers: number;
  /** Null if opens cannot be measured. */
  readonly opens: number | null;
  readonly clicks: number;
  readonly optouts: number;
}

/** Data that only reports show: no operation reads or writes it directly. */
export function reportStores() {
  return {
    landingPages: new Collection<LandingPageRow>((row) => row.campaign_activity_id),
    smsCampaigns: new Collection<SmsCampaignRow>((row) => row.campaign_id),
  };
}

import { Collection } from '../store.js';

/** All times of rows are milliseconds since the epoch; the routes spell them as the API does. */
export interface LandingPageRow {
  readonly campaign_activity_id: string;
  readonly name: string;
  readonly created_at: number;
  readonly links: readonly { readonly url_id: string; readonly link_url: string }[];
}

/** A text-message campaign that was sent. The API shows nothing but its figures. */
export interface SmsCampaignRow {
  readonly campaign_id: string;
  readonly campaign_name: string;
  readonly campaign_type: string;
  readonly sent_at: number;
  readonly sends: number;
  readonly delivers: number;
  /** Null where opening cannot be told. */
  readonly opens: number | null;
  readonly clicks: number;
  readonly optouts: number;
}

/** What only reports show: no operation reads or writes these by themselves. */
export function reportStores() {
  return {
    landingPages: new Collection<LandingPageRow>((row) => row.campaign_activity_id),
    smsCampaigns: new Collection<SmsCampaignRow>((row) => row.campaign_id),
  };
}

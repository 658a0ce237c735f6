import type { Account } from '../account.js';
import { hash } from '../random.js';
import type { CampaignActivityRow } from '../stores/campaigns.js';

/** A link in an email. */
export interface EmailLink {
  readonly link_url: string;
  /** Thirteen digits, which do not fit into 32 bits. */
  readonly url_id: string;
  readonly link_tag: string | null;
}

/** One of this many links adds contacts to a list when they click it. */
const LIST_LINKS = 4;

/** The links of an activity in document order, without duplicates. */
export function linksOf({ campaign_activity_id, html_content }: CampaignActivityRow): EmailLink[] {
  const links = new Map<string, EmailLink>();
  for (const [tag] of (html_content ?? '').matchAll(/<a\s[^>]*>/gi)) {
    const link_url = attribute(tag, 'href');
    if (link_url === null || !/^https?:/i.test(link_url) || links.has(link_url)) continue;
    const digits = String(hash(`${campaign_activity_id}:${link_url}`) >>> 0).padStart(12, '0');
    links.set(link_url, {
      link_url,
      url_id: `1${digits}`,
      link_tag: /([\w-]+)\/?$/.exec(link_url)?.[1] ?? null,
    });
  }
  return [...links.values()];
}

/** The list to which a click on a link adds contacts; null for most links. */
export function listOfLink(account: Account, { url_id }: EmailLink): string | null {
  if (hash(`${url_id}:list`) % LIST_LINKS !== 0) return null;
  return account.lists.find((list) => list.channel === 'email' && list.deleted_at === null)?.list_id ?? null;
}

function attribute(tag: string, name: string): string | null {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(tag)?.[1] ?? null;
}

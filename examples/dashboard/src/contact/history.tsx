import { useState } from 'react';
import type { Problem } from '../graphql/problem.js';
import { words } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/text.js';
import type { FullContact } from './contact-page.js';

const SHORT = 8;

const ACTIVITY_TEXTS: Readonly<Record<string, string>> = {
  EMAIL_SENT: 'Was sent',
  EMAIL_OPENED: 'Opened',
  EMAIL_CLICKED: 'Clicked in',
  EMAIL_BOUNCED: 'Bounced',
  EMAIL_OPTED_OUT: 'Opted out through',
  EMAIL_FORWARDED: 'Forwarded',
  LANDING_PAGE_OPENED: 'Visited',
  LANDING_PAGE_CLICKED: 'Clicked on',
  LANDING_PAGE_ADDED: 'Signed up on',
  LANDING_PAGE_UPDATED: 'Changed details on',
};

interface HistoryProps {
  entries: NonNullable<FullContact['activityDetails']>['nodes'] | null;
  problem: Problem | null;
  onRetry: () => void;
}

/** The contact's activity, newest first. All entries are loaded, so showing more costs no call. */
export function History({ entries, problem, onRetry }: HistoryProps) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? entries : entries?.slice(0, SHORT);
  return (
    <Card title="Activity">
      {problem && <ProblemNote problem={problem} onRetry={onRetry} />}
      {!problem && !entries?.length && <Empty title="No activity" />}
      {shown && shown.length > 0 && (
        <ol className="history">
          {shown.map(({ type, createdAt, campaignActivityName }, at) => (
            <li key={at} data-deed={type}>
              <span>
                {ACTIVITY_TEXTS[type ?? ''] ?? words(type ?? 'Something')}{' '}
                <strong>{campaignActivityName ?? 'an email'}</strong>
              </span>
              <span className="minor">
                <Day at={createdAt} />
              </span>
            </li>
          ))}
        </ol>
      )}
      {entries && entries.length > SHORT && (
        <button type="button" className="button quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : `Show all ${String(entries.length)}`}
        </button>
      )}
    </Card>
  );
}

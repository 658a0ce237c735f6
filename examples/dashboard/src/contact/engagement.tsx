import type { Problem } from '../graphql/problem.js';
import { percent, plural } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import type { FullContact } from './contact-page.js';

interface EngagementProps {
  rates: FullContact['openAndClickRates'];
  problem: Problem | null;
  onRetry: () => void;
}

/** Rates of the contact's responses to the emails of the last year. */
export function Engagement({ rates, problem, onRetry }: EngagementProps) {
  const emails = rates?.includedActivitiesCount ?? 0;
  return (
    <Card title="Engagement" aside={<span className="minor">Last 12 months</span>}>
      {problem && <ProblemNote problem={problem} onRetry={onRetry} />}
      {!problem && emails === 0 && <Empty title="No emails" />}
      {!problem && emails > 0 && (
        <div className="rates">
          <Rate label="Opened" share={rates?.averageOpenRate ?? 0} />
          <Rate label="Clicked" share={rates?.averageClickRate ?? 0} />
          <p className="minor">of {plural(emails, 'email')}</p>
        </div>
      )}
    </Card>
  );
}

function Rate({ label, share }: { label: string; share: number }) {
  return (
    <div className="rate">
      <span className="minor">{label}</span>
      <strong>{percent(share)}</strong>
      <span className="bar" style={{ '--share': Math.min(share, 1) }} aria-hidden="true" />
    </div>
  );
}

import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { count, day, percent } from '../ui/format.js';
import { Card, Empty, Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { CampaignsQuery, sentOf, totalsOf, type Sent } from './campaigns-query.js';
import { RatesChart, SendsChart } from './charts.js';

const SPANS = [12, 24, 48];
/** What one screen reads; anything up to 500 costs the same two calls. */
const FIRST = 100;

/** How the campaigns that were sent last did. */
export default function CampaignsPage() {
  const [span, setSpan] = useState(24);
  const [{ data, error, fetching }, reload] = useQuery({
    query: CampaignsQuery,
    variables: { first: FIRST, after: null },
  });
  const problem = problemOf(error);
  // The API counts campaigns that reached nobody as sent; they say nothing about rates.
  const sent = data?.emailCampaignSummaries?.nodes.flatMap(sentOf).filter(({ sends }) => sends > 0);
  const recent = sent?.slice(0, span) ?? [];
  return (
    <Page
      title="Campaigns"
      aside={
        <label className="choice">
          <span className="hidden">Period</span>
          <select value={span} onChange={(event) => setSpan(Number(event.target.value))}>
            {SPANS.map((one) => (
              <option key={one} value={one}>
                Last {one} campaigns
              </option>
            ))}
          </select>
        </label>
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton rows={8} label="Loading campaigns" />}
      {sent?.length === 0 && <Empty title="No campaign was sent yet" />}
      {recent.length > 0 && (
        <>
          <Tiles campaigns={recent} />
          <div className="columns even">
            <Card title="Open and click rates">
              <RatesChart campaigns={recent} />
            </Card>
            <Card title="Emails sent">
              <SendsChart campaigns={recent} />
            </Card>
          </div>
          <Card title="By campaign">
            <CampaignTable campaigns={recent} />
          </Card>
        </>
      )}
    </Page>
  );
}

function Tiles({ campaigns }: { campaigns: readonly Sent[] }) {
  const { sends, openRate, clickRate, bounceRate } = totalsOf(campaigns);
  const tiles = [
    { label: 'Emails sent', value: count(sends) },
    { label: 'Opened', value: percent(openRate) },
    { label: 'Clicked', value: percent(clickRate) },
    { label: 'Bounced', value: percent(bounceRate) },
  ];
  return (
    <dl className="tiles">
      {tiles.map(({ label, value }) => (
        <div key={label} className="tile">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function CampaignTable({ campaigns }: { campaigns: readonly Sent[] }) {
  return (
    <div className="scroll" role="region" aria-label="Figures by campaign" tabIndex={0}>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            <th scope="col">Emails</th>
            <th scope="col">Opened</th>
            <th scope="col">Clicked</th>
            <th scope="col">Bounced</th>
            <th scope="col">Opted out</th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map((campaign) => (
            <tr key={campaign.id}>
              <th scope="row">
                <Link to={`/campaigns/${campaign.id}`}>{campaign.name}</Link>
                <span className="minor">{day(campaign.sentAt)}</span>
              </th>
              <td>{count(campaign.sends)}</td>
              <td>{percent(campaign.openRate)}</td>
              <td>{percent(campaign.clickRate)}</td>
              <td>{count(campaign.bounces)}</td>
              <td>{count(campaign.optouts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import { isInvalidId, problemOf } from '../graphql/problem.js';
import { count, percent } from '../ui/format.js';
import { BackLink, Card, Empty, Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { Address, Day } from '../ui/text.js';
import { share } from './campaigns-query.js';
import { StepsChart } from './charts.js';

/**
 * One campaign in detail: a call for the campaign, one for its figures, one for its links. The subject would
 * be a fourth, for the email itself; the id that the links need is included in the campaign.
 */
const CampaignQuery = graphql(`
  query Campaign($id: ID!) {
    emailCampaign(id: $id) {
      campaignId
      name
      stats {
        sends
        bounces
        uniqueOpens
        uniqueClicks
        optouts
        lastRefreshTime
        opensByDevice {
          computer
          mobile
          tablet
          other
        }
      }
      primaryActivity {
        campaignActivityId
        links {
          urlId
          url
          uniqueClicks
        }
      }
    }
  }
`);

type Campaign = NonNullable<ResultOf<typeof CampaignQuery>['emailCampaign']>;

export default function CampaignPage() {
  const { campaignId = '' } = useParams();
  const [{ data, error, fetching }, reload] = useQuery({
    query: CampaignQuery,
    variables: { id: campaignId },
  });
  const retry = () => reload({ requestPolicy: 'network-only' });
  const campaign = data?.emailCampaign;
  const unknown = !campaign && (isInvalidId(error) || (!fetching && !error));
  const problem = unknown ? null : problemOf(error, 'emailCampaign', 'stats');
  const linksProblem = problemOf(error, 'emailCampaign', 'primaryActivity');
  const back = <BackLink to="/campaigns">Campaigns</BackLink>;
  return (
    <Page title={campaign?.name ?? (unknown ? 'No such campaign' : 'Campaign')} back={back}>
      {problem && <ProblemNote problem={problem} onRetry={retry} />}
      {!campaign && fetching && <Skeleton rows={8} label="Loading the campaign" />}
      {unknown && <Empty title="Campaign not found" />}
      {campaign && !problem && (
        <>
          <Figures stats={campaign.stats} />
          <Card title="Clicks by link">
            {linksProblem && <ProblemNote problem={linksProblem} onRetry={retry} />}
            {!linksProblem && <Links links={campaign.primaryActivity?.links ?? []} />}
          </Card>
        </>
      )}
    </Page>
  );
}

function Figures({ stats }: { stats: Campaign['stats'] }) {
  if (!stats) return <Empty title="No figures">They appear after the campaign is sent.</Empty>;
  const sends = stats.sends ?? 0;
  const delivered = sends - (stats.bounces ?? 0);
  const opens = stats.uniqueOpens ?? 0;
  const clicks = stats.uniqueClicks ?? 0;
  const steps = [
    { name: 'Sent', value: sends },
    { name: 'Delivered', value: delivered },
    { name: 'Opened', value: opens },
    { name: 'Clicked', value: clicks },
  ];
  const { computer, mobile, tablet, other } = stats.opensByDevice ?? {};
  const devices = [
    { name: 'Computer', value: computer ?? 0 },
    { name: 'Phone', value: mobile ?? 0 },
    { name: 'Tablet', value: tablet ?? 0 },
    { name: 'Other', value: other ?? 0 },
  ].filter(({ value }) => value > 0);
  return (
    <>
      <p className="minor">
        Figures as of <Day at={stats.lastRefreshTime} />
      </p>
      <dl className="tiles">
        <Tile label="Emails sent" value={count(sends)} />
        <Tile label="Opened" value={percent(share(opens, delivered))} />
        <Tile label="Clicked" value={percent(share(clicks, delivered))} />
        <Tile label="Opted out" value={count(stats.optouts ?? 0)} />
      </dl>
      <div className="columns even">
        <Card title="From sent to clicked">
          <StepsChart label={sentence('People', steps)} steps={steps} />
        </Card>
        <Card title="Opens by device">
          {devices.length > 0 ? (
            <StepsChart label={sentence('Opens', devices)} steps={devices} />
          ) : (
            <Empty title="No opens" />
          )}
        </Card>
      </div>
    </>
  );
}

const sentence = (what: string, steps: readonly { name: string; value: number }[]) =>
  `${what}: ${steps.map(({ name, value }) => `${name} ${count(value)}`).join(', ')}`;

function Tile({ label, value }: { label: string; value: string }) {
  return (
    <div className="tile">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Links({
  links,
}: {
  links: readonly { url: string | null; urlId: string | null; uniqueClicks: number | null }[];
}) {
  if (links.length === 0) return <Empty title="No links" />;
  const sorted = [...links].sort((a, b) => (b.uniqueClicks ?? 0) - (a.uniqueClicks ?? 0));
  const most = Math.max(1, sorted[0]?.uniqueClicks ?? 0);
  return (
    <ol className="links">
      {sorted.map(({ urlId, url, uniqueClicks }) => (
        <li key={urlId}>
          <Address>{url}</Address>
          <span className="bar" style={{ '--share': (uniqueClicks ?? 0) / most }} aria-hidden="true" />
          <span>
            {count(uniqueClicks ?? 0)} <span className="hidden">clicks</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

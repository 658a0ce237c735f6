import { useQuery } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { count, percent } from '../ui/format.js';
import { Card, Empty, Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { RowLink, sorted, Table, type Column } from '../ui/table.js';
import { Day } from '../ui/text.js';
import { useSort, useUrlState, type UrlState } from '../ui/url-state.js';
import { CampaignsQuery, sentOf, totalsOf, type Sent } from './campaigns-query.js';
import { RatesChart, SendsChart } from './charts.js';

const SPANS = [12, 24, 48];
/** Number of campaigns of one screen; up to 500 cost the same two calls. */
const FIRST = 100;

/** Results of the most recently sent campaigns. */
export default function CampaignsPage() {
  const url = useUrlState();
  const span = SPANS.find((one) => one === Number(url.params.get('last'))) ?? 24;
  const [{ data, error, fetching }, reload] = useQuery({
    query: CampaignsQuery,
    variables: { first: FIRST, after: null },
  });
  const problem = problemOf(error);
  // The API counts campaigns without recipients as sent; they would distort the rates.
  const sent = data?.emailCampaignSummaries?.nodes.flatMap(sentOf).filter(({ sends }) => sends > 0);
  const recent = sent?.slice(0, span) ?? [];
  return (
    <Page
      title="Campaigns"
      aside={
        <label className="choice">
          <span className="hidden">Period</span>
          <select value={span} onChange={(event) => url.set({ last: event.target.value })}>
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
      {sent?.length === 0 && <Empty title="No campaigns were sent" />}
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
          <h2>By campaign</h2>
          <CampaignTable campaigns={recent} url={url} />
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

const COLUMNS: readonly Column<Sent>[] = [
  {
    id: 'name',
    label: 'Campaign',
    canSort: true,
    width: 'minmax(0, 2.4fr)',
    cell: ({ id, name }) => <RowLink to={`/campaigns/${id}`}>{name}</RowLink>,
  },
  { id: 'sentAt', label: 'Sent', canSort: true, cell: ({ sentAt }) => <Day at={sentAt} /> },
  figure('sends', 'Emails', ({ sends }) => count(sends)),
  figure('openRate', 'Opened', ({ openRate }) => percent(openRate)),
  figure('clickRate', 'Clicked', ({ clickRate }) => percent(clickRate)),
  figure('bounces', 'Bounced', ({ bounces }) => count(bounces)),
  figure('optouts', 'Opted out', ({ optouts }) => count(optouts)),
];

function figure(id: string, label: string, cell: (campaign: Sent) => string): Column<Sent> {
  return { id, label, cell, canSort: true, isNumber: true, width: '96px' };
}

/** All displayed campaigns are loaded, so sorting them costs no call. */
const SORT_VALUES: Readonly<Record<string, (campaign: Sent) => string | number | null>> = {
  name: ({ name }) => name,
  sentAt: ({ sentAt }) => sentAt,
  sends: ({ sends }) => sends,
  openRate: ({ openRate }) => openRate,
  clickRate: ({ clickRate }) => clickRate,
  bounces: ({ bounces }) => bounces,
  optouts: ({ optouts }) => optouts,
};

function CampaignTable({ campaigns, url }: { campaigns: readonly Sent[]; url: UrlState }) {
  const [sort, onSort] = useSort(url, '-sentAt');
  return (
    <Table
      label="Figures by campaign"
      columns={COLUMNS}
      rows={sorted(campaigns, sort, SORT_VALUES)}
      idOf={({ id }) => id}
      sort={sort}
      onSort={onSort}
    />
  );
}

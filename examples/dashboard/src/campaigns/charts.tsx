import type { ReactNode } from 'react';
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { count, day, percent } from '../ui/format.js';
import type { Sent } from './campaigns-query.js';

/**
 * A chart of figures that a table on the same screen has in full, so it is one labelled image for screen
 * readers instead of a hundred unnamed points.
 */
function Picture({ label, height, children }: { label: string; height: number; children: ReactNode }) {
  return (
    <div className="chart" role="img" aria-label={label} style={{ height }}>
      <ResponsiveContainer width="100%" height="100%">
        {children}
      </ResponsiveContainer>
    </div>
  );
}

const AXIS = { tickLine: false, axisLine: false, fontSize: 12, stroke: 'var(--minor)' } as const;
const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };
/** Charts are not animated: readers compare figures, which must not move. */
const NO_ANIMATION = { isAnimationActive: false } as const;
const TOOLTIP = {
  contentStyle: {
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 8,
    color: 'var(--text)',
    fontSize: 13,
  },
  labelStyle: { fontWeight: 600 },
  cursor: { fill: 'var(--hover)', stroke: 'var(--line)' },
  ...NO_ANIMATION,
} as const;

/** In the text colour, because the colours of lines lack contrast for text. */
const legend = (name: unknown) => <span className="minor">{String(name)}</span>;

/** Oldest on the left. */
const inTime = (campaigns: readonly Sent[]) => [...campaigns].reverse();
const nameAt = (campaigns: readonly Sent[]) => (id: unknown) =>
  campaigns.find((campaign) => campaign.id === id)?.name ?? '';
const dayAt = (campaigns: readonly Sent[]) => (id: string) =>
  day(campaigns.find((campaign) => campaign.id === id)?.sentAt);

export function RatesChart({ campaigns }: { campaigns: readonly Sent[] }) {
  return (
    <Picture
      height={260}
      label={`Open and click rates of the last ${String(campaigns.length)} campaigns; the table below has the figures`}
    >
      <AreaChart data={inTime(campaigns)} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="id" tickFormatter={dayAt(campaigns)} minTickGap={24} {...AXIS} />
        <YAxis tickFormatter={percent} width={44} {...AXIS} />
        <Tooltip
          {...TOOLTIP}
          labelFormatter={nameAt(campaigns)}
          formatter={(value) => percent(Number(value))}
        />
        <Legend iconType="circle" iconSize={8} itemSorter={null} formatter={legend} />
        <Area
          {...NO_ANIMATION}
          type="monotone"
          dataKey="openRate"
          name="Opened"
          stroke="var(--chart-1)"
          fill="var(--chart-1)"
          fillOpacity={0.14}
          strokeWidth={2}
        />
        <Area
          {...NO_ANIMATION}
          type="monotone"
          dataKey="clickRate"
          name="Clicked"
          stroke="var(--chart-2)"
          fill="var(--chart-2)"
          fillOpacity={0.14}
          strokeWidth={2}
        />
      </AreaChart>
    </Picture>
  );
}

export function SendsChart({ campaigns }: { campaigns: readonly Sent[] }) {
  return (
    <Picture
      height={260}
      label={`Emails sent by the last ${String(campaigns.length)} campaigns; the table below has the figures`}
    >
      <BarChart data={inTime(campaigns)} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="id" tickFormatter={dayAt(campaigns)} minTickGap={24} {...AXIS} />
        <YAxis tickFormatter={count} width={44} {...AXIS} />
        <Tooltip
          {...TOOLTIP}
          labelFormatter={nameAt(campaigns)}
          formatter={(value) => count(Number(value))}
        />
        <Bar
          {...NO_ANIMATION}
          dataKey="sends"
          name="Emails"
          fill="var(--chart-1)"
          radius={[3, 3, 0, 0]}
          maxBarSize={28}
        />
      </BarChart>
    </Picture>
  );
}

export interface Slice {
  readonly name: string;
  readonly value: number;
}

/** Figures side by side, such as the steps from sent to clicked. */
export function StepsChart({ label, steps }: { label: string; steps: readonly Slice[] }) {
  return (
    <Picture label={label} height={44 * steps.length}>
      <BarChart
        layout="vertical"
        data={[...steps]}
        margin={{ top: 0, right: 48, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <XAxis type="number" hide />
        <YAxis type="category" dataKey="name" width={84} {...AXIS} />
        <Tooltip {...TOOLTIP} formatter={(value) => count(Number(value))} />
        <Bar
          {...NO_ANIMATION}
          dataKey="value"
          name={label}
          fill="var(--chart-1)"
          radius={[0, 4, 4, 0]}
          maxBarSize={22}
          label={{ position: 'right', fill: 'var(--text)', fontSize: 13 }}
        />
      </BarChart>
    </Picture>
  );
}

import type { Case } from './cases.js';
import { median, type Latency, type Throughput } from './measure.js';

/** Samples of one case by server, in the order of turns. `rest` is the client without a facade. */
export interface Samples {
  /** Over one connection, by server. */
  readonly latency: Map<string, Latency[]>;
  /** By connections, then by server. */
  readonly throughput: Map<number, Map<string, Throughput[]>>;
}

/** Table row. */
export interface Line {
  case: string;
  apiMs: number;
  connections: number;
  server: string;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMs?: number | undefined;
  calls?: number | undefined;
  /** Median latency over one connection minus that of the client without a facade, in milliseconds. */
  addedMs?: number | undefined;
  /** `addedMs` divided by that of the floor. */
  overFloor?: number | undefined;
  /** Answers per second divided by those of a peer: the median of the ratios of adjacent turns. */
  overGenerated?: number | undefined;
  overTailcall?: number | undefined;
  overUncached?: number | undefined;
  overBefore?: number | undefined;
}

/** Verdict on one required value. */
export interface Mark {
  name: string;
  required: string;
  measured: string;
  /** Null when the server to compare with was not measured. */
  met: boolean | null;
}

const of = <T>(samples: readonly T[], key: keyof T) => median(samples.map((sample) => sample[key] as number));

function ratio(
  samples: readonly Throughput[],
  others: readonly Throughput[] | undefined,
): number | undefined {
  if (!others) return undefined;
  return median(samples.map(({ perSecond }, turn) => perSecond / (others[turn]?.perSecond ?? NaN)));
}

/** @param calls REST calls of one answer, by server */
export function linesOf(
  name: string,
  apiMs: number,
  samples: Samples,
  calls: Readonly<Record<string, number>>,
): Line[] {
  const lines: Line[] = [];
  const added = (server: string) =>
    of(samples.latency.get(server) ?? [], 'p50Ms') - of(samples.latency.get('rest') ?? [], 'p50Ms');
  for (const [server, single] of samples.latency) {
    const p50Ms = of(single, 'p50Ms');
    lines.push({
      case: name,
      apiMs,
      connections: 1,
      server,
      perSecond: 1_000 / p50Ms,
      p50Ms,
      p99Ms: of(single, 'p99Ms'),
      calls: calls[server],
      ...(server !== 'rest' && { addedMs: added(server) }),
      ...(server !== 'rest' && samples.latency.has('floor') && { overFloor: added(server) / added('floor') }),
    });
  }
  for (const [connections, servers] of samples.throughput) {
    for (const [server, turns] of servers) {
      lines.push({
        case: name,
        apiMs,
        connections,
        server,
        perSecond: of(turns, 'perSecond'),
        p50Ms: of(turns, 'p50Ms'),
        p99Ms: of(turns, 'p99Ms'),
        ...(server !== 'rest' && { cpuMs: of(turns, 'cpuMs') }),
        overGenerated: ratio(turns, servers.get('generated')),
        overTailcall: ratio(turns, servers.get('tailcall')),
        ...(server === 'cached' && { overUncached: ratio(turns, servers.get('facade')) }),
        overBefore: ratio(turns, servers.get('before')),
      });
    }
  }
  return lines;
}

type Column<T> = [title: string, text: (row: T) => string];

const LINE_COLUMNS: Column<Line>[] = [
  ['conn.', ({ connections }) => String(connections)],
  ['server', ({ server }) => server],
  ['answers/s', ({ perSecond }) => perSecond.toFixed(perSecond < 100 ? 1 : 0)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['CPU ms', ({ cpuMs }) => cpuMs?.toFixed(3) ?? ''],
  ['calls', ({ calls }) => String(calls ?? '')],
  ['added ms', ({ addedMs }) => addedMs?.toFixed(2) ?? ''],
  ['added/floor', ({ overFloor }) => overFloor?.toFixed(2) ?? ''],
  ['× generated', ({ overGenerated }) => overGenerated?.toFixed(2) ?? ''],
  ['× Tailcall', ({ overTailcall }) => overTailcall?.toFixed(2) ?? ''],
  ['× uncached', ({ overUncached }) => overUncached?.toFixed(2) ?? ''],
  ['× before', ({ overBefore }) => overBefore?.toFixed(3) ?? ''],
];

const MARK_COLUMNS: Column<Mark>[] = [
  ['mark', ({ name }) => name],
  ['required', ({ required }) => required],
  ['measured', ({ measured }) => measured],
  ['', ({ met }) => (met === null ? '' : met ? 'met' : 'MISSED')],
];

export const printLines = (title: string, lines: readonly Line[]): void => {
  print(title, lines, LINE_COLUMNS);
};

export const printMarks = (marks: readonly Mark[]): void => {
  print('Marks, with an API that answers at once', marks, MARK_COLUMNS);
};

/** Prints a table without its empty columns. */
function print<T>(title: string, rows: readonly T[], columns: readonly Column<T>[]): void {
  const cells = columns
    .map(([heading, text]) => [heading, ...rows.map(text)])
    .filter(([, ...texts]) => texts.some((text) => text !== ''));
  const padded = cells.map((texts) => {
    const width = Math.max(...texts.map(({ length }) => length));
    return texts.map((text) => text.padStart(width));
  });
  console.log(`\n${title}`);
  for (let row = 0; row <= rows.length; row += 1) {
    console.log(padded.map((texts) => texts[row]).join('  '));
  }
}

/** Verdicts on the required ratios of each case, with an API without latency. */
export function marksOf(cases: readonly Case[], lines: readonly Line[]): Mark[] {
  return cases.flatMap(({ name, marks }) => {
    if (!marks) return [{ name, required: '', measured: 'no peer', met: null }];
    const loaded = lines.filter((line) => line.case === name && line.apiMs === 0 && line.connections > 1);
    const of = (server: string, peer: string, required: number | undefined, key: keyof Line) =>
      required === undefined
        ? []
        : loaded
            .filter((line) => line.server === server)
            .map((line) =>
              ratioMark(name, line.connections, peer, required, line[key] as number | undefined),
            );
    return [
      ...of('facade', 'generated', marks.generated, 'overGenerated'),
      ...of('facade', 'Tailcall', marks.tailcall, 'overTailcall'),
      ...of('cached', 'uncached', marks.uncached, 'overUncached'),
    ];
  });
}

function ratioMark(
  name: string,
  connections: number,
  peer: string,
  required: number,
  measured: number | undefined,
): Mark {
  return {
    name: `${name}, ${String(connections)} connections`,
    required: `≥ ${required.toFixed(1)} × ${peer}`,
    measured: measured?.toFixed(2) ?? 'not measured',
    met: measured === undefined ? null : measured >= required,
  };
}

/** Verdicts on the process: memory after load, and the time from its start to its first answer. */
export function processMarks(memoryMb: number, startMs: number): Mark[] {
  return [
    {
      name: 'memory after load',
      required: '≤ 200 MB',
      measured: `${String(memoryMb)} MB`,
      met: memoryMb <= 200,
    },
    {
      name: 'start to first answer',
      required: '≤ 1000 ms',
      measured: `${String(startMs)} ms`,
      met: startMs <= 1_000,
    },
  ];
}

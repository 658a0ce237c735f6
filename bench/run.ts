import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { casesFor, type Ask, type Case } from './cases.js';
import {
  control,
  graphqlClient,
  latency,
  median,
  restClient,
  restThroughput,
  throughput,
  type Latency,
  type Throughput,
} from './measure.js';
import {
  pinning,
  startFacade,
  startGenerated,
  startMock,
  startOwn,
  stepAside,
  type Served,
} from './processes.js';

const HELP = `npm run bench -- [options]

  --case id,page50      only these cases: id, page50, page500, linked, campaigns
  --connections 8,64    how many at a time (8,64)
  --latency 0,50        what the API takes to answer, in milliseconds (0,50)
  --seconds 5           how long each measurement lasts (5)
  --repeats 3           how often it is repeated; medians are told (3)
  --without generated   leave servers out: floor, bare, generated
  --node-args …         arguments for node that runs the facade, such as --cpu-prof
  --quick               one second, once, 8 connections, no latency`;

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    connections: { type: 'string' },
    latency: { type: 'string' },
    seconds: { type: 'string' },
    repeats: { type: 'string' },
    without: { type: 'string', default: '' },
    'node-args': { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const quick = values.quick;
const list = (text: string) => text.split(',').map((one) => one.trim());
const only = values.case === undefined ? null : list(values.case);
const loads = list(values.connections ?? (quick ? '8' : '8,64')).map(Number);
const latencies = list(values.latency ?? (quick ? '0' : '0,50')).map(Number);
const seconds = Number(values.seconds ?? (quick ? 1 : 5));
const repeats = Number(values.repeats ?? (quick ? 1 : 3));
const without = list(values.without);

const RESULTS = fileURLToPath(new URL('results', import.meta.url));

/** One line of the result. Ratios are over the generated facade, or over a client that calls the API itself. */
interface Line {
  case: string;
  apiMs: number;
  connections: number;
  server: string;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMs?: number | undefined;
  calls?: number | undefined;
  /** Answers a second, over those of the generated facade. */
  overGenerated?: number | undefined;
  /** One connection: median less that of the client that calls the API itself, in milliseconds. */
  addedMs?: number | undefined;
  /** `addedMs`, over that of the floor. */
  overFloor?: number | undefined;
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

build();
stepAside();
const mock = await startMock();
const { url: api, contactIds } = mock.ready;
const servers: Record<string, Served> = { facade: await startFacade(api, values['node-args']?.split(' ')) };
for (const name of ['floor', 'bare'] as const) {
  if (!without.includes(name)) servers[name] = await startOwn(name, api);
}
if (!without.includes('generated')) servers['generated'] = await startGenerated(api);
const startMs = servers['facade']?.startMs;
const idleMb = servers['facade']?.memoryMb();

const asks = (one: Case): [string, Ask][] =>
  Object.entries({ facade: one.facade, floor: one.floor, bare: one.floor, generated: one.omnigraph }).filter(
    (pair): pair is [string, Ask] => pair[1] !== undefined && pair[0] in servers,
  );

/** Everything answers what it should, and what it asks the API for is counted. */
async function check(one: Case): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  const rest = restClient(api);
  // The load before was broken off, and what servers had under way then goes on for a moment.
  do await setTimeout(200);
  while ((await control(api, 'calls')).length > 0);
  await rest.send(one.rest, 0);
  calls['rest'] = (await control(api, 'calls')).length;
  await rest.close();
  for (const [name, ask] of asks(one)) {
    const client = graphqlClient(servers[name] as Served);
    await client.rows(ask);
    await control(api, 'calls');
    const rows = await client.rows(ask);
    calls[name] = (await control(api, 'calls')).length;
    await client.close();
    if (rows !== one.rows)
      throw new Error(`${name} answers ${String(rows)} rows in ${one.name}, not ${String(one.rows)}`);
  }
  return calls;
}

const runs = new Map<string, Throughput[]>();
const singles = new Map<string, Latency[]>();
const note = <T>(all: Map<string, T[]>, key: string, value: T) => {
  const known = all.get(key);
  if (known) known.push(value);
  else all.set(key, [value]);
};
const keyOf = (...parts: (string | number)[]) => parts.join(' ');

/** Seconds that a server is under load before it is the next one's turn. */
const TURN = 1;

/** One pass over every server, which take short turns, so that whatever else the machine does meets them all. */
async function pass(one: Case, apiMs: number): Promise<void> {
  const rest = restClient(api);
  note(singles, keyOf(one.name, apiMs, 'rest'), await latency((at) => rest.send(one.rest, at), seconds));
  await rest.close();
  for (const [name, ask] of asks(one)) {
    const client = graphqlClient(servers[name] as Served);
    note(singles, keyOf(one.name, apiMs, name), await latency((at) => client.send(ask, at), seconds));
    await client.close();
  }
  for (const connections of loads) {
    for (let turn = 0; turn < seconds; turn += TURN) {
      const load = { connections, seconds: TURN };
      for (const [name, ask] of asks(one)) {
        const server = servers[name] as Served;
        note(runs, keyOf(one.name, apiMs, connections, name), await throughput(server, ask, load));
      }
      const direct = await restThroughput(api, one.rest, load);
      if (direct) note(runs, keyOf(one.name, apiMs, connections, 'rest'), direct);
    }
  }
}

const of = <T>(all: T[], key: keyof T) => median(all.map((one) => one[key] as number));

/** The median of how often one answers to how often another does in the turn beside it. */
const ratio = (all: Throughput[], others: Throughput[]) =>
  median(all.map(({ perSecond }, at) => perSecond / (others[at]?.perSecond ?? NaN)));

function linesOf(one: Case, apiMs: number, calls: Record<string, number>): Line[] {
  const names = ['rest', ...asks(one).map(([name]) => name)];
  const single = (name: string) => singles.get(keyOf(one.name, apiMs, name)) ?? [];
  const restP50 = of(single('rest'), 'p50Ms');
  const added = (name: string) => of(single(name), 'p50Ms') - restP50;
  const lines = names.map((name): Line => {
    const isServer = name !== 'rest';
    return {
      case: one.name,
      apiMs,
      connections: 1,
      server: name,
      perSecond: 1_000 / of(single(name), 'p50Ms'),
      p50Ms: of(single(name), 'p50Ms'),
      p99Ms: of(single(name), 'p99Ms'),
      calls: calls[name],
      ...(isServer && { addedMs: added(name) }),
      ...(isServer && single('floor').length > 0 && { overFloor: added(name) / added('floor') }),
    };
  });
  for (const connections of loads) {
    const run = (name: string) => runs.get(keyOf(one.name, apiMs, connections, name));
    const generated = run('generated');
    for (const name of names) {
      const measured = run(name);
      if (!measured) continue;
      lines.push({
        case: one.name,
        apiMs,
        connections,
        server: name,
        perSecond: of(measured, 'perSecond'),
        p50Ms: of(measured, 'p50Ms'),
        p99Ms: of(measured, 'p99Ms'),
        ...(name !== 'rest' && { cpuMs: of(measured, 'cpuMs') }),
        ...(generated && { overGenerated: ratio(measured, generated) }),
      });
    }
  }
  return lines;
}

const COLUMNS: [string, (line: Line) => string][] = [
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
];

function print(title: string, lines: readonly Line[]): void {
  const rows = [COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, text]) => text(line)))];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const row of rows) console.log(row.map((text, at) => text.padStart(widths[at] ?? 0)).join('  '));
}

const lines: Line[] = [];
for (const one of casesFor(contactIds)) {
  if (only && !only.includes(one.name)) continue;
  await control(api, 'latency/0');
  const calls = await check(one);
  // Warm: engines have compiled what they are going to compile before anything is measured.
  for (const [name, ask] of asks(one)) {
    await throughput(servers[name] as Served, ask, { connections: 8, seconds: Math.min(seconds, 3) });
  }
  for (const apiMs of latencies) {
    await control(api, `latency/${String(apiMs)}`);
    for (let repeat = 0; repeat < repeats; repeat += 1) await pass(one, apiMs);
    const made = linesOf(one, apiMs, calls);
    lines.push(...made);
    print(`${one.title}; the API takes ${String(apiMs)} ms`, made);
  }
}

const memory = Object.fromEntries(
  Object.entries(servers).map(([name, server]) => [name, Math.round(server.memoryMb())]),
);
const report = {
  at: new Date().toISOString(),
  node: process.version,
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${String(cpus().length)} cores`,
  pinning,
  seconds,
  repeats,
  startMs: Math.round(startMs ?? 0),
  idleMb: Math.round(idleMb ?? 0),
  memoryMb: memory,
  lines,
};
console.log(
  `\n${report.machine}, Node ${report.node}; ${pinning}; medians of ${String(repeats)} × ${String(seconds)} s.`,
);
console.log(
  `Facade: ${String(report.startMs)} ms from start to first answer; ${String(report.idleMb)} MB then, ${String(memory['facade'])} MB after all of this.`,
);
mkdirSync(RESULTS, { recursive: true });
const file = `${RESULTS}/${report.at.replace(/[:.]/g, '-')}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${file}`);
await Promise.all(Object.values(servers).map((server) => server.stop()));
await mock.stop();
process.exit(0);

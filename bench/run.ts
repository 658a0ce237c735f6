import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { casesFor, type Case, type RequestAt, type Rest } from './cases.js';
import {
  control,
  graphqlClient,
  latency,
  restClient,
  restThroughput,
  throughput,
  type Throughput,
} from './measure.js';
import {
  leaveServerCore,
  pinning,
  startCachingFacade,
  startFacade,
  startMock,
  startOwn,
  startPeer,
  type RunningServer,
} from './processes.js';
import { linesOf, marksOf, printLines, printMarks, processMarks, type Line, type Samples } from './report.js';

const HELP = `npm run bench -- [options]

  --case id,page50      only these cases: id, page50, page500, page500-plain, edges500,
                        cached500, names, labels, linked, campaigns
  --connections 8,64    numbers of connections (8,64)
  --latency 0,50        response times of the REST API, in milliseconds (0,50)
  --seconds 5           length of each measurement (5)
  --repeats 3           how often it is repeated; the median is printed (3)
  --without generated   leave servers out: floor, bare, generated, tailcall
  --against <dist>      also start the facade of another build (its dist folder) as "before"
                        and print "× before"
  --node-args=…         arguments for the node that runs the facade, such as --cpu-prof;
                        "before" runs without them
  --quick               1 second, once, 8 connections, no latency

To measure one build against another:
  npm run bench -- --against ../other/dist --without floor,bare,generated,tailcall --latency 0`;

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    connections: { type: 'string' },
    latency: { type: 'string' },
    seconds: { type: 'string' },
    repeats: { type: 'string' },
    without: { type: 'string', default: '' },
    against: { type: 'string' },
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
const list = (text: string) => text.split(',').map((entry) => entry.trim());
const loads = list(values.connections ?? (quick ? '8' : '8,64')).map(Number);
const latencies = list(values.latency ?? (quick ? '0' : '0,50')).map(Number);
const seconds = Number(values.seconds ?? (quick ? 1 : 5));
const repeats = Number(values.repeats ?? (quick ? 1 : 3));
const without = list(values.without);

const RESULTS = fileURLToPath(new URL('results', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Seconds of load before the next server's turn. */
const TURN = 1;

function build(): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

build();
leaveServerCore();
const mock = await startMock();
const { url: api, contactIds } = mock.ready;
const allCases = casesFor(contactIds);
const only = values.case === undefined ? null : list(values.case);
const unknown = only?.find((name) => !allCases.some((known) => known.name === name));
if (unknown !== undefined) throw new Error(`There is no case "${unknown}"; --help lists them.`);
const cases = allCases.filter(({ name }) => !only || only.includes(name));

const facade = await startFacade(DIST, api, values['node-args']?.split(' '));
const idleMb = Math.round(facade.memoryMb());
const servers: Record<string, RunningServer> = { facade };
if (cases.some(({ cached }) => cached)) servers['cached'] = await startCachingFacade(DIST, api);
if (values.against !== undefined) servers['before'] = await startFacade(values.against, api);
for (const name of ['floor', 'bare'] as const) {
  if (!without.includes(name)) servers[name] = await startOwn(name, api);
}
if (!without.includes('generated')) servers['generated'] = await startPeer('omnigraph', api);
if (!without.includes('tailcall')) servers['tailcall'] = await startPeer('tailcall', api);

interface Entrant {
  name: string;
  server: RunningServer;
  requestAt: RequestAt;
}

/** The servers that can answer a case. */
function entrantsOf({ facade, cached, floor, wire }: Case): Entrant[] {
  const requests = { facade, cached, before: facade, floor, bare: floor, generated: wire, tailcall: wire };
  return Object.entries(requests).flatMap(([name, requestAt]) => {
    const server = servers[name];
    return server && requestAt ? [{ name, server, requestAt }] : [];
  });
}

/**
 * Requests to compare. The first is repeated, because only then the reference data of its caller is cached.
 */
const CHECKED = [0, 0, 1, 96, 97];

/**
 * Checks that every server answers with the right rows and with as many values as the facade.
 *
 * @returns REST calls of one answer, by server, with cached reference data
 */
async function check(
  { name, rest, rows }: Case,
  entrants: readonly Entrant[],
): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  // Aborted requests of the previous load may still reach the mock.
  do await setTimeout(200);
  while ((await control(api, 'calls')).length > 0);
  const direct = restClient(api);
  await direct.send(rest, 0);
  calls['rest'] = (await control(api, 'calls')).length;
  await direct.close();
  const expected: number[] = [];
  for (const { name: server, server: running, requestAt } of entrants) {
    const client = graphqlClient(running);
    for (const [index, at] of CHECKED.entries()) {
      await control(api, 'calls');
      const content = await client.content(requestAt, at);
      if (index === 1) calls[server] = (await control(api, 'calls')).length;
      expected[index] ??= content.values;
      if (content.rows !== rows || content.values !== expected[index]) {
        throw new Error(
          `${server} answers ${name} with ${String(content.rows)} rows and ${String(content.values)} values, not ${String(rows)} and ${String(expected[index])}`,
        );
      }
    }
    await client.close();
  }
  return calls;
}

function append<K, V>(all: Map<K, V[]>, key: K, value: V): void {
  const known = all.get(key);
  if (known) known.push(value);
  else all.set(key, [value]);
}

/**
 * Measures every server once. Turns are short, so that other load of the machine affects all servers alike.
 */
async function measure(rest: Rest, entrants: readonly Entrant[], samples: Samples): Promise<void> {
  const direct = restClient(api);
  append(samples.latency, 'rest', await latency((at) => direct.send(rest, at), seconds));
  await direct.close();
  for (const { name, server, requestAt } of entrants) {
    const client = graphqlClient(server);
    append(samples.latency, name, await latency((at) => client.send(requestAt, at), seconds));
    await client.close();
  }
  for (const connections of loads) {
    const servers = samples.throughput.get(connections) ?? new Map<string, Throughput[]>();
    samples.throughput.set(connections, servers);
    for (let turn = 0; turn < seconds; turn += TURN) {
      const load = { connections, seconds: TURN };
      // Every second round runs in reverse order, so that no server always runs after the same one.
      for (const { name, server, requestAt } of turn % 2 === 0 ? entrants : entrants.toReversed()) {
        append(servers, name, await throughput(server, requestAt, load));
      }
      const direct = await restThroughput(api, rest, load);
      if (direct) append(servers, 'rest', direct);
    }
  }
}

const lines: Line[] = [];
for (const one of cases) {
  const entrants = entrantsOf(one);
  await control(api, 'latency/0');
  const calls = await check(one, entrants);
  // Warm up, so that code is compiled and every caller's reference data is cached.
  for (const { server, requestAt } of entrants) {
    await throughput(server, requestAt, { connections: 8, seconds: Math.min(seconds, 3) });
  }
  for (const apiMs of latencies) {
    await control(api, `latency/${String(apiMs)}`);
    const samples: Samples = { latency: new Map(), throughput: new Map() };
    for (let repeat = 0; repeat < repeats; repeat += 1) await measure(one.rest, entrants, samples);
    const measured = linesOf(one.name, apiMs, samples, calls);
    lines.push(...measured);
    printLines(`${one.title}; the API takes ${String(apiMs)} ms`, measured);
  }
}

const memoryMb = Object.fromEntries(
  Object.entries(servers).map(([name, server]) => [name, Math.round(server.memoryMb())]),
);
const startMs = Math.round(facade.startMs);
const marks = [...marksOf(cases, lines), ...processMarks(memoryMb['facade'] ?? NaN, startMs)];
printMarks(marks);
const report = {
  at: new Date().toISOString(),
  node: process.version,
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${String(cpus().length)} cores`,
  pinning,
  seconds,
  repeats,
  startMs,
  idleMb,
  memoryMb,
  marks,
  lines,
};
console.log(
  `\n${report.machine}, Node ${report.node}; ${pinning}; medians of ${String(repeats)} × ${String(seconds)} s.`,
);
console.log(
  `Memory of the facade: ${String(idleMb)} MB after its first answer, ${String(memoryMb['facade'])} MB at the end.`,
);
mkdirSync(RESULTS, { recursive: true });
const file = `${RESULTS}/${report.at.replace(/[:.]/g, '-')}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${file}`);
await Promise.all(Object.values(servers).map((server) => server.stop()));
await mock.stop();
process.exit(0);

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { createFacade, readConfig } from '../../dist/index.js';

/**
 * A facade in its own process. Arguments: the address of the REST API, and the environment as JSON. It prints
 * its address; then, for each line of input, its current and peak memory in bytes, the heap in use, and the
 * longest delay of its event loop in milliseconds since the last line. The delay is CPU time of the main thread, so
 * that neither a busy machine nor the threads of the garbage collector count. JavaScript, so that no compiler runs in the measured process.
 */
const config = readConfig({
  PORT: '0',
  LOG_LEVEL: 'silent',
  CONSTANT_CONTACT_API_URL: process.argv[2],
  CONSTANT_CONTACT_ACCESS_TOKEN: 'some-token',
  CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
  CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
  ...JSON.parse(process.argv[3] ?? '{}'),
});
const facade = await createFacade({ config });
const { url } = await facade.listen();

let peak = 0;
let turn = 0;
/** CPU time of the main thread, in milliseconds. */
const mainThread = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
let worked = mainThread();
const sample = () => {
  const now = mainThread();
  turn = Math.max(turn, now - worked);
  worked = now;
  peak = Math.max(peak, process.memoryUsage.rss());
};
setInterval(sample, 5);
process.on('message', () => {
  sample();
  // The first collection leaves buffers that only the second frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ now: rss, peak: Math.max(peak, rss), used: heapUsed + external, turn });
  peak = turn = 0;
  worked = mainThread();
});
process.send?.({ url });

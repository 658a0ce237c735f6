import process from 'node:process';
import { setInterval } from 'node:timers';
import { createFacade, readConfig } from '../../dist/index.js';

/**
 * A facade in a process of its own, over the REST API at the address that is its first argument, with the environment that is its
 * second, as JSON. It tells its address, then, each time it is asked, how many bytes it takes now and took at most since it was asked
 * last, how many are in use, and for how many milliseconds it worked at most before its event loop came round. That is time of the
 * processor, not of the clock, so that a busy machine does not count.
 * In JavaScript, so that nothing in it has to be compiled first.
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
let worked = process.cpuUsage();
const look = () => {
  const { user, system } = process.cpuUsage(worked);
  worked = process.cpuUsage();
  turn = Math.max(turn, (user + system) / 1_000);
  peak = Math.max(peak, process.memoryUsage.rss());
};
setInterval(look, 5);
process.on('message', () => {
  look();
  // The first time leaves buffers behind that only the second gives back.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ now: rss, peak: Math.max(peak, rss), used: heapUsed + external, turn });
  peak = turn = 0;
  worked = process.cpuUsage();
});
process.send?.({ url });

import { startApollo } from './apollo.js';
import { compose } from './compose.js';
import { ORDERS } from './data.js';
import { FACADE } from './facade.js';
import { startHive } from './hive.js';
import type { Running } from './listen.js';
import { startOrders } from './orders.js';
import { startFacade } from './sandbox-facade.js';

/**
 * Starts both subgraphs and a gateway. GATEWAY: hive (default) or apollo. PORT: port of the gateway, default
 * 4000. FACADE_URL and ORDERS_URL: running subgraphs. Missing ones are started, the facade over its sandbox
 * account.
 */

const GATEWAYS = { hive: startHive, apollo: startApollo };

const { GATEWAY = 'hive', PORT = '4000', FACADE_URL, ORDERS_URL } = process.env;
if (GATEWAY !== 'hive' && GATEWAY !== 'apollo') throw new Error('GATEWAY must be hive or apollo');

const running: Running[] = [];
async function shutDown(): Promise<void> {
  for (const one of running.splice(0).reverse()) await one.close();
}
process.once('SIGINT', () => void shutDown());
process.once('SIGTERM', () => void shutDown());

try {
  const facade = FACADE_URL || (await start(startFacade(0)));
  const orders = ORDERS_URL || (await start(startOrders(ORDERS, 0)));
  const supergraph = await compose([
    { name: FACADE, url: facade },
    { name: 'orders', url: orders },
  ]);
  const gateway = await start(GATEWAYS[GATEWAY](supergraph, Number(PORT)));
  console.log(
    `Subgraph of contacts: ${facade}\nSubgraph of orders:   ${orders}\nGateway (${GATEWAY}): ${gateway}`,
  );
} catch (error) {
  await shutDown();
  throw error;
}

async function start(starting: Promise<Running>): Promise<string> {
  const one = await starting;
  running.push(one);
  return one.url;
}

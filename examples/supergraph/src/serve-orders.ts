import { ORDERS } from './data.js';
import { startOrders } from './orders.js';

/** Serves the subgraph of orders alone. PORT: default 4002. */
const { url } = await startOrders(ORDERS, Number(process.env['PORT'] ?? '4002'));
console.log(`Serving orders: ${url}`);

import type { GovernorStatus } from '../constant-contact/budget/governor.js';
import { rateLimit } from '../resolvers/rate-limit.js';
import { builder } from './builder.js';
import { cost } from './cost.js';

const RateLimit = builder.objectRef<GovernorStatus>('RateLimit').implement({
  description:
    'Budget of REST calls of the API key, as counted by this server. Calls of other programs with the same key are not counted, but draw on the same budget.',
  fields: (t) => ({
    requestsPerSecond: t.int({
      description:
        'Maximum number of calls per second. `null` when this server sets no limit. Constant Contact allows 4.',
      resolve: (status) => status.requestsPerSecond || null,
    }),
    requestsPerDay: t.int({
      description:
        'Maximum number of calls per day, from midnight to midnight UTC. `null` when this server sets no limit. Constant Contact allows 10,000.',
      resolve: (status) => status.requestsPerDay || null,
    }),
    usedToday: t.exposeInt('usedToday', {
      nullable: false,
      description: 'Number of calls since midnight UTC, retries included.',
    }),
    remainingToday: t.exposeInt('remainingToday', {
      description: 'Number of calls left until `resetsAt`. `null` when there is no limit.',
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the daily budget is renewed: the next midnight UTC.',
      resolve: (status) => status.resetsAt,
    }),
    waiting: t.exposeInt('waiting', {
      nullable: false,
      description: 'Number of calls that are queued at the moment.',
    }),
    exhausted: t.exposeBoolean('exhausted', {
      nullable: false,
      description:
        'True when the API has reported that the daily budget is exhausted. Every call then fails immediately until `resetsAt`.',
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: false,
    description: 'Remaining budget of REST calls.',
    queryCost: cost.none,
    resolve: rateLimit,
  }),
);

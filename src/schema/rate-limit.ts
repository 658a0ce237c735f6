import type { GovernorStatus } from '../constant-contact/budget/governor.js';
import { rateLimit } from '../resolvers/rate-limit.js';
import { builder } from './builder.js';
import { cost } from './cost.js';

const RateLimit = builder.objectRef<GovernorStatus>('RateLimit').implement({
  description:
    'The budget of REST calls of the API key, as this server has counted it. Other programs that use the same key draw on it as well.',
  fields: (t) => ({
    requestsPerSecond: t.int({
      description:
        'Calls allowed in any one second; null when this server sets no limit. Constant Contact allows 4.',
      resolve: (status) => status.requestsPerSecond || null,
    }),
    requestsPerDay: t.int({
      description:
        'Calls allowed from one midnight UTC to the next; null when this server sets no limit. Constant Contact allows 10,000.',
      resolve: (status) => status.requestsPerDay || null,
    }),
    usedToday: t.exposeInt('usedToday', {
      nullable: false,
      description: 'Calls made since midnight UTC, retries included.',
    }),
    remainingToday: t.exposeInt('remainingToday', {
      description: 'Calls left until `resetsAt`; null when there is no limit.',
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Next midnight UTC.',
      resolve: (status) => status.resetsAt,
    }),
    waiting: t.exposeInt('waiting', {
      nullable: false,
      description: 'Calls that wait for their turn right now.',
    }),
    exhausted: t.exposeBoolean('exhausted', {
      nullable: false,
      description:
        'Whether the API has said that the day is spent: until `resetsAt` every call fails at once.',
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: false,
    description: 'What is left of the budget of REST calls.',
    queryCost: cost.none,
    resolve: rateLimit,
  }),
);

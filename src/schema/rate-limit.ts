import { rateLimit, type RateLimit as Status } from '../resolvers/rate-limit.js';
import { builder } from './builder.js';
import { cost } from './cost.js';

const RateLimit = builder.objectRef<Status>('RateLimit').implement({
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
    reservedForMutations: t.exposeInt('reservedForMutations', {
      nullable: false,
      description:
        'Calls of `remainingToday` that only mutations may make (`BUDGET_RESERVE`). When no others are left, queries that need a call fail.',
    }),
    callsPerHour: t.exposeInt('callsPerHour', {
      nullable: false,
      description: 'Pace: calls per hour, measured over the last hour.',
    }),
    allowedByNow: t.exposeInt('allowedByNow', {
      description:
        'Calls that may have been made by now for the day to last; null when there is no limit. A quarter of the calls that are not ' +
        'reserved is available at midnight UTC, the rest becomes available evenly over the day.',
    }),
    isAbovePace: t.exposeBoolean('isAbovePace', {
      nullable: false,
      description:
        'Whether `usedToday` has reached `allowedByNow`. Subscriptions then poll no more, and reads of callers who used more than their ' +
        'share of the day wait for up to two seconds, and behind those of other callers. Mutations never wait for this.',
    }),
    runsOutAt: t.field({
      type: 'DateTime',
      description:
        'When the calls of the day are spent at the pace of the last hour; null when they last until `resetsAt`.',
      resolve: (status) => status.runsOutAt,
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

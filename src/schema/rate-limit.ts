import { rateLimit, type RateLimit as Status } from '../resolvers/rate-limit.js';
import { builder } from './builder.js';
import { cost } from './cost.js';

const RateLimit = builder.objectRef<Status>('RateLimit').implement({
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
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the daily budget is renewed: the next midnight UTC.',
    }),
    waiting: t.exposeInt('waiting', {
      nullable: false,
      description: 'Number of calls that are queued at the moment.',
    }),
    reservedForMutations: t.exposeInt('reservedForMutations', {
      nullable: false,
      description:
        'Number of calls in `remainingToday` that are reserved for mutations (`BUDGET_RESERVE`). When no other calls are left, queries that need a call fail.',
    }),
    callsPerHour: t.exposeInt('callsPerHour', {
      nullable: false,
      description: 'Pace in calls per hour, measured over the last hour.',
    }),
    allowedByNow: t.exposeInt('allowedByNow', {
      description:
        'Number of calls that may have been made by now so that the budget lasts all day. `null` when there is no limit. A quarter of ' +
        'the calls that are not reserved is available at midnight UTC; the rest becomes available evenly over the day.',
    }),
    isAbovePace: t.exposeBoolean('isAbovePace', {
      nullable: false,
      description:
        'True when `usedToday` has reached `allowedByNow`. Subscriptions then stop polling, and reads of callers that used more than ' +
        'their share of the day wait behind those of other callers, for up to two seconds. Mutations never wait for this.',
    }),
    runsOutAt: t.expose('runsOutAt', {
      type: 'DateTime',
      description:
        'When the daily budget will be exhausted at the pace of the last hour. `null` when it lasts until `resetsAt`.',
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

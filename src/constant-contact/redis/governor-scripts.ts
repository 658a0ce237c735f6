import { DAY_MS } from '../budget/rate.js';
import type { RedisLink, RunOptions } from './link.js';

/**
 * Common part of the scripts of the shared budget. All of them get these keys, in this order:
 *
 * - `slots`    sorted set: who holds a slot of the second, by when it is free again
 * - `days`     hash: requests of each day since the epoch, UTC; as `<day> <caller>` those of each caller, and as `<day> callers`
 *              how many callers there are
 * - `spent`    until when the API refuses everything, after it has said so
 * - `quiet`    until when nothing is granted, because requests may be in flight that Redis does not know of
 * - `live`     exists for a moment after each grant
 * - `run`      the run of the server that knows of all slots
 * - `callers`  sorted set: callers with something waiting, by when they had their last turn or came
 * - `waiting`  sorted set: the same callers, by when they are forgotten unless a process names them again
 */
const KEYS = ['slots', 'days', 'spent', 'quiet', 'live', 'run', 'callers', 'waiting'] as const;

/** Each script runs in Redis as one, by the clock of Redis (milliseconds). */
const PRELUDE = `
local SLOTS, DAYS, SPENT, QUIET, LIVE, RUN, CALLERS, WAITING = unpack(KEYS)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local DAY = ${String(DAY_MS)}
local today = math.floor(now / DAY)
local function number(key) return tonumber(redis.call('GET', key) or '0') end
local function used(day) return tonumber(redis.call('HGET', DAYS, day) or '0') end
local function count(day, by)
  if by < 0 and used(day) + by < 0 then return end
  if redis.call('HINCRBY', DAYS, day, by) == by then
    for _, field in ipairs(redis.call('HKEYS', DAYS)) do
      if tonumber(string.match(field, '^%d+')) < today - 1 then redis.call('HDEL', DAYS, field) end
    end
  end
  redis.call('EXPIRE', DAYS, 172800)
end
local function restore(day, known)
  if used(day) < tonumber(known) then count(day, tonumber(known) - used(day)) end
end
local function hold(id, ms)
  redis.call('ZADD', SLOTS, now + ms, id)
  redis.call('PEXPIRE', SLOTS, 120000)
end
local function pause(ms)
  local ends = math.max(number(QUIET), now + ms)
  redis.call('SET', QUIET, ends, 'PX', math.max(1, ends - now))
end
`;

/**
 * Takes a slot, or two at once, for one of the callers waiting in this process, and counts the requests. ARGV: id, per second,
 * per day, milliseconds until the slot of a dead process is free, time after which the result is not used, lifetime of `live`,
 * pause after Redis has lost its data, time for which a caller counts as waiting, delay of the callers' turns (work that can
 * wait comes last), id of a second slot, how many of the day's requests may be reads, suffix of the callers' names, what this
 * process knows (see `STATE`); then for each caller a name, 1 if it has more than one request waiting here, number of slots for
 * its next request, and 1 if that belongs to a mutation.
 *
 * All processes share one round robin of callers: with n free slots, the n callers that have waited longest get them, whichever
 * process asks; the others learn when their slot will be free.
 *
 * Returns [status, now, used today, detail, run, …]: `granted` with the day it was counted in, and after the run the index of the
 * caller, the number of slots, of the caller's requests sent today, and of callers; `wait` with milliseconds, `spent` with its
 * end, `reserved` when only mutations are allowed, `late`.
 */
const TAKE = `${PRELUDE}
if now > tonumber(ARGV[5]) then return { 'late', now, 0, 0 } end
local run = redis.call('GET', RUN)
if not run then
  run = 'lost ' .. now
  redis.call('SET', RUN, run)
  pause(ARGV[7])
end
if run ~= ARGV[13] then restore(ARGV[14], ARGV[15]) end
local spent = number(SPENT)
if now < spent then return { 'spent', now, used(today), spent, run } end
local perDay = tonumber(ARGV[3])
if perDay > 0 and used(today) >= perDay then return { 'spent', now, used(today), (today + 1) * DAY, run } end
local quiet = number(QUIET)
if now < quiet then return { 'wait', now, used(today), quiet - now, run } end

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', WAITING, '-inf', now)) do
  redis.call('ZREM', CALLERS, gone)
  redis.call('ZREM', WAITING, gone)
end
local turn = now + ARGV[9]
local reserved = perDay > 0 and used(today) >= tonumber(ARGV[11])
local first, before, name
for i = 16, #ARGV, 4 do
  if not reserved or ARGV[i + 3] == '1' then
    local caller = ARGV[i] .. ARGV[12]
    redis.call('ZADD', WAITING, now + ARGV[8], caller)
    redis.call('ZADD', CALLERS, 'NX', turn, caller)
    local rank = redis.call('ZRANK', CALLERS, caller)
    if not before or rank < before then first, before, name = i, rank, caller end
  end
end
if not first then return { 'reserved', now, used(today), 0, run } end
redis.call('PEXPIRE', CALLERS, 120000)
redis.call('PEXPIRE', WAITING, 120000)

redis.call('ZREMRANGEBYSCORE', SLOTS, '-inf', now)
local perSecond = tonumber(ARGV[2])
local wanted = tonumber(ARGV[first + 2])
if perSecond == 1 or (perDay > 0 and used(today) + wanted > perDay) then wanted = 1 end
local excess = before + wanted - 1 - (perSecond - redis.call('ZCARD', SLOTS))
if perSecond > 0 and excess >= 0 then
  local slot = redis.call('ZRANGE', SLOTS, excess, excess, 'WITHSCORES')
  return { 'wait', now, used(today), math.max(1, (tonumber(slot[2]) or now + ARGV[8]) - now), run }
end
hold(ARGV[1], tonumber(ARGV[4]))
if wanted > 1 then hold(ARGV[10], tonumber(ARGV[4])) end
count(today, wanted)
redis.call('SET', LIVE, 1, 'PX', ARGV[6])
if ARGV[first + 1] == '1' then
  redis.call('ZADD', CALLERS, turn, name)
else
  redis.call('ZREM', CALLERS, name)
  redis.call('ZREM', WAITING, name)
end
return { 'granted', now, used(today), today, run, (first - 16) / 4, wanted, used(today .. ' ' .. ARGV[first]), used(today .. ' callers') }
`;

/**
 * The request left: its slot is free after this many milliseconds. ARGV: id, milliseconds; then, to count it for its caller, the
 * day it was counted in and the caller's name.
 */
const SENT = `${PRELUDE}
hold(ARGV[1], tonumber(ARGV[2]))
if ARGV[3] then
  local requests = redis.call('HINCRBY', DAYS, ARGV[3] .. ' ' .. ARGV[4], 1)
  if requests == 1 then redis.call('HINCRBY', DAYS, ARGV[3] .. ' callers', 1) end
end
return 1
`;

/** The request has arrived: its slot is free after this many milliseconds, if that is sooner. ARGV: id, milliseconds. */
const ANSWERED = `${PRELUDE}
local score = redis.call('ZSCORE', SLOTS, ARGV[1])
if score and now + tonumber(ARGV[2]) < tonumber(score) then hold(ARGV[1], tonumber(ARGV[2])) end
return 1
`;

/** The request was not sent. ARGV: id, the day it was counted in or -1. */
const CANCEL = `${PRELUDE}
if redis.call('ZREM', SLOTS, ARGV[1]) == 1 and tonumber(ARGV[2]) >= 0 then count(ARGV[2], -1) end
return 1
`;

/**
 * The API said that the day is spent. ARGV: how long ago the request left that was answered so, in milliseconds; how
 * long after midnight that may still be about the old day.
 */
const SPENT = `${PRELUDE}
if math.floor((now - tonumber(ARGV[1])) / DAY) ~= today then return 0 end
local midnight = today * DAY
local grace = tonumber(ARGV[2])
local ends = midnight + DAY
if now - midnight < grace then ends = midnight + grace end
redis.call('SET', SPENT, ends, 'PX', math.max(1, ends - now))
return 1
`;

/**
 * Adds requests sent without Redis and returns the state. ARGV: time after which the result is not used, JSON of [[day,
 * requests], …], what this process knows: the run, and the requests of a day, as of the last response. If Redis has lost its data
 * since, it counts at least those. Returns [status, now, used today, end of `spent`, run].
 */
const STATE = `${PRELUDE}
if now > tonumber(ARGV[1]) then return { 'late', now, 0, 0 } end
local run = redis.call('GET', RUN) or ''
if run ~= ARGV[3] then restore(ARGV[4], ARGV[5]) end
for _, entry in ipairs(cjson.decode(ARGV[2])) do count(entry[1], entry[2]) end
return { 'ok', now, used(today), number(SPENT), run }
`;

/**
 * Reports the slots of a process after an outage. ARGV: time after which the result is not used, the server's run, length of
 * the outage, pause while other processes may still be without Redis, shortest outage in which requests are sent without Redis,
 * a day and its requests that this process knows of, JSON of [[id, day counted in or -1], …] to release, JSON of [[id,
 * milliseconds], …] to hold.
 */
const RETURN = `${PRELUDE}
if now > tonumber(ARGV[1]) then return { 'late', now, 0, 0 } end
local forgot = redis.call('GET', RUN) ~= ARGV[2]
local alone = tonumber(ARGV[3]) >= tonumber(ARGV[5]) and redis.call('EXISTS', LIVE) == 0
if forgot or alone then pause(ARGV[4]) end
redis.call('SET', RUN, ARGV[2])
restore(ARGV[6], ARGV[7])
for _, entry in ipairs(cjson.decode(ARGV[8])) do
  if redis.call('ZREM', SLOTS, entry[1]) == 1 and entry[2] >= 0 then count(entry[2], -1) end
end
for _, entry in ipairs(cjson.decode(ARGV[9])) do hold(entry[1], entry[2]) end
return { 'ok', now, used(today), number(SPENT), ARGV[2] }
`;

/** Responses of the scripts that describe the state of the budget. */
export type BudgetState = [
  what: string,
  now: number,
  used: number,
  detail: number,
  run?: string,
  turn?: number,
  slots?: number,
  requests?: number,
  callers?: number,
];

export type GovernorScripts = ReturnType<typeof governorScripts>;

/** The scripts, ready to be run. */
export function governorScripts(link: RedisLink) {
  const script = (name: string, lua: string) => {
    const run = link.script(name, lua);
    return (args: (string | number)[], options?: RunOptions) => run(KEYS, args, options);
  };
  return {
    take: script('governorTake', TAKE),
    sent: script('governorSent', SENT),
    answered: script('governorAnswered', ANSWERED),
    cancel: script('governorCancel', CANCEL),
    spent: script('governorSpent', SPENT),
    state: script('governorState', STATE),
    back: script('governorReturn', RETURN),
  };
}

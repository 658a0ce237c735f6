import { DAY_MS } from '../budget/rate.js';

/**
 * The shared budget's steps. Each runs in Redis as one, by the clock of Redis (milliseconds), and has the prefix of the
 * keys as its only key:
 *
 * - `slots`  sorted set: who holds a slot of the second, by when it is free again
 * - `day:N`  requests of the Nth day since the epoch, UTC
 * - `spent`  until when the API refuses everything, after it has said so
 * - `quiet`  until when nothing is granted, because processes that had no Redis may still be sending
 * - `live`   exists for a moment after each grant
 * - `run`    the run of the server that knows of all slots
 */
const PRELUDE = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local DAY = ${String(DAY_MS)}
local today = math.floor(now / DAY)
local function key(name) return KEYS[1] .. name end
local function number(name) return tonumber(redis.call('GET', key(name)) or '0') end
local function count(day, by)
  if by < 0 and number('day:' .. day) + by < 0 then return end
  redis.call('INCRBY', key('day:' .. day), by)
  redis.call('EXPIRE', key('day:' .. day), 172800)
end
local function hold(id, ms)
  redis.call('ZADD', key('slots'), now + ms, id)
  redis.call('PEXPIRE', key('slots'), 120000)
end
`;

/**
 * Takes slots, all or none, and counts the requests. ARGV: per second, per day, milliseconds until the slot of a process
 * that died is free, time after which nobody waits for the answer, lifetime of `live`, the ids of the slots.
 * Answers [what, now, used today, …]: `granted` with the day they were counted in, `wait` with milliseconds, `spent` with the
 * time it ends, `late`.
 */
export const TAKE = `${PRELUDE}
if now > tonumber(ARGV[4]) then return { 'late', now, 0, 0 } end
local wanted = #ARGV - 5
local used = number('day:' .. today)
local spent = number('spent')
if now < spent then return { 'spent', now, used, spent } end
local perDay = tonumber(ARGV[2])
if perDay > 0 and used >= perDay then return { 'spent', now, used, (today + 1) * DAY } end
local quiet = number('quiet')
if now < quiet then return { 'wait', now, used, quiet - now } end
redis.call('ZREMRANGEBYSCORE', key('slots'), '-inf', now)
local perSecond = tonumber(ARGV[1])
local over = redis.call('ZCARD', key('slots')) + wanted - perSecond
if perSecond > 0 and over > 0 then
  local last = redis.call('ZRANGE', key('slots'), over - 1, over - 1, 'WITHSCORES')
  return { 'wait', now, used, math.max(1, tonumber(last[2]) - now) }
end
for at = 6, #ARGV do hold(ARGV[at], tonumber(ARGV[3])) end
count(today, wanted)
redis.call('SET', key('live'), 1, 'PX', ARGV[5])
return { 'granted', now, used + wanted, today }
`;

/** The request left: its slot is free after this many milliseconds. ARGV: id, milliseconds. */
export const SENT = `${PRELUDE}
hold(ARGV[1], tonumber(ARGV[2]))
return 1
`;

/** The request has arrived: its slot is free after this many milliseconds, if that is sooner. ARGV: id, milliseconds. */
export const ANSWERED = `${PRELUDE}
local score = redis.call('ZSCORE', key('slots'), ARGV[1])
if score and now + tonumber(ARGV[2]) < tonumber(score) then hold(ARGV[1], tonumber(ARGV[2])) end
return 1
`;

/** The request was not sent. ARGV: id, the day it was counted in or -1. */
export const CANCEL = `${PRELUDE}
if redis.call('ZREM', key('slots'), ARGV[1]) == 1 and tonumber(ARGV[2]) >= 0 then count(ARGV[2], -1) end
return 1
`;

/**
 * The API said that the day is spent. ARGV: how long ago the request left that was answered so, in milliseconds; how
 * long after midnight that may still be about the old day.
 */
export const SPENT = `${PRELUDE}
if math.floor((now - tonumber(ARGV[1])) / DAY) ~= today then return 0 end
local midnight = today * DAY
local grace = tonumber(ARGV[2])
local ends = midnight + DAY
if now - midnight < grace then ends = midnight + grace end
redis.call('SET', key('spent'), ends, 'PX', math.max(1, ends - now))
return 1
`;

/**
 * Adds what was sent without Redis and tells how things stand. ARGV: time after which nobody waits for the answer,
 * JSON of [[day, requests], …]. Answers [what, now, used today, end of `spent`].
 */
export const STATE = `${PRELUDE}
if now > tonumber(ARGV[1]) then return { 'late', now, 0, 0 } end
for _, entry in ipairs(cjson.decode(ARGV[2])) do count(entry[1], entry[2]) end
return { 'ok', now, number('day:' .. today), number('spent') }
`;

/**
 * A process is back after an outage and says what it holds. ARGV: time after which nobody waits for the answer, the
 * server's run, length of the outage, how long nothing is granted when others may still be without Redis, shortest outage
 * in which requests are sent without Redis, JSON of [[id, day counted in or -1], …] to let go, JSON of
 * [[id, milliseconds], …] to hold.
 */
export const RETURN = `${PRELUDE}
if now > tonumber(ARGV[1]) then return { 'late', now, 0, 0 } end
local quiet = number('quiet')
local forgot = redis.call('GET', key('run')) ~= ARGV[2]
local alone = tonumber(ARGV[3]) >= tonumber(ARGV[5]) and redis.call('EXISTS', key('live')) == 0
if forgot or alone then quiet = math.max(quiet, now + tonumber(ARGV[4])) end
redis.call('SET', key('run'), ARGV[2])
redis.call('SET', key('quiet'), quiet, 'PX', math.max(1, quiet - now))
for _, entry in ipairs(cjson.decode(ARGV[6])) do
  if redis.call('ZREM', key('slots'), entry[1]) == 1 and entry[2] >= 0 then count(entry[2], -1) end
end
for _, entry in ipairs(cjson.decode(ARGV[7])) do hold(entry[1], entry[2]) end
return { 'ok', now, number('day:' .. today), number('spent') }
`;

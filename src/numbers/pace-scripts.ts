/**
 * The shares of a number's pace, in Redis: who may send how many of the messages of one second. Two scripts, each atomic, on Redis'
 * own clock. What a process does with its share is told in pace-share.ts, and why it is done so in docs/decisions.
 *
 * A pace of `rate` has ceil(rate) places. A process is lent some of them and counts for itself that no second of its own holds more.
 * All that is lent, and all that was given back within the last second, is never more than there are places: so no second of all of
 * them holds more, however far each is from Redis, and whatever their clocks say.
 *
 * - A loan ends by itself when it is not renewed; its places are free a second later, when whatever left by them has left the window.
 * - Places are taken back in two steps: the process is told of a smaller `target`, keeps to it, and says so with its next question.
 *   Only then do they begin to cool down, for the others; whoever gave them back may have them again at once, since it counts them.
 * - What a process says it holds is a fact, also when this server knows nothing of it: it was emptied, or has just taken over. Such a
 *   server lends nothing new until every loan of the one before has come back or ended, and a second has passed.
 * - Questions carry a number: one that was stuck on an old connection and comes late is not answered.
 */

/** A loan lasts so long from the question; a process counts it from the moment it asked, so it never ends later there than here. */
export const LEASE_MS = 1_500;
/** A second, and what two clocks may differ in counting one. */
const COOLING_MS = 1_010;

/**
 * KEYS: the number. ARGV: process, number of the question, places it holds, places it could use (0 = none), own ceiling, is it news
 * (1 or 0), learnt rate, still stopped for (ms), learnt reason, which server this is.
 * Answers: places lent, places to keep to, rate, ceiling, stopped for (ms), reason, places in all, ask again after (ms). Empty: too late.
 */
export const SHARE = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local LEASE, COOLING = ${String(LEASE_MS)} * 1000, ${String(COOLING_MS)} * 1000
local id, seq, holding, want = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local own, isNews, server = tonumber(ARGV[5]), ARGV[6] == '1', ARGV[10]
local fields, loans = {}, {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local name = string.match(all[i], '^loan:(.*)$')
  if name then
    local held, ends, cool, coolUntil, asked, wanted = string.match(all[i + 1], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
    loans[name] = { id = name, held = tonumber(held), ends = tonumber(ends), cool = tonumber(cool), coolUntil = tonumber(coolUntil),
      seq = tonumber(asked), want = tonumber(wanted) }
  else
    fields[all[i]] = all[i + 1]
  end
end
local rate, ceiling, climbed, stopped = tonumber(fields.rate), tonumber(fields.ceiling), tonumber(fields.climbed), tonumber(fields.stopped)
local slowed, born, by = fields.slowed or '0', tonumber(fields.born), fields.by or ARGV[9]
if not rate then
  rate, ceiling = math.min(tonumber(ARGV[7]), own), own
elseif isNews and own ~= ceiling then
  if rate >= ceiling then rate = own else rate = math.max(math.min(rate, own), own * 0.01) end
  ceiling = own
  redis.call('PUBLISH', KEYS[1], 'ceiling')
end
if fields.server ~= server then
  -- Emptied, or another one with another clock: loans are believed when they are told of, times only of this server.
  for name in pairs(loans) do redis.call('HDEL', KEYS[1], 'loan:' .. name) end
  local known = fields.server == nil and stopped or 0
  loans, born, stopped = {}, now, math.max(known, now + tonumber(ARGV[8]) * 1000)
  slowed, climbed = fields.server == nil and slowed or '0', math.max(now, stopped)
end
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local places = math.max(1, math.ceil(rate - 0.000000001))

local me = loans[id] or { id = id, held = 0, ends = 0, cool = 0, coolUntil = 0, seq = -1, want = 0 }
if seq <= me.seq then return {} end
loans[id] = me
local taken = 0
local wanting = {}
for name, loan in pairs(loans) do
  if loan.coolUntil <= now then loan.cool = 0 end
  if loan.ends <= now and loan.held > 0 then
    if loan.ends + COOLING > now then
      loan.cool = loan.cool + loan.held
      loan.coolUntil = math.max(loan.coolUntil, loan.ends + COOLING)
    end
    loan.held = 0
  end
  if name == id then
    if holding < loan.held then
      loan.cool = loan.cool + loan.held - holding
      loan.coolUntil = now + COOLING
    end
    loan.held, loan.want, loan.seq, loan.ends = holding, want, seq, now + LEASE
  end
  if loan.held == 0 and loan.cool == 0 and loan.ends <= now then redis.call('HDEL', KEYS[1], 'loan:' .. name)
  elseif loan.want > 0 and loan.ends > now then wanting[#wanting + 1] = loan end
  taken = taken + loan.held + loan.cool
end

-- Equal parts, but to nobody more than it can use. Where they do not come out even, whoever holds most keeps most: nothing moves for nothing.
table.sort(wanting, function(a, b)
  if a.want ~= b.want then return a.want < b.want end
  if a.held ~= b.held then return a.held < b.held end
  return a.id < b.id
end)
local left, target = places, 0
for i, loan in ipairs(wanting) do
  local part = math.min(loan.want, math.floor(left / (#wanting - i + 1)))
  left = left - part
  if loan.id == id then target = part end
end
-- A server that knows nothing of the last second lends nothing, not even to whoever has just given something back: it may have been told late.
if me.held < target and now >= born + LEASE + COOLING then
  -- Its own places that cool down it may have again at once, since it counts for itself what left by them; of the rest what is free.
  local back = math.max(0, math.min(me.cool, target - me.held, places - taken + me.cool))
  me.cool = me.cool - back
  me.held = me.held + back + math.max(0, math.min(target - me.held - back, places - taken))
end
local again = ${String(LEASE_MS / 3)}
if me.held < target then again = 100 end

redis.call('HSET', KEYS[1], 'rate', string.format('%.9g', rate), 'ceiling', string.format('%.9g', ceiling), 'climbed', string.format('%.0f', climbed),
  'stopped', string.format('%.0f', stopped), 'slowed', slowed, 'by', by, 'born', string.format('%.0f', born), 'server', server)
if want > 0 or me.held > 0 or me.cool > 0 then
  redis.call('HSET', KEYS[1], 'loan:' .. id, string.format('%.0f %.0f %.0f %.0f %.0f %.0f', me.held, me.ends, me.cool, me.coolUntil, seq, want))
else
  redis.call('HDEL', KEYS[1], 'loan:' .. id)
end
redis.call('PEXPIRE', KEYS[1], 86400000)
return { me.held, target, string.format('%.9g', rate), string.format('%.9g', ceiling), string.format('%.0f', math.max(0, stopped - now) / 1000), by, places, again }
`;

/**
 * Meta objected: the same rules as slowDown in pace.ts, for all processes at once, which are told on the channel of the key's name.
 * KEYS: the number. ARGV: own ceiling, learnt rate, seconds, factor, reason.
 */
export const SLOW = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local seconds, factor = tonumber(ARGV[3]), tonumber(ARGV[4])
local h = redis.call('HMGET', KEYS[1], 'rate', 'climbed', 'stopped', 'slowed', 'ceiling')
local rate, climbed, stopped = tonumber(h[1]) or tonumber(ARGV[2]), tonumber(h[2]) or now, tonumber(h[3]) or 0
local slowed, ceiling = tonumber(h[4]) or 0, tonumber(h[5]) or tonumber(ARGV[1])
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local same = slowed > 0 and now < math.max(stopped, slowed + 1000000)
if now + seconds * 1000000 > stopped and ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'by', ARGV[5]) end
stopped = math.max(stopped, now + seconds * 1000000)
if factor < 1 and not same then
  rate = math.max(rate * factor, ceiling * 0.01)
  slowed = now
end
climbed = math.max(climbed, stopped)
redis.call('HSET', KEYS[1], 'rate', string.format('%.9g', rate), 'ceiling', string.format('%.9g', ceiling), 'climbed', string.format('%.0f', climbed),
  'stopped', string.format('%.0f', stopped), 'slowed', string.format('%.0f', slowed))
redis.call('PEXPIRE', KEYS[1], 86400000)
redis.call('PUBLISH', KEYS[1], 'slow')
return 1
`;

-- One commit: compare everything that the call has read, and only then write. Redis runs it without anything between.
--
-- KEYS: the places, each a hash of fields. ARGV: the time to live in milliseconds; the number of reads, and for each
-- the position of its place, its field, whether it had a value, and the value; the number of writes, and the same for each.
local next_argument = 0
local function argument()
  next_argument = next_argument + 1
  return ARGV[next_argument]
end

local time_to_live = argument()
for _ = 1, tonumber(argument()) do
  local place, field, present, value = KEYS[tonumber(argument())], argument(), argument(), argument()
  local found = redis.call('HGET', place, field)
  if (present == '1' and found ~= value) or (present == '0' and found) then
    return 0
  end
end
for _ = 1, tonumber(argument()) do
  local place, field, present, value = KEYS[tonumber(argument())], argument(), argument(), argument()
  if present == '1' then
    redis.call('HSET', place, field, value)
  else
    redis.call('HDEL', place, field)
  end
  -- A place whose last field is gone is gone, and then this does nothing.
  redis.call('PEXPIRE', place, time_to_live)
end
return 1

namespace Realtime.Protocol.Redis;

/// <summary>
/// What a <see cref="RedisJournal"/> asks of its server: one script for each verb, over one key, so that each is one step and runs in a cluster. A key is a hash with <c>fence</c>, <c>owner</c>, <c>checkpoint</c>, <c>writer</c> and <c>save</c>.
/// </summary>
/// <remarks>
/// A fence is the server's clock in microseconds, or one more than the fence before where that is higher: it rises also where the key has expired, or where a replica that had not heard of it took over. A save has the number that its process
/// gave it: one that was given up, and is done by the server after a newer one, changes nothing. Lua counts in doubles, which hold microseconds exactly until the year 2255.
/// </remarks>
internal static class JournalScripts
{
    /// <summary>Owner, milliseconds until it expires or 0. Gives the fence, and the checkpoint or nothing.</summary>
    public const string Claim = """
        local now = redis.call('TIME')
        local fence = now[1] * 1000000 + now[2]
        local before = tonumber(redis.call('HGET', KEYS[1], 'fence') or '0')
        if fence <= before then fence = before + 1 end
        fence = string.format('%.0f', fence)
        redis.call('HDEL', KEYS[1], 'writer', 'save')
        redis.call('HSET', KEYS[1], 'fence', fence, 'owner', ARGV[1])
        if ARGV[2] == '0' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return { fence, redis.call('HGET', KEYS[1], 'checkpoint') }
        """;

    /// <summary>Fence, milliseconds until it expires or 0, checkpoint, writer, number of the save. Gives 1, or 0 when the fence is not the call's.</summary>
    public const string Save = """
        local has = redis.call('HMGET', KEYS[1], 'fence', 'writer', 'save')
        if has[1] ~= ARGV[1] then return 0 end
        if has[2] ~= ARGV[4] or tonumber(has[3]) < tonumber(ARGV[5]) then
            redis.call('HSET', KEYS[1], 'checkpoint', ARGV[3], 'writer', ARGV[4], 'save', ARGV[5])
        end
        if ARGV[2] == '0' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return 1
        """;

    /// <summary>Fence, milliseconds until it expires. Gives 1, or 0 when the fence is not the call's. The next fence is nobody's.</summary>
    public const string End = """
        if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'fence', string.format('%.0f', ARGV[1] + 1))
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;
}

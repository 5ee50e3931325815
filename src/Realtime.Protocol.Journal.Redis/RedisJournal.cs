using System.Buffers;
using System.Globalization;
using System.Text;
using Realtime.Protocol.Redis;
using StackExchange.Redis;

namespace Realtime.Protocol;

/// <summary>
/// A journal in Redis, for calls of many gateways: whichever of them claims a call has it. Each verb is one script over one key. How much of what was saved outlives the server is the server's setting, and the README says what each loses.
/// Its members may be called from any thread.
/// </summary>
/// <remarks>
/// What is stored is what was said: let only the application read these keys. A failure is StackExchange.Redis's own exception, or a <see cref="TimeoutException"/>; this journal puts neither its configuration nor a checkpoint into one.
/// </remarks>
public sealed class RedisJournal : ISessionJournal, IAsyncDisposable
{
    // With the process, not with the journal: a process may have many over one server.
    private static readonly RedisValue Writer = Guid.NewGuid().ToString("N");
    private static long _saves;

    private readonly Lock _lock = new();
    private readonly ConfigurationOptions? _configuration;
    private readonly string _prefix;
    private readonly RedisValue _claimable;
    private readonly RedisValue _ended;
    private Task<IConnectionMultiplexer>? _connecting;
    private bool _isDisposed;

    /// <summary>A journal over the caller's connection.</summary>
    /// <param name="connection">Stays the caller's, who closes it after the journal's last use.</param>
    /// <param name="options">Where the calls are kept, and for how long; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options cannot be; the message says which.</exception>
    public RedisJournal(IConnectionMultiplexer connection, RedisJournalOptions? options = null)
        : this(options ?? new())
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connecting = Task.FromResult(connection);
    }

    /// <summary>A journal over a connection of its own, which is made at the first use, and anew whenever it is lost.</summary>
    /// <param name="configuration">As StackExchange.Redis reads it.</param>
    /// <param name="options">Where the calls are kept, and for how long; null for the defaults.</param>
    /// <exception cref="ArgumentException">The configuration cannot be read, or the options cannot be; the message says which.</exception>
    public RedisJournal(string configuration, RedisJournalOptions? options = null)
        : this(options ?? new())
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        _configuration = Read(configuration);
    }

    private RedisJournal(RedisJournalOptions options)
    {
        _prefix = options.KeyPrefix is { Length: > 0 } prefix && IsText(prefix) && prefix.AsSpan().IndexOfAny('{', '}') < 0
            ? prefix
            : throw new ArgumentException($"{nameof(options.KeyPrefix)} has to be text without braces, and not empty.", nameof(options));
        _claimable = options.ClaimableFor is { } claimable ? Milliseconds(claimable, nameof(options.ClaimableFor)) : 0;
        _ended = Milliseconds(options.EndedFor, nameof(options.EndedFor));
    }

    /// <inheritdoc/>
    /// <exception cref="RedisException">The server is gone, or refused.</exception>
    /// <exception cref="TimeoutException">It did not answer in the time of the connection.</exception>
    /// <exception cref="ArgumentException">The id holds U+0000 or half of a surrogate pair.</exception>
    public async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        RedisResult answer = await AskAsync(JournalScripts.Claim, KeyOf(callId), [owner, _claimable], cancellationToken).ConfigureAwait(false);
        return new JournalClaim(long.Parse((string)answer[0]!, CultureInfo.InvariantCulture), (byte[]?)answer[1] is { } stored ? stored : null);
    }

    /// <inheritdoc/>
    /// <exception cref="RedisException">The server is gone, or refused.</exception>
    /// <exception cref="TimeoutException">It did not answer in the time of the connection.</exception>
    public async ValueTask<bool> SaveAsync(string callId, long fence, [Borrowed] ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        // A copy, since a save that is given up may go on writing.
        RedisValue[] values = [fence, _claimable, checkpoint.ToArray(), Writer, Interlocked.Increment(ref _saves)];
        return (bool)await AskAsync(JournalScripts.Save, KeyOf(callId), values, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RedisException">The server is gone, or refused.</exception>
    /// <exception cref="TimeoutException">It did not answer in the time of the connection.</exception>
    public async ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) =>
        await AskAsync(JournalScripts.End, KeyOf(callId), [fence, _ended], cancellationToken).ConfigureAwait(false);

    /// <summary>Closes the connection that the journal made of a configuration; one of the caller's stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connecting;
        lock (_lock)
        {
            (connecting, _isDisposed) = (_connecting, true);
        }

        if (_configuration is not null && connecting is not null)
        {
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (connecting.IsCompletedSuccessfully)
            {
                await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static ConfigurationOptions Read(string configuration)
    {
        try
        {
            ConfigurationOptions read = ConfigurationOptions.Parse(configuration);
            read.AbortOnConnectFail = false; // a server that is not there yet is connected to when it is
            return read;
        }
        catch (Exception unreadable)
        {
            // Its text may repeat a part of the configuration, and that part may be one of a password.
            throw new ArgumentException($"StackExchange.Redis cannot use the configuration ({unreadable.GetType().Name}). Which part is wrong is not repeated here, since it may hold a password.", nameof(configuration));
        }
    }

    private static long Milliseconds(TimeSpan time, string option) =>
        time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromDays(36_500) ? (long)time.TotalMilliseconds : throw new ArgumentException($"{option} has to be at least a second, and at most 100 years.", option);

    // Redis would store all text but half of a surrogate pair; U+0000 is refused as in PostgreSQL, so that a call may be kept in either.
    private static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }

    private RedisKey KeyOf(string callId)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        return IsText(callId) ? $"{_prefix}{{{callId}}}" : throw new ArgumentException("An id has no character U+0000 and no half of a surrogate pair.", nameof(callId));
    }

    private async Task<RedisResult> AskAsync(string script, RedisKey key, RedisValue[] values, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<RedisResult> asking = EvaluateAsync(script, key, values);
        try
        {
            return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = asking.ContinueWith(static left => _ = left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<RedisResult> EvaluateAsync(string script, RedisKey key, RedisValue[] values)
    {
        IConnectionMultiplexer connection = await ConnectAsync().ConfigureAwait(false);
        return await connection.GetDatabase().ScriptEvaluateAsync(script, [key], values, CommandFlags.DemandMaster).ConfigureAwait(false);
    }

    private Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _connecting is { IsFaulted: false, IsCanceled: false } ? _connecting : _connecting = OpenAsync(_configuration!);
        }

        static async Task<IConnectionMultiplexer> OpenAsync(ConfigurationOptions configuration) => await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }
}

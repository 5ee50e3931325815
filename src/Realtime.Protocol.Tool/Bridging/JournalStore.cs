namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>
/// The store of a <see cref="JournalPlace"/>. A table is made at the first claim, so that the database may come later than we; and what ended calls leave behind is taken away when they ended a day ago: looked for every hour in which a call comes, beside that call.
/// </summary>
internal sealed class JournalStore : ISessionJournal, IAsyncDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan RemoveEvery = TimeSpan.FromHours(1);

    private readonly ISessionJournal _inner;
    private readonly Action<string> _tell;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private long? _removedAt;
    private Task _removing = Task.CompletedTask;
    private volatile bool _isPrepared;
    private string? _told;

    private JournalStore(ISessionJournal inner, Action<string> tell, TimeProvider time) => (_inner, _tell, _time) = (inner, tell, time);

    /// <summary>Opens it; null where calls are not kept. Nothing is said to a server yet.</summary>
    /// <param name="place">Where.</param>
    /// <param name="tell">Is told once why the store cannot be used, for as long as that is the reason.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ToolException">The folder cannot be used.</exception>
    public static JournalStore? Open(JournalPlace place, Action<string> tell, TimeProvider time) => place switch
    {
        JournalPlace.Folder(var path) => new(OpenFolder(path), tell, time),
        JournalPlace.InPostgreSql postgreSql => new(new PostgreSqlJournal(postgreSql.ToText()), tell, time),
        JournalPlace.InRedis redis => new(new RedisJournal(redis.ToText()), tell, time),
        _ => null,
    };

    /// <summary>Where calls are kept when nobody says: in the user's own folder for state.</summary>
    /// <exception cref="ToolException">The environment names none.</exception>
    public static string UsualFolder(Func<string, string?> getVariable)
    {
        string? state = OperatingSystem.IsWindows() ? getVariable("LOCALAPPDATA")
            : getVariable("XDG_STATE_HOME") is { Length: > 0 } named ? named
            : getVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : null;
        return string.IsNullOrEmpty(state)
            ? throw new ToolException(ExitCode.UnusableInput, "There is no home folder to keep calls in. Name a folder with --journal, or --journal none.")
            : Path.Combine(state, "realtime", "calls");
    }

    /// <inheritdoc/>
    public async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        try
        {
            await PrepareAsync(cancellationToken);
            JournalClaim claim = await _inner.ClaimAsync(callId, owner, cancellationToken);
            _told = null;
            RemoveEndedInTime();
            return claim;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            string why = Timeline.Printable.Line(failure.Message);
            if (Interlocked.Exchange(ref _told, why) != why)
            {
                _tell($"The journal cannot be used: {why}");
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(string callId, long fence, [Borrowed] ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => _inner.SaveAsync(callId, fence, checkpoint, cancellationToken);

    /// <inheritdoc/>
    public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => _inner.EndAsync(callId, fence, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _removing;
        if (_inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        _closing.Dispose();
    }

    private static FileJournal OpenFolder(string path)
    {
        try
        {
            // What is stored is what was said.
            if (!Directory.Exists(path) && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new FileJournal(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException(ExitCode.UnusableInput, $"Calls can't be kept in {path} (--journal): {Timeline.Printable.Line(failure.Message)}", failure);
        }
    }

    private async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared)
        {
            return;
        }

        if (_inner is PostgreSqlJournal table)
        {
            await table.CreateSchemaAsync(cancellationToken);
        }

        _isPrepared = true;
    }

    private void RemoveEndedInTime()
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested || !_removing.IsCompleted || (_removedAt is { } last && _time.GetElapsedTime(last) < RemoveEvery))
            {
                return;
            }

            _removedAt = _time.GetTimestamp();
            _removing = RemoveEndedAsync();
        }
    }

    // A call does not wait for it, and is not refused when it fails.
    private async Task RemoveEndedAsync()
    {
        await Task.Yield();
        try
        {
            switch (_inner)
            {
                case PostgreSqlJournal table:
                    await table.RemoveEndedAsync(Kept, _closing.Token);
                    break;
                case FileJournal files:
                    await files.RemoveEnded(Kept, _closing.Token);
                    break;
            }
        }
        catch (Exception failure)
        {
            if (!_closing.IsCancellationRequested)
            {
                _tell($"What ended calls left could not be taken away: {Timeline.Printable.Line(failure.Message)}");
            }
        }
    }
}

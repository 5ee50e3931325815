using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>One scripted server after another, each for one connection of a session that outlives them, in the order in which it connects.</summary>
internal sealed class ServerRow
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<ScriptedServer> _servers = Channel.CreateUnbounded<ScriptedServer>();
    private readonly List<VoiceSessionUpdate> _updates = [];
    private int _asked;
    private int _marks;

    /// <summary>How often a connection was asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Thrown instead of a connection while it is not null.</summary>
    public Func<int, Exception?> Refuses { get; set; } = static _ => null;

    /// <summary>The server of the next connection, once it was asked for.</summary>
    public async Task<ScriptedServer> NextAsync() => await _servers.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Options of a session that connects to these servers, and connects anew at once.</summary>
    public VoiceSessionOptions Options(TimeProvider? time = null, ReconnectPolicy? policy = null)
    {
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.Reconnect = policy ?? ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero };
        options.Chance = static () => 0.5;
        options.Transport = (_, _) =>
        {
            if (Refuses(Interlocked.Increment(ref _asked)) is { } refusal)
            {
                throw refusal;
            }

            (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
            _servers.Writer.TryWrite(server);
            return new(client);
        };
        return options;
    }

    /// <summary>The same, of a call that is kept in a store.</summary>
    public VoiceSessionOptions Options(ISessionJournal store, TimeProvider? time = null)
    {
        VoiceSessionOptions options = Options(time);
        (options.Journal, options.CallId) = (store, "call");
        return options;
    }

    /// <summary>A session that is connected to the first of them.</summary>
    public async Task<(VoiceSession Session, ScriptedServer Server)> ConnectAsync(VoiceSessionOptions options)
    {
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await NextAsync();
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        Listen(session);
        return (session, server);
    }

    /// <summary>Keeps every update of a session, from connecting on.</summary>
    public void Listen(VoiceSession session)
    {
        lock (_updates)
        {
            _updates.Clear();
        }

        _ = ListenAsync(session);
    }

    /// <summary>What was told so far.</summary>
    public VoiceSessionUpdate[] Updates
    {
        get
        {
            lock (_updates)
            {
                return [.. _updates];
            }
        }
    }

    /// <summary>The first update of this kind, which may have been told before.</summary>
    public async Task<T> UpdateAsync<T>(Func<T, bool>? isMeant = null)
        where T : VoiceSessionUpdate
    {
        T? found = null;
        await UntilAsync(() => (found = Updates.OfType<T>().FirstOrDefault(isMeant ?? (static _ => true))) is not null);
        return found!;
    }

    /// <summary>The session has taken in all that this server has sent so far, on whichever connection.</summary>
    public async Task TakenInAsync(ScriptedServer server)
    {
        string mark = $"mark_{Interlocked.Increment(ref _marks)}";
        await server.SendAsync($$"""{"type":"rate_limits.updated","rate_limits":[{"name":"{{mark}}"}]}""");
        await UpdateAsync<VoiceSessionUpdate.RateLimitsChanged>(changed => changed.Limits.Any(limit => limit.Name == mark));
    }

    public static async Task UntilAsync(Func<bool> isSo)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not come to pass.");
            await Task.Delay(1);
        }
    }

    private async Task ListenAsync(VoiceSession session)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            lock (_updates)
            {
                _updates.Add(update);
            }
        }
    }

    /// <summary>The next connection, opened and configured; every item that it is told is taken, and given in order, up to so many.</summary>
    public async Task<(ScriptedServer Server, JsonObject[] Items)> AcceptNextAsync(int items, string id = "sess_2")
    {
        ScriptedServer server = await NextAsync();
        await server.AcceptAsync(id);
        return (server, await server.TakeItemsAsync(items));
    }
}

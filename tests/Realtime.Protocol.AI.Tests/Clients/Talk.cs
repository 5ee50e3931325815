using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>A session of Microsoft.Extensions.AI on our adapter, with a simulated server in memory, and what was read of it.</summary>
internal sealed class Talk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IAsyncEnumerator<RealtimeServerMessage> _messages;

    private Talk(InMemoryTransport server, IRealtimeClientSession session)
    {
        (Server, Session) = (server, session);
        _messages = session.GetStreamingResponseAsync(Stop).GetAsyncEnumerator(Stop);
    }

    public InMemoryTransport Server { get; }

    public IRealtimeClientSession Session { get; }

    public List<RealtimeServerMessage> Read { get; } = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="asked">Of the session.</param>
    /// <param name="change">On options that write, and wait for the application.</param>
    /// <param name="use">A middleware on the client; none when null.</param>
    /// <param name="simulated">The server; one that answers at once when null.</param>
    public static async Task<Talk> BeginAsync(
        RealtimeSessionOptions? asked = null, Action<VoiceSessionOptions>? change = null, Func<RealtimeClientBuilder, RealtimeClientBuilder>? use = null, SimulatorOptions? simulated = null, TimeProvider? time = null)
    {
        var server = new InMemoryTransport(simulated ?? new SimulatorOptions { Pace = ResponsePace.Immediate }, time);
        var options = new VoiceSessionOptions { Transport = (_, _) => new(server), Session = SessionConfiguration.TextChat, TimeProvider = time ?? TimeProvider.System };
        change?.Invoke(options);
        RealtimeClientBuilder builder = options.AsRealtimeClient().AsBuilder();
        IRealtimeClient client = (use?.Invoke(builder) ?? builder).Build();
        return new(server, await client.CreateSessionAsync(asked, Stop).WaitAsync(Patience, Stop));
    }

    public Task SendAsync(RealtimeClientMessage message) => Session.SendAsync(message, Stop).WaitAsync(Patience, Stop);

    public Task SayAsync(string text) => SendAsync(new CreateConversationItemRealtimeClientMessage(new([new TextContent(text)], role: ChatRole.User)));

    public Task AskAsync() => SendAsync(new CreateResponseRealtimeClientMessage());

    /// <summary>Reads to the first message that fits, it included.</summary>
    public async Task<RealtimeServerMessage> UntilAsync(Func<RealtimeServerMessage, bool> fits)
    {
        while (await _messages.MoveNextAsync().AsTask().WaitAsync(Patience, Stop))
        {
            Read.Add(_messages.Current);
            if (fits(_messages.Current))
            {
                return _messages.Current;
            }
        }

        throw new InvalidOperationException("The session has ended.");
    }

    public async Task<T> UntilAsync<T>(RealtimeServerMessageType type)
        where T : RealtimeServerMessage => (T)await UntilAsync(message => message.Type == type);

    public Task<ResponseCreatedRealtimeServerMessage> UntilDoneAsync() => UntilAsync<ResponseCreatedRealtimeServerMessage>(RealtimeServerMessageType.ResponseDone);

    /// <summary>The reader leaves, and another one comes.</summary>
    public async Task ChangeReaderAsync()
    {
        await _messages.DisposeAsync();
        _messages = Session.GetStreamingResponseAsync(Stop).GetAsyncEnumerator(Stop);
    }

    /// <summary>Reads to the end.</summary>
    public async Task ToTheEndAsync()
    {
        while (await _messages.MoveNextAsync().AsTask().WaitAsync(Patience, Stop))
        {
            Read.Add(_messages.Current);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _messages.DisposeAsync();
    }
}

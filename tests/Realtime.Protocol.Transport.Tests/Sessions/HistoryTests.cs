using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a session begins with: sent before the application has it, as much as there is, or an error of connecting.</summary>
public sealed class HistoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AnItemThatTheServerRefuses_IsAnErrorOfConnecting_WithoutItsWords()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(With(ConversationItem.User("canary-one"), ConversationItem.Assistant("canary-two")).Over(client));
        await server.AcceptAsync();
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        JsonObject second = await server.ExpectAsync("conversation.item.create");
        await server.SendAsync(
            $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"canary-two is refused","param":"item.content","event_id":"{{{second["event_id"]}}}"}}""");
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.HistoryRejected, "item.content"), (failed.Failure, failed.Error?.Parameter));
        Assert.DoesNotContain("canary", failed.ToString());
        Assert.Equal(RealtimeCloseKind.ByPeer, (await goodbye).Kind);
    }

    [Theory]
    [InlineData("FC-03")]
    [InlineData("IT-11")]
    public async Task AnItemThatMayNotBeSent_IsAnErrorOfConnecting_ThatNamesTheRule(string rule)
    {
        ConversationItem bad = rule == "FC-03" ? new ConversationItem.FunctionOutput("call_9", "nothing") : new ConversationItem.Message(ItemRole.Assistant, [new ItemContent.Audio(new byte[4_800])]);
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(With(ConversationItem.User("first"), bad).Over(client));
        await server.AcceptAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        await goodbye;
        Assert.Equal(RealtimeConnectFailure.HistoryRejected, failed.Failure);
        Assert.Equal(rule, Assert.IsType<RealtimeRefusedException>(failed.InnerException).Rule);
    }

    [Fact]
    public async Task AnItemThatCannotBeWritten_IsAnErrorOfTheOptions_ThatNamesItsPlace()
    {
        VoiceSessionOptions options = With(ConversationItem.User("fine"), ConversationItem.User());
        options.Transport = static (_, _) => throw new InvalidOperationException("Nothing was to be connected.");
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));
        Assert.Contains("Item 1 of the history", refused.Message);
    }

    [Fact]
    public async Task MoreThanMayWait_IsSentAllTheSame_InOrder()
    {
        string words = new('x', 4_000_000);
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        VoiceSessionOptions options = With([.. Enumerable.Range(0, 12).Select(n => ConversationItem.User($"{n} {words}"))]);
        options.TimeProvider = new ManualTime(); // so many bytes take their time on a busy machine
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        await server.AcceptAsync();
        for (int i = 0; i < 12; i++)
        {
            JsonObject create = await server.ExpectAsync("conversation.item.create");
            Assert.StartsWith($"{i} ", (string?)create["item"]!["content"]![0]!["text"]);
            create["item"]!["content"] = new JsonArray();
            await server.ItemAsync(create["item"]!);
        }

        VoiceSession session = await connecting.WaitAsync(Patience);
        Assert.Equal(12, session.Conversation.Items.Count);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AConnectionThatEndsMeanwhile_IsAnErrorOfConnecting_WheneverItEnds()
    {
        for (int i = 0; i < 40; i++)
        {
            (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
            Task<VoiceSession> connecting = VoiceSession.ConnectAsync(With([.. Enumerable.Range(0, 100).Select(static n => ConversationItem.User($"{n}"))]).Over(client));
            await server.AcceptAsync();
            await server.DisposeAsync();
            RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
            Assert.Equal(RealtimeConnectFailure.ClosedEarly, failed.Failure);
        }
    }

    private static VoiceSessionOptions With(params ConversationItem[] history)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.History = history;
        return options;
    }
}

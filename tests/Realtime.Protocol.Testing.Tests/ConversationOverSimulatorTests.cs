using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>The conversation of a session, as the simulated server holds it: adding at any place, deleting, truncating, and what the session shows of it.</summary>
public class ConversationOverSimulatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddedText_IsAcknowledged_AndStandsInTheItems()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            ConversationItem added = await session.Conversation.AddAsync(ConversationItem.User("hello"), cancellationToken: Stop);
            Assert.Equal("hello", Assert.IsType<ConversationItem.Message>(added).Text);
            Assert.Equal(ItemState.Completed, added.State);
            Assert.Equal([added.Id], session.Conversation.Items.Select(static item => item.Id));
            Assert.True(session.Conversation.TryGet(added.Id, out ConversationItem? found));
            Assert.Equal("hello", Assert.IsType<ConversationItem.Message>(found).Text);
            Assert.False(session.Conversation.TryGet("unknown", out _));
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task ItemsStandWhereTheyWereAsked_AndWhereTheServerPutThem()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            VoiceConversation talk = session.Conversation;
            Task<ConversationItem> last = talk.AddAsync(ConversationItem.User("c") with { Id = "c" }, cancellationToken: Stop);
            Task<ConversationItem> first = talk.AddAsync(ConversationItem.System("a") with { Id = "a" }, ItemPosition.Start, Stop);
            Task<ConversationItem> between = talk.AddAsync(ConversationItem.Assistant("b") with { Id = "b" }, ItemPosition.After("a"), Stop);
            Turn turn = session.SendMessage(ConversationItem.User("d"));
            TurnResult result = await turn.Completion;
            await Task.WhenAll(last, first, between);

            Assert.IsType<TurnOutcome.Completed>(result.Outcome);
            Assert.Equal(["a", "b", "c", "d", result.Transcript], talk.Items.Cast<ConversationItem.Message>().Select(static message => message.Text));
            Assert.Equal([ItemRole.System, ItemRole.Assistant, ItemRole.User, ItemRole.User, ItemRole.Assistant], talk.Items.Cast<ConversationItem.Message>().Select(static message => message.Role));
            Assert.Same(talk.Items[^1], Assert.Single(result.Items));
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task DeletedItem_IsGone_AndIsDeletedOnce()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            ConversationItem added = await session.Conversation.AddAsync(ConversationItem.User("hello"), cancellationToken: Stop);
            IReadOnlyList<ConversationItem> before = session.Conversation.Items;
            await session.Conversation.DeleteAsync(added.Id, Stop);
            Assert.Empty(session.Conversation.Items);
            Assert.Single(before);
            Assert.Equal("IT-06", Assert.Throws<RealtimeRefusedException>(() => { _ = session.Conversation.DeleteAsync(added.Id, Stop); }).Rule);
            Assert.Equal("IT-05", Assert.Throws<RealtimeRefusedException>(() => { _ = session.Conversation.AddAsync(added, cancellationToken: Stop); }).Rule);
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task History_IsThere_WhenTheSessionIs_AndSoundGoesAsItsTranscript()
    {
        ConversationItem[] history =
        [
            ConversationItem.System("The caller is a member."),
            new ConversationItem.Message(ItemRole.User, [new ItemContent.Audio(default, "What time is it?")]),
            new ConversationItem.FunctionCall("call_1", "clock", "{}"),
            new ConversationItem.FunctionOutput("call_1", "noon"),
            new ConversationItem.Message(ItemRole.Assistant, [new ItemContent.Audio(default, "It is noon.")]),
        ];
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(new() { History = history });
        await using (session)
        {
            Assert.Equal(["The caller is a member.", "What time is it?", "It is noon."], session.Conversation.Items.OfType<ConversationItem.Message>().Select(static message => message.Text));
            Assert.Equal("noon", Assert.IsType<ConversationItem.FunctionOutput>(session.Conversation.Items[3]).Output);
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task TruncatedAnswer_SaysWhereItWasCut()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            TurnResult result = await session.SendMessage("hello").Completion;
            string id = Assert.Single(result.Items).Id;
            Assert.Equal("TR-02", Assert.Throws<RealtimeRefusedException>(() => { _ = session.Conversation.TruncateAsync(id, TimeSpan.FromHours(1), Stop); }).Rule);
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = session.Conversation.TruncateAsync(id, TimeSpan.FromMilliseconds(-1), Stop); });

            var cut = (ConversationItem.Message)await session.Conversation.TruncateAsync(id, TimeSpan.FromMilliseconds(100), Stop);

            Assert.Equal(TimeSpan.FromMilliseconds(100), cut.TruncatedAt);
            Assert.Equal("", cut.Text);
            Assert.Equal("TR-09", Assert.Throws<RealtimeRefusedException>(() => { _ = session.Conversation.TruncateAsync(id, TimeSpan.FromMilliseconds(50), Stop); }).Rule);
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task RetrievedItem_HasItsSound_AndIsFetchedOnceForAll()
    {
        byte[] speech = Sound.Speech(300);
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            ConversationItem added = await session.Conversation.AddAsync(ConversationItem.User(new ItemContent.Audio(speech)), cancellationToken: Stop);
            ConversationItem[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => session.Conversation.RetrieveAsync(added.Id, Stop))));
            Assert.All(copies, copy => Assert.Equal(speech, Assert.IsType<ItemContent.Audio>(Assert.Single(((ConversationItem.Message)copy).Content)).Bytes.ToArray()));
            Assert.True(Assert.IsType<ItemContent.Audio>(Assert.Single(((ConversationItem.Message)session.Conversation.Items[0]).Content)).Bytes.IsEmpty);
            Assert.InRange(transport.Transcript.ClientTypes.Count(static type => type == "conversation.item.retrieve"), 1, 8);
            AssertGrammar(transport);

            RealtimeRejectedException unknown = await Assert.ThrowsAsync<RealtimeRejectedException>(() => session.Conversation.RetrieveAsync("unknown", Stop));
            Assert.Equal("item_retrieve_invalid_item_id", unknown.Error.Code);
        }
    }

    [Fact]
    public async Task EveryThreadsItems_AreThere()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using (session)
        {
            ConversationItem[] added = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(async () =>
            {
                ConversationItem item = await session.Conversation.AddAsync(ConversationItem.User($"{number}"), number % 2 == 0 ? ItemPosition.Start : ItemPosition.End, Stop);
                _ = session.Conversation.Items.Count;
                return item;
            })));
            Assert.Equal(added.Select(static item => item.Id).Order(), session.Conversation.Items.Select(static item => item.Id).Order());
            await Task.WhenAll(added.Select(item => Task.Run(() => session.Conversation.DeleteAsync(item.Id, Stop))));
            Assert.Empty(session.Conversation.Items);
            AssertGrammar(transport);
        }
    }

    [Fact]
    public async Task UpdatesTellWhatHappensToItems_AsValues()
    {
        (VoiceSession session, InMemoryTransport _) = await ConnectAsync();
        var updates = new List<VoiceSessionUpdate>();
        await using (session)
        {
            ConversationItem added = await session.Conversation.AddAsync(ConversationItem.User("hello"), cancellationToken: Stop);
            await session.Conversation.DeleteAsync(added.Id, Stop);
            await session.CloseAsync(Stop);
            await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(Stop))
            {
                updates.Add(update);
            }

            Assert.Equal([added.Id], updates.OfType<VoiceSessionUpdate.ItemAdded>().Select(static update => update.Item.Id));
            Assert.Equal("hello", Assert.IsType<ConversationItem.Message>(updates.OfType<VoiceSessionUpdate.ItemChanged>().Last().Item).Text);
            Assert.Equal([new(added.Id)], updates.OfType<VoiceSessionUpdate.ItemDeleted>());
            Assert.Throws<RealtimeClosedException>(() => { _ = session.Conversation.AddAsync(ConversationItem.User("late"), cancellationToken: Stop); });
            Assert.Empty(session.Conversation.Items);
        }
    }

    private static async Task<(VoiceSession Session, InMemoryTransport Transport)> ConnectAsync(VoiceSessionOptions? options = null)
    {
        options ??= new();
        options.Session = SessionConfiguration.PushToTalk;
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        return (await VoiceSession.ConnectAsync(options.Over(transport), Stop), transport);
    }

    private static void AssertGrammar(InMemoryTransport transport)
    {
        var grammar = new ServerGrammar();
        foreach (TranscriptLine line in transport.Transcript.Lines.Where(static line => line.Speaker == Speaker.Server))
        {
            grammar.Accept(System.Text.Encoding.UTF8.GetBytes(line.Json));
        }

        Assert.Empty(grammar.Violations);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
        Assert.Empty(transport.Violations);
    }
}

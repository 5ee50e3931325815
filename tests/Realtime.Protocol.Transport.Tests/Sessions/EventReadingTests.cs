using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The events that an application reads: both directions in their true order, each whole and its own, credentials masked, and what a slow reader misses counted.</summary>
public sealed class EventReadingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task EveryReader_GetsBothDirections_InTheTrueOrder()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var one = new Reader(session);
        await using var two = new Reader(session);
        var expected = new List<(EventDirection, string)>();

        for (int i = 0; i < 50; i++)
        {
            await session.SendAsync(new ConversationItemRetrieve { ItemId = $"item_{i}" });
            expected.Add((EventDirection.Sent, "conversation.item.retrieve"));
            await server.ExpectAsync("conversation.item.retrieve");
            await server.SendAsync($$"""{"type":"vendor.answer","n":{{i}}}""");
            expected.Add((EventDirection.Received, "vendor.answer"));
            await one.NextAsync();
            await one.NextAsync();
        }

        Assert.Equal(expected, one.Read.Select(static e => (e.Direction, e.Type)));
        await two.TakeAsync(100);
        Assert.Equal(expected, two.Read.Select(static e => (e.Direction, e.Type)));
        Assert.All(one.Read.Zip(two.Read), static pair => Assert.True(pair.First.Utf8Json.Equals(pair.Second.Utf8Json), "Each event is copied once."));
        Assert.All(one.Read.Zip(one.Read.Skip(1)), static pair => Assert.True(pair.First.At <= pair.Second.At));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnAnswer_NeverStandsBeforeItsQuestion_WhateverTheThreadsDo()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var reader = new Reader(session);
        const int Rounds = 300;
        Task answering = Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                JsonObject question = await server.ExpectAsync("vendor.ask");
                await server.SendAsync($$"""{"type":"vendor.answer","to":"{{question["event_id"]}}"}""");
            }
        });
        for (int i = 0; i < Rounds; i++)
        {
            _ = session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ask"}"""));
        }

        await reader.TakeAsync(2 * Rounds);
        var asked = new HashSet<string>();
        foreach (WireEvent e in reader.Read)
        {
            JsonObject json = JsonNode.Parse(e.Utf8Json.Span)!.AsObject();
            Assert.True(e.Direction is EventDirection.Sent ? asked.Add((string)json["event_id"]!) : asked.Contains((string)json["to"]!));
        }

        await answering.WaitAsync(Patience);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnEvent_IsTheReadersToKeep_AndReadsAsOfItsDirection()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var reader = new Reader(session);
        await session.SendAsync(new ConversationItemRetrieve { EventId = "mine", ItemId = "item_1" });
        await server.SendAsync("""{"type":"response.output_text.delta","response_id":"r","item_id":"i","output_index":"odd","content_index":0,"delta":"Hi"}""");
        WireEvent sent = await reader.NextAsync();
        WireEvent received = await reader.NextAsync();
        for (int i = 0; i < 20; i++)
        {
            await server.SendAsync("""{"type":"vendor.noise","x":"0123456789012345678901234567890123456789"}""");
            await reader.NextAsync();
        }

        Assert.Equal("""{"event_id":"mine","item_id":"item_1","type":"conversation.item.retrieve"}""", Sorted(sent));
        Assert.True(sent.AsClientEvent().TryGetConversationItemRetrieve(out ConversationItemRetrieveView retrieve));
        Assert.Equal("item_1", retrieve.ItemId.ToString());
        Assert.True(received.AsServerEvent().TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView delta));
        Assert.Equal("Hi", delta.Delta.ToString());
        Assert.Throws<InvalidOperationException>(() => sent.AsServerEvent().Kind);
        Assert.Throws<InvalidOperationException>(() => received.AsClientEvent().Kind);
        Assert.Equal("Received response.output_text.delta", received.ToString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ASelection_LeavesOutADirection_OrAudio_AndCountsItNotAsMissed()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var sent = new Reader(session, EventSelection.Sent);
        await using var received = new Reader(session, EventSelection.Received);
        await using var silent = new Reader(session, EventSelection.All | EventSelection.WithoutAudio);
        await using var all = new Reader(session);
        await session.Input.WriteAsync(new byte[9_600]);
        await server.ExpectAsync("input_audio_buffer.append");
        await server.AudioAsync("resp_1", "item_1", new byte[4_800]);
        await all.TakeAsync(2);
        await session.SendAsync(new OutputAudioBufferClear());
        await server.ExpectAsync("output_audio_buffer.clear");
        await server.SendAsync("""{"type":"vendor.last"}""");

        Assert.Equal(["input_audio_buffer.append", "output_audio_buffer.clear"], (await sent.TakeAsync(2)).Select(static e => e.Type));
        Assert.Equal(["response.output_audio.delta", "vendor.last"], (await received.TakeAsync(2)).Select(static e => e.Type));
        Assert.Equal(["output_audio_buffer.clear", "vendor.last"], (await silent.TakeAsync(2)).Select(static e => e.Type));
        await all.TakeAsync(2);
        Assert.Equal(["input_audio_buffer.append", "response.output_audio.delta", "output_audio_buffer.clear", "vendor.last"], all.Read.Select(static e => e.Type));
        Assert.All([.. sent.Read, .. received.Read, .. silent.Read, .. all.Read], static e => Assert.Equal(0, e.MissedBefore));
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(EventSelection.WithoutAudio)]
    [InlineData((EventSelection)0)]
    [InlineData((EventSelection)8)]
    [InlineData((EventSelection)(-1))]
    public async Task ASelectionOfNothing_IsRefused(EventSelection selection)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        Assert.Equal("selection", Assert.Throws<ArgumentOutOfRangeException>(() => session.ReadEventsAsync(selection)).ParamName);

        await server.EndAsync(session);
    }

    [Fact]
    public async Task Reading_EndsWithTheSession_AfterWhatWaits_AndAtOnceAfterwards_AndByItsToken()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var reader = new Reader(session, EventSelection.Received);
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<WireEvent> stopped = session.ReadEventsAsync(EventSelection.All, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> waiting = stopped.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));

        await server.SendAsync("""{"type":"vendor.last"}""");
        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience);

        Assert.Equal("vendor.last", (await reader.NextAsync()).Type);
        Assert.True(await reader.IsAtEndAsync());
        await using var late = new Reader(session);
        Assert.True(await late.IsAtEndAsync());
        await session.DisposeAsync();
        await using var later = new Reader(session);
        Assert.True(await later.IsAtEndAsync());
    }

    [Fact]
    public async Task CredentialsInsideEvents_AreMasked_InBothDirections_AndNotOnTheWire()
    {
        const string Tools = """[{"type":"mcp","server_label":"shop","server_url":"https://mcp.example","\u0061uthorization":"Bearer s3cret","headers":{"X-Key":"s3cret","X-More":["s3cret"]}},{"type":"function","name":"clock","parameters":{"type":"object"}}]""";
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await using var reader = new Reader(session);
        await session.SendRawAsync(RawJson.Parse($$$"""{"type":"session.update","session":{"type":"realtime","tools":{{{Tools}}}}}"""));
        JsonObject asked = await server.ExpectAsync("session.update");
        await server.SendRawAsync($$$"""{"type":"session.updated","event_id":"e","session":{"type":"realtime","client_secret":{"value":"s3cret","expires_at":17},"tools":{{{Tools}}}}}""");

        Assert.Contains("s3cret", asked.ToJsonString(), StringComparison.Ordinal);
        foreach (WireEvent e in await reader.TakeAsync(2))
        {
            string text = Encoding.UTF8.GetString(e.Utf8Json.Span);
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
            JsonNode tool = JsonNode.Parse(text)!["session"]!["tools"]![0]!;
            Assert.Equal("***", (string?)tool["authorization"]);
            Assert.Equal("***", (string?)tool["headers"]!["X-Key"]);
            Assert.Equal("***", (string?)tool["headers"]!["X-More"]![0]);
            Assert.Equal("https://mcp.example", (string?)tool["server_url"]);
        }

        Assert.Equal(17, (int?)JsonNode.Parse(reader.Read[1].Utf8Json.Span)!["session"]!["client_secret"]!["expires_at"]);
        Assert.True(reader.Read[1].AsServerEvent().TryGetSessionUpdated(out _));
        await server.EndAsync(session);
    }

    [Fact]
    public void ASlowReader_KeepsWhatFits_WithoutAudioFirst_AndIsToldHowManyItMissedAndWhere()
    {
        var feed = new EventFeed(EventSelection.All);
        for (int i = 0; i < EventFeed.MaxEvents; i++)
        {
            feed.Add(Event($"{i}", isAudio: i % 2 == 0));
        }

        feed.Add(Event("more"));
        feed.Add(Event("sound", isAudio: true));
        feed.Complete();

        List<WireEvent> read = feed.ReadAllAsync().ToBlockingEnumerable().ToList();
        Assert.Equal(EventFeed.MaxEvents, read.Count);
        Assert.Equal(("1", 1), (read[0].Type, read[0].MissedBefore)); // the oldest audio made room for "more"
        Assert.Equal(("3", 1), (read[1].Type, read[1].MissedBefore)); // and the next for "sound"
        Assert.Equal(("4", 0), (read[2].Type, read[2].MissedBefore));
        Assert.Equal(["more", "sound"], read[^2..].Select(static e => e.Type));
        Assert.Equal(EventFeed.MaxEvents + 2, read.Count + read.Sum(static e => e.MissedBefore));
    }

    [Fact]
    public void AReaderWithoutAudioToLeaveOut_LosesTheOldest_ButNoEventForAudio()
    {
        var feed = new EventFeed(EventSelection.All);
        for (int i = 0; i < EventFeed.MaxEvents; i++)
        {
            feed.Add(Event($"{i}"));
        }

        feed.Add(Event("sound", isAudio: true));
        feed.Add(Event("more"));
        feed.Complete();

        List<WireEvent> read = feed.ReadAllAsync().ToBlockingEnumerable().ToList();
        Assert.Equal(("1", 1), (read[0].Type, read[0].MissedBefore));
        Assert.Equal(("more", 1), (read[^1].Type, read[^1].MissedBefore));
        Assert.Equal(EventFeed.MaxEvents, read.Count);
    }

    [Fact]
    public void SixteenMiBWait_AndOneEventThatIsLargerIsLeftOutAlone()
    {
        var feed = new EventFeed(EventSelection.All);
        feed.Add(Event("first", bytes: EventFeed.MaxBytes - 2));
        feed.Add(Event("fits", bytes: 2));
        feed.Add(Event("huge", bytes: EventFeed.MaxBytes + 1));
        feed.Add(Event("next", bytes: 3));
        feed.Complete();

        List<WireEvent> read = feed.ReadAllAsync().ToBlockingEnumerable().ToList();
        Assert.Equal([("fits", 1), ("next", 1)], read.Select(static e => (e.Type, e.MissedBefore)));
    }

    private static WireEvent Event(string type, bool isAudio = false, int bytes = 2) => new(EventDirection.Received, default, type, new byte[bytes], isAudio);

    private static string Sorted(WireEvent e) =>
        new JsonObject(JsonNode.Parse(e.Utf8Json.Span)!.AsObject().OrderBy(static member => member.Key).Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();

    /// <summary>Reads from now on.</summary>
    private sealed class Reader : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<WireEvent> _events;
        private Task<bool> _next;

        public Reader(VoiceSession session, EventSelection selection = EventSelection.All)
        {
            _events = session.ReadEventsAsync(selection).GetAsyncEnumerator();
            _next = _events.MoveNextAsync().AsTask();
        }

        public List<WireEvent> Read { get; } = [];

        public async Task<WireEvent> NextAsync()
        {
            Assert.True(await _next.WaitAsync(Patience));
            Read.Add(_events.Current);
            _next = _events.MoveNextAsync().AsTask();
            return Read[^1];
        }

        public async Task<IReadOnlyList<WireEvent>> TakeAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await NextAsync();
            }

            return Read[^count..];
        }

        public async Task<bool> IsAtEndAsync() => !await _next.WaitAsync(Patience);

        public async ValueTask DisposeAsync()
        {
            // An enumerator that is waiting is not disposed: its session ends first, or it has nothing to give back.
            if (_next.IsCompleted)
            {
                await _events.DisposeAsync();
            }
        }
    }
}

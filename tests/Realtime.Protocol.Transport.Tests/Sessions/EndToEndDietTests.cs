using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Transport.Tests.Telemetry;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Measures what the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>
/// What a message costs in the steady state, from end to end: both loops of a session, the transports of both sides, the machine and the
/// reader of the audio. Over pipes nothing runs but our code; over a WebSocket on a loopback socket the platform's runs as well.
/// </summary>
/// <remarks>
/// The whole process is counted, whichever thread works. A round has costs of its own (its task, a timer that fires, a method that is
/// compiled), which have nothing to do with how many messages it exchanges: so rounds of two lengths are compared. What disturbs a round
/// only adds to it, and an object per message would be in every one, so the least of many rounds is the undisturbed one, however busy the
/// machine: of thirty, or, unless the run is a whole one, until ten more brought no less. What is awaited for each message must not be an
/// async method of this file: compiled for debugging, it makes an object at each call.
/// </remarks>
[Collection(nameof(WholeProcess))]
public sealed class EndToEndDietTests
{
    private const int MostRounds = 30;
    private const int Messages = 200;
    private const int AudioBytes = 19_200;
    private static readonly int RoundsWithoutLess = Thoroughness.IsWhole ? MostRounds : 10;

    /// <summary>What the connection between a session and its server is made of.</summary>
    public enum Road
    {
        Pipes,
        WebSocketOverTcp,
    }

    [Theory]
    [InlineData(Road.Pipes)]
    [InlineData(Road.Pipes, true)]
    [InlineData(Road.WebSocketOverTcp)]
    public async Task AudioDeltas_CostNothing_FromTheSocketToTheReaderAndBackAsPlayback_WhetherTheTelemetryHasAListenerOrNone(Road road, bool isObserved = false)
    {
        using Observer? observer = isObserved ? new() : null;
        Assert.Equal(isObserved, Instruments.AreTurnsObserved);
        await using var pair = await SessionPair.StartAsync(road);
        byte[] message = Encoding.UTF8.GetBytes(
            $$"""{"type":"response.output_audio.delta","event_id":"event_9","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"{{Convert.ToBase64String(new byte[AudioBytes])}}"}""");
        long played = 0;

        Assert.Equal(0, await BytesPerMessageAsync(async messages =>
        {
            for (int i = 0; i < messages; i++)
            {
                await pair.Server.SendAsync(message);
                long expected = played + AudioBytes;
                while (played < expected)
                {
                    ReadResult read = await pair.Turn.Audio.ReadAsync();
                    played += read.Buffer.Length;
                    pair.Turn.Audio.AdvanceTo(read.Buffer.End);
                    pair.Turn.ReportPlayed(played);
                }
            }
        }));
    }

    [Theory]
    [InlineData(Road.Pipes, 960)]
    [InlineData(Road.Pipes, 960, true)]
    [InlineData(Road.Pipes, AudioBytes)]
    [InlineData(Road.WebSocketOverTcp, 960)]
    [InlineData(Road.WebSocketOverTcp, AudioBytes)]
    public async Task InputAudio_CostsNothing_FromTheWriterToTheServer(Road road, int bytes, bool isObserved = false)
    {
        using Observer? observer = isObserved ? new() : null;
        await using var pair = await SessionPair.StartAsync(road);
        byte[] piece = new byte[bytes];

        Assert.Equal(0, await BytesPerMessageAsync(async messages =>
        {
            for (int i = 0; i < messages; i++)
            {
                await pair.Session.Input.WriteAsync(piece);
                ThrowIfShorter(await pair.Server.ReceiveAsync(), bytes);
            }
        }));
    }

    [Theory]
    [InlineData(Road.Pipes)]
    [InlineData(Road.Pipes, true)]
    [InlineData(Road.WebSocketOverTcp)]
    public async Task AnEventOfTheApplications_CostsNothing_FromTheCallToTheServer_ThoughAHandlerSeesIt(Road road, bool isObserved = false)
    {
        using Observer? observer = isObserved ? new() : null;
        int seen = 0;
        await using var pair = await SessionPair.StartAsync(road, options => options.OnClientEvent = (in ClientEvent e) => seen += e.Kind is ClientEventKind.ConversationItemRetrieve ? 1 : 0);

        Assert.Equal(0, await BytesPerMessageAsync(async messages =>
        {
            for (int i = 0; i < messages; i++)
            {
                ValueTask sent = pair.Session.SendAsync(new ConversationItemRetrieve { ItemId = "item_1" });
                ThrowIfShorter(await pair.Server.ReceiveAsync(), 50);
                while (!sent.IsCompleted)
                {
                    Thread.Yield();
                }

                await sent;
            }
        }));
        Assert.True(seen > 0);
    }

    [Fact]
    public async Task ATranscriptDelta_CostsItsUpdate_AndNothingElse()
    {
        const string Text = " and so on";
        await using var pair = await SessionPair.StartAsync(Road.WebSocketOverTcp);
        byte[] message = Encoding.UTF8.GetBytes(
            $$"""{"type":"response.output_audio_transcript.delta","event_id":"event_9","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"{{Text}}"}""");
        await using IAsyncEnumerator<TurnUpdate> updates = pair.Turn.ReadUpdatesAsync().GetAsyncEnumerator();
        while (await updates.MoveNextAsync() && updates.Current is not TurnUpdate.ResponseStarted)
        {
        }

        // The string that the application may keep (22 bytes and two for each character, in steps of eight) and the record around it, which names
        // the item by a string that all its pieces share. The turn's transcript grows in a few of the rounds.
        Assert.Equal(48 + 40, await BytesPerMessageAsync(async messages =>
        {
            for (int i = 0; i < messages; i++)
            {
                await pair.Server.SendAsync(message);
                if (!await updates.MoveNextAsync())
                {
                    Assert.Fail("The updates ended.");
                }
            }
        }));
    }

    [Theory]
    [InlineData(Road.Pipes, 0)]
    [InlineData(Road.WebSocketOverTcp, 192)]
    public async Task AMessageThatIsNotTakenAtOnce_CostsNothingOfOurs_AndOneObjectOfThePlatforms(Road road, long atMost)
    {
        const int Bytes = 500_000;
        const int Fewer = 40; // two gigabytes are enough
        (IRealtimeTransport client, IRealtimeTransport server) = Connect(road);
        byte[] message = new byte[Bytes];

        // Measured 176 bytes: ManagedWebSocket.SendFrameFallbackAsync, which waits where its fast path cannot, is an async method that
        // keeps no pool. It is one object for a message of any size.
        Assert.InRange(
            await BytesPerMessageAsync(async messages =>
            {
                for (int i = 0; i < messages; i++)
                {
                    ValueTask<bool> sending = client.SendAsync(message);
                    ThrowIfShorter(await server.ReceiveAsync(), Bytes);
                    await sending;
                }
            }, Fewer),
            0,
            atMost);
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    private static void ThrowIfShorter(ReceivedMessage received, int bytes)
    {
        if (received.Body.Length < bytes)
        {
            Assert.Fail($"A message of {received.Body.Length} bytes came, at least {bytes} were expected.");
        }
    }

    private static async Task<long> BytesPerMessageAsync(Func<int, Task> exchange, int count = Messages)
    {
        long one = long.MaxValue;
        long two = long.MaxValue;
        for (int i = 0, least = 0; i < MostRounds && i - least <= RoundsWithoutLess; i++)
        {
            (long ofOne, long ofTwo) = (await MeasureAsync(count), await MeasureAsync(2 * count));
            least = ofOne < one || ofTwo < two ? i : least;
            (one, two) = (Math.Min(one, ofOne), Math.Min(two, ofTwo));
        }

        // To the nearest multiple of eight, as objects are: what a socket that had to wait costs once, some hundred bytes in a round, is no message's.
        return (long)Math.Round((two - one) / (8.0 * count)) * 8;

        // On the pool, since the context of a test run makes an object for each continuation.
        async Task<long> MeasureAsync(int messages)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await Task.Run(() => exchange(messages));
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static (IRealtimeTransport Client, IRealtimeTransport Server) Connect(Road road)
    {
        if (road is Road.Pipes)
        {
            return PipeTransport.CreatePair();
        }

        (WebSocket near, WebSocket far) = LoopbackSockets.Connect();
        return (new WebSocketTransport(near) { ReceivesInPool = true }, new WebSocketTransport(far)); // as one that we connected, whose reader goes on where it received
    }

    /// <summary>A session and its server at the two ends of a connection, in the middle of a turn that speaks.</summary>
    private sealed record SessionPair(VoiceSession Session, Turn Turn, IRealtimeTransport Server) : IAsyncDisposable
    {
        public static async Task<SessionPair> StartAsync(Road road, Action<VoiceSessionOptions>? configure = null)
        {
            (IRealtimeTransport client, IRealtimeTransport peer) = Connect(road);
            var server = new ScriptedServer(peer);
            var options = new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk, MaxAudioPerResponse = TimeSpan.FromHours(4) };
            configure?.Invoke(options);
            Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
            await server.AcceptAsync();
            VoiceSession session = await connecting;
            Turn turn = session.Respond();
            JsonObject create = await server.ExpectAsync("response.create");
            await server.CreatedAsync("resp_1", create);
            await server.BeginItemAsync("resp_1", "item_1");
            return new(session, turn, peer);
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Session.DisposeAsync();
        }
    }
}

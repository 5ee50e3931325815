using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Measures what the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>
/// What a session over a real WebSocket on a loopback socket allocates per message: the loops, the socket, the machine, the reader of the
/// audio and the server of the test together. The model's audio costs nothing, an append of the microphone's a small
/// constant. A transcript delta costs its update, which holds a
/// string that the application may keep. Both sizes are held here.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed class EndToEndDietTests
{
    private const int Rounds = 6;
    private const int Messages = 500;
    private const int AudioBytes = 19_200;

    // A round has its own noise: a timer, a pool that grows. An object per message would be at least 24 bytes for each.
    private const long Noise = 4 * Messages;

    [Fact]
    public async Task AudioDeltas_CostNothing_FromTheSocketToTheReaderAndBackAsPlayback()
    {
        await using var pair = await SessionPair.StartAsync();
        byte[] message = Encoding.UTF8.GetBytes(
            $$"""{"type":"response.output_audio.delta","event_id":"event_9","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"{{Convert.ToBase64String(new byte[AudioBytes])}}"}""");
        long played = 0;

        long least = await LeastAsync(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                await pair.SendAsync(message);
                long expected = played + AudioBytes;
                while (played < expected)
                {
                    ReadResult read = await pair.Turn.Audio.ReadAsync();
                    played += read.Buffer.Length;
                    pair.Turn.Audio.AdvanceTo(read.Buffer.End);
                    pair.Turn.ReportPlayed(played);
                }
            }
        });

        Assert.InRange(least, 0, Noise);
    }

    [Fact]
    public async Task InputAudio_CostsLessThanEightyBytesPerAppend_WhateverItsSize()
    {
        await using var pair = await SessionPair.StartAsync();
        byte[] piece = new byte[960];

        long least = await LeastAsync(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                await pair.Session.Input.WriteAsync(piece);
                await pair.DrainAsync();
            }
        });

        // Measured: 72 bytes for an append, not yet explained; the engine itself makes none (SteadyStateTests).
        Assert.InRange(least, 0, (76 * Messages) + Noise);
    }

    [Fact]
    public async Task ATranscriptDelta_CostsItsUpdate_AndNothingElse()
    {
        const string Text = " and so on";
        await using var pair = await SessionPair.StartAsync();
        byte[] message = Encoding.UTF8.GetBytes(
            $$"""{"type":"response.output_audio_transcript.delta","event_id":"event_9","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"{{Text}}"}""");
        await using IAsyncEnumerator<TurnUpdate> updates = pair.Turn.ReadUpdatesAsync().GetAsyncEnumerator();
        while (await updates.MoveNextAsync() && updates.Current is not TurnUpdate.ResponseStarted)
        {
        }

        long least = await LeastAsync(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                await pair.SendAsync(message);
                Assert.True(await updates.MoveNextAsync());
            }
        });

        // The string (22 bytes and two for each character, in steps of eight) and the record around it; the transcript doubles now and then.
        int update = 48 + 40;
        Assert.InRange(least, 1, (update * Messages) + Noise + (Rounds * Messages * Text.Length * 2));
    }

    // On the pool, since the context of a test run makes an object for each continuation.
    private static async Task<long> LeastAsync(Func<Task> round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await Task.Run(round);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    /// <summary>A session and its server at the two ends of a loopback socket, in the middle of a turn that speaks.</summary>
    private sealed class SessionPair : IAsyncDisposable
    {
        private readonly byte[] _sink = new byte[64 * 1024];
        private readonly WebSocket _peer;

        private SessionPair(RealtimeSession session, Turn turn, WebSocket peer) => (Session, Turn, _peer) = (session, turn, peer);

        public RealtimeSession Session { get; }

        public Turn Turn { get; }

        public static async Task<SessionPair> StartAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var near = new TcpClient { NoDelay = true };
            await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            TcpClient far = await listener.AcceptTcpClientAsync();
            far.NoDelay = true;
            var quiet = new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero };
            WebSocket peer = WebSocket.CreateFromStream(far.GetStream(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
            var server = new ScriptedServer(new WebSocketTransport(peer));
            Task<RealtimeSession> connecting = RealtimeSession.ConnectAsync(
                new() { TurnTaking = TurnTaking.Manual, MaxAudioPerResponse = TimeSpan.FromHours(4) }, new WebSocketTransport(WebSocket.CreateFromStream(near.GetStream(), quiet)));
            await server.AcceptAsync();
            RealtimeSession session = await connecting;
            Turn turn = await session.RespondAsync();
            JsonObject create = await server.ExpectAsync("response.create");
            await server.CreatedAsync("resp_1", create);
            await server.BeginItemAsync("resp_1", "item_1");
            return new(session, turn, peer);
        }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message) => _peer.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, default);

        /// <summary>Receives one message and looks no further.</summary>
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public async ValueTask DrainAsync()
        {
            while (!(await _peer.ReceiveAsync(_sink.AsMemory(), default)).EndOfMessage)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            _peer.Dispose();
            await Session.DisposeAsync();
        }
    }
}

using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Benchmarks.Telemetry;

/// <summary>A session in the middle of a turn that speaks, and its server, in one process and over pipes: between the two nothing runs but our code.</summary>
public sealed class SpeakingSession : IAsyncDisposable
{
    /// <summary>0.4 s, which is what the service sends at once.</summary>
    public const int AudioBytes = 19_200;

    private readonly VoiceSession _session;
    private readonly PipeTransport _server;
    private readonly Turn _turn;
    private readonly byte[] _event = TalkMessages.Delta(1, AudioBytes);
    private long _played;

    private SpeakingSession(VoiceSession session, PipeTransport server, Turn turn) => (_session, _server, _turn) = (session, server, turn);

    /// <summary>Connects, and begins a turn. Who listens now is told of it.</summary>
    public static async Task<SpeakingSession> StartAsync()
    {
        (PipeTransport client, PipeTransport server) = PipeTransport.CreatePair();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(new VoiceSessionOptions
        {
            Transport = (_, _) => new(client),
            Session = SessionConfiguration.PushToTalk,
            MaxAudioPerResponse = TimeSpan.FromDays(30),
        });
        await SayAsync(server, TalkMessages.Created);
        await HearAsync(server, "session.update");
        await SayAsync(server, TalkMessages.Updated);
        VoiceSession session = await connecting;
        Turn turn = session.Respond();
        JsonNode create = await HearAsync(server, "response.create");
        foreach (string json in TalkMessages.Beginning(1, create["response"]?["metadata"]))
        {
            await SayAsync(server, json);
        }

        return new(session, server, turn);
    }

    /// <summary>The server sends so many audio events, each once the one before it was read and reported as played.</summary>
    public async Task HearAsync(int events)
    {
        for (; events > 0; events--)
        {
            await _server.SendAsync(_event).ConfigureAwait(false);
            for (long expected = _played + AudioBytes; _played < expected;)
            {
                ReadResult read = await _turn.Audio.ReadAsync().ConfigureAwait(false);
                _played += read.Buffer.Length;
                _turn.Audio.AdvanceTo(read.Buffer.End);
                _turn.ReportPlayed(_played);
                if (read.IsCompleted)
                {
                    throw new InvalidDataException($"The turn ended early: {(await _turn.Completion).Outcome}, {_session.CloseReason}.");
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _session.DisposeAsync();
    }

    private static async Task SayAsync(PipeTransport server, string json) => await server.SendAsync(Encoding.UTF8.GetBytes(json));

    private static async Task<JsonNode> HearAsync(PipeTransport server, string type)
    {
        ReceivedMessage received = await server.ReceiveAsync();
        JsonNode said = JsonNode.Parse(received.Body.Span)!;
        return said["type"]?.GetValue<string>() == type ? said : throw new InvalidDataException($"The session said {said["type"]} where {type} was expected.");
    }
}

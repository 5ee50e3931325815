using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 9: all events counted without an allocation, and logged without their audio, one JSON object a line, as the README of the package shows it.</summary>
public sealed class Program09EventLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheLog_HoldsBothDirections_InOrder_WithoutAudio_AndTheHandlersHaveSeenThemAll()
    {
        int[] seen = new int[128];
        int[] sent = new int[32];
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        var options = new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk };
        options.OnServerEvent = (in e) => seen[(int)e.Kind]++;
        options.OnClientEvent = (in e) => sent[(int)e.Kind]++;
        await using VoiceSession session = await VoiceSession.ConnectAsync(options.Over(transport), Stop);
        using var log = new MemoryStream();
        var isReading = new TaskCompletionSource();
        Task logging = LogAsync(session, log, isReading);
        await isReading.Task.WaitAsync(Patience, Stop);

        await session.Input.WriteAsync(Sound.Speech(600), Stop);
        Turn turn = session.EndTurn();
        await turn.Audio.CopyToAsync(Stream.Null, Stop);
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience, Stop)).Outcome);
        await session.CloseAsync(Stop);
        await logging.WaitAsync(Patience, Stop);

        string[] lines = Encoding.UTF8.GetString(log.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] types = [.. lines.Select(static line => (string)JsonNode.Parse(line)!["type"]!)];
        Assert.Equal(["input_audio_buffer.commit", "input_audio_buffer.committed"], types.Where(static type => type.StartsWith("input", StringComparison.Ordinal)));

        // Whether the create or the answer to the commit comes first is a race; that a question stands before its answer is not.
        Assert.True(Array.IndexOf(types, "response.create") < Array.IndexOf(types, "response.created"));
        Assert.Equal("response.done", types[^1] is "rate_limits.updated" ? types[^2] : types[^1]);
        Assert.DoesNotContain("response.output_audio.delta", types);
        Assert.Equal(transport.Transcript.ServerTypes.Count(static type => type == "response.output_audio.delta"), seen[(int)ServerEventKind.ResponseOutputAudioDelta]);
        Assert.Equal(transport.Transcript.ServerTypes.Count(), seen.Sum());
        Assert.Equal(transport.Transcript.ClientTypes.Count(), sent.Sum());
        Assert.True(sent[(int)ClientEventKind.InputAudioBufferAppend] > 0);
    }

    private static async Task LogAsync(VoiceSession session, MemoryStream log, TaskCompletionSource isReading)
    {
        await using IAsyncEnumerator<WireEvent> events = session.ReadEventsAsync(EventSelection.All | EventSelection.WithoutAudio, Stop).GetAsyncEnumerator(Stop);
        ValueTask<bool> first = events.MoveNextAsync();
        isReading.SetResult();
        for (bool goesOn = await first; goesOn; goesOn = await events.MoveNextAsync())
        {
            WireEvent e = events.Current;
            Assert.Equal(0, e.MissedBefore);
            await log.WriteAsync(e.Utf8Json, Stop);
            log.WriteByte((byte)'\n');
        }
    }
}

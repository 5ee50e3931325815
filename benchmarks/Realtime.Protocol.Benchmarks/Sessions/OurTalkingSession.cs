using System.IO.Pipelines;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>Ours: a whole session, with its machine, its queues and its timer.</summary>
public sealed class OurTalkingSession : ITalkingSession
{
    private readonly VoiceSession _session;
    private Turn? _turn;

    private OurTalkingSession(VoiceSession session) => _session = session;

    public static async Task<ITalkingSession> ConnectAsync(Uri address) => new OurTalkingSession(await VoiceSession.ConnectAsync(new VoiceSessionOptions
    {
        Endpoint = new Uri($"{address}/realtime"),
        Session = SessionConfiguration.PushToTalk with { Instructions = "You are a benchmark." },
    }));

    public async Task BeginAsync() => _turn = _session.Respond();

    public async ValueTask SpeakAsync(ReadOnlyMemory<byte> piece) => await _session.Input.WriteAsync(piece).ConfigureAwait(false);

    public async ValueTask<int> HearAsync()
    {
        ReadResult read = await _turn!.Audio.ReadAsync().ConfigureAwait(false);
        int bytes = (int)read.Buffer.Length;
        _turn.Audio.AdvanceTo(read.Buffer.End);
        return bytes > 0 ? bytes : throw new InvalidDataException($"The answer ended early: {(await _turn.Completion).Outcome}, {_session.CloseReason}.");
    }

    public async Task EndAsync()
    {
        _session.Input.Clear();
        await _turn!.Audio.CompleteAsync();
        TurnResult result = await _turn.Completion.ConfigureAwait(false);
        if (result.Outcome is not TurnOutcome.Completed)
        {
            throw new InvalidDataException($"The turn ended as {result.Outcome}.");
        }

        // Whoever is done with a turn lets go of it, and so does the session: neither client here keeps an answer that is over.
        _turn = null;
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}

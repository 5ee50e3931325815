using System.Diagnostics;
using System.IO.Pipelines;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// One session of a long talk, as an application holds it: it hears every turn to its end, reports what was played, and reads updates and utterances. Every turn ends up in its account: heard to the end, or lost and how.
/// </summary>
public sealed class LongTalkSession : IAsyncDisposable
{
    private readonly VoiceSession _session;
    private readonly int _index;
    private readonly Task _hearing;
    private readonly List<LostTurn> _lost = [];
    private readonly Lock _gate = new();
    private Speaker _speaker = new(0, 0, 0);
    private long _talkBegan;
    private int _began;
    private int _ended;
    private int _endedBefore;

    private LongTalkSession(VoiceSession session, int index)
    {
        (_session, _index) = (session, index);
        _hearing = Task.WhenAll(HearAsync(), ReadAsync(session.ReadUpdatesAsync()), ReadAsync(session.ReadUtterancesAsync()));
    }

    /// <summary>How many turns have ended in this talk, however they did.</summary>
    public int Ended => Volatile.Read(ref _ended) - _endedBefore;

    public Speaker Speaker => Volatile.Read(ref _speaker);

    public static async Task<LongTalkSession> ConnectAsync(Uri server, int index) => new(
        await VoiceSession.ConnectAsync(new VoiceSessionOptions
        {
            Endpoint = server,
            Session = SessionConfiguration.OpenMicrophone with { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(200), PrefixPadding = TimeSpan.Zero } },
        }),
        index);

    /// <summary>A talk begins.</summary>
    public void Begin(Speaker speaker, long now)
    {
        lock (_gate)
        {
            _lost.Clear();
            (_talkBegan, _endedBefore) = (now, _ended);
        }

        Volatile.Write(ref _speaker, speaker);
    }

    /// <summary>Says one piece.</summary>
    public void Say(ReadOnlyMemory<byte> piece) => _ = _session.Input.WriteAsync(piece).AsTask().GetAwaiter().GetResult();

    /// <summary>The talk is over.</summary>
    /// <param name="turns">How many turns there should have been.</param>
    /// <returns>How many were heard to their end, and what became of the others.</returns>
    public (int Heard, IReadOnlyList<LostTurn> Lost) End(int turns)
    {
        lock (_gate)
        {
            int ended = Ended;
            int heard = ended - _lost.Count;
            for (int missing = ended + 1; missing <= turns; missing++)
            {
                int number = _endedBefore + missing;
                Lose(number, number <= _began ? "never ended" : "never came");
            }

            return (heard, [.. _lost]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _session.CloseAsync();
        await _session.DisposeAsync();
        await _hearing;
    }

    private async Task HearAsync()
    {
        await foreach (Turn turn in _session.ReadServerTurnsAsync().ConfigureAwait(false))
        {
            Volatile.Write(ref _began, turn.Number);
            long played = 0;
            ReadResult read;
            do
            {
                read = await turn.Audio.ReadAsync().ConfigureAwait(false);
                played += read.Buffer.Length;
                turn.Audio.AdvanceTo(read.Buffer.End);
                turn.ReportPlayed(played);
            }
            while (!read.IsCompleted);

            await turn.Audio.CompleteAsync().ConfigureAwait(false);
            TurnResult result = await turn.Completion.ConfigureAwait(false);
            lock (_gate)
            {
                if (result.Outcome is not TurnOutcome.Completed || played == 0)
                {
                    Lose(turn.Number, LostTurn.FateOf(result, played / (double)TalkCycle.BytesPerMs));
                }

                _ended++;
            }
        }
    }

    private void Lose(int turn, string fate)
    {
        Speaker speaker = Speaker;
        _lost.Add(new(_index, turn, fate, Stopwatch.GetElapsedTime(_talkBegan).TotalMilliseconds, speaker.IsDone ? "when all was said" : $"{speaker.Piece} pieces into cycle {speaker.Cycle}"));
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> all)
    {
        await foreach (T _ in all.ConfigureAwait(false))
        {
            // What is read does not wait in the session.
        }
    }
}

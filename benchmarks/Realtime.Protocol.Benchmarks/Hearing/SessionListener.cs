using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>Ours: a whole session, whose turn is read. The time is taken when bytes can be read from <see cref="Turn.Audio"/>.</summary>
public sealed class SessionListener : IListeningSession
{
    private readonly VoiceSession _session;
    private readonly Turn _turn;
    private readonly StampedSpeech _speech;
    private readonly byte[] _apart;
    private int _heard;

    private SessionListener(VoiceSession session, StampedSpeech speech) => (_session, _turn, _speech, _apart) = (session, session.Respond(), speech, new byte[speech.PieceBytes]);

    public static async Task<SessionListener> ConnectAsync(int port, StampedSpeech speech)
    {
        var listener = new SessionListener(
            await VoiceSession.ConnectAsync(new VoiceSessionOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}/{Ways.RealtimeProtocol}/realtime"),
                Session = SessionConfiguration.PushToTalk,
                MaxAudioPerResponse = TimeSpan.FromDays(30),
            }),
            speech);
        await listener._turn.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstAsync();
        return listener;
    }

    public async ValueTask HearAsync(int pieces, Memory<long> ticks)
    {
        for (int piece = 0; piece < pieces;)
        {
            ReadResult read = await _turn.Audio.ReadAsync().ConfigureAwait(false);
            long now = Stopwatch.GetTimestamp();
            if (read.IsCompleted)
            {
                throw new InvalidDataException($"The turn ended early: {(await _turn.Completion).Outcome}, {_session.CloseReason}.");
            }

            ReadOnlySequence<byte> bytes = read.Buffer;
            for (; piece < pieces && bytes.Length >= _speech.PieceBytes; piece++)
            {
                long sentAt = _speech.SentAt(Ways.RealtimeProtocol, Whole(bytes.Slice(0, _speech.PieceBytes)), _heard++);
                bytes = bytes.Slice(_speech.PieceBytes);
                if (!ticks.IsEmpty)
                {
                    ticks.Span[piece] = now - sentAt;
                }
            }

            _turn.Audio.AdvanceTo(bytes.Start, read.Buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // A piece may lie in two blocks of the pipe.
    private ReadOnlySpan<byte> Whole(ReadOnlySequence<byte> piece)
    {
        if (piece.IsSingleSegment)
        {
            return piece.FirstSpan;
        }

        piece.CopyTo(_apart);
        return _apart;
    }
}

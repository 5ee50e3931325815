using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// From the session to the caller: turn after turn, piece by piece. A turn that is silenced is cleared before anything of the next one goes out, so that a clear never takes what comes behind it. Where the caller's side keeps no pace, it is
/// kept here: a piece goes out when it is due, and was heard when the next one is.
/// </summary>
internal sealed class CallerVoice(ICallProtocol protocol, CallLine line, Playback playback, TimeProvider time, CancellationToken stop)
{
    // A pause in what the model says: the pace begins anew.
    private static readonly TimeSpan Starved = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Turn> _turns = Channel.CreateUnbounded<Turn>(new() { SingleReader = true });
    private readonly long _began = time.GetTimestamp();
    private byte[] _piece = [];
    private TimeSpan _due;

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>A turn that the caller is to hear, behind those before it.</summary>
    public void Add(Turn turn)
    {
        playback.Begin(turn);
        turn.Silenced.UnsafeRegister(static voice => _ = ((CallerVoice)voice!).ClearAsync(), this);
        _turns.Writer.TryWrite(turn);
    }

    /// <summary>Speaks until the call ends.</summary>
    public async Task RunAsync()
    {
        await foreach (Turn turn in _turns.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            await SpeakAsync(turn).ConfigureAwait(false);
        }
    }

    private ValueTask<bool> ClearAsync() => line.SendAsync(static (protocol, frames, playback) => WriteClear(protocol, frames, playback), playback);

    private async Task SpeakAsync(Turn turn)
    {
        AudioConverter? converter = null;
        long taken = 0;
        bool goesOn = true;
        while (goesOn)
        {
            ReadResult read = await turn.Audio.ReadAsync(stop).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            AudioEncoding from = turn.AudioEncoding;
            while (PieceOf(rest, from, read.IsCompleted) is > 0 and int length)
            {
                if (protocol.IsPaced)
                {
                    await WaitAsync().ConfigureAwait(false);
                    playback.PlayedOfTurn(turn, taken);
                    _due += from.LengthOf(length);
                }

                if (turn.Silenced.IsCancellationRequested)
                {
                    break;
                }

                // What the caller speaks in may become known while a piece waits.
                AudioEncoding to = protocol.Encoding;
                if (converter is null || converter.From != from || converter.To != to)
                {
                    converter = new(from, to);
                }

                taken += length;
                if (!await SendAsync(turn, taken, converter.Convert(Copy(rest.Slice(0, length)))).ConfigureAwait(false))
                {
                    return;
                }

                rest = rest.Slice(length);
            }

            goesOn = !read.IsCompleted;
            turn.Audio.AdvanceTo(rest.Start, rest.End);
        }

        if (converter?.Flush() is { Length: > 0 } tail)
        {
            await SendAsync(turn, taken, tail).ConfigureAwait(false);
        }

        await EndAsync(turn, taken).ConfigureAwait(false);
    }

    private async Task EndAsync(Turn turn, long taken)
    {
        await line.SendAsync(
            static (protocol, frames, end) =>
            {
                WriteClear(protocol, frames, end.playback);
                if (end.playback.Complete(end.turn, end.taken) is > 0 and long sent && !end.turn.Silenced.IsCancellationRequested)
                {
                    protocol.WriteTurnEnd(frames, end.turn.Number, sent);
                }
            },
            (playback, turn, taken)).ConfigureAwait(false);
        if (protocol.IsPaced && taken > 0 && !turn.Silenced.IsCancellationRequested)
        {
            await WaitAsync().ConfigureAwait(false);
            playback.PlayedOfTurn(turn, taken);
        }
    }

    private ValueTask<bool> SendAsync(Turn turn, long taken, ReadOnlyMemory<byte> audio) => line.SendAsync(
        static (protocol, frames, said) =>
        {
            WriteClear(protocol, frames, said.playback);
            if (!said.turn.Silenced.IsCancellationRequested && !said.audio.IsEmpty)
            {
                protocol.WriteAudio(frames, said.turn.Number, said.playback.Sent(said.turn, said.taken, said.audio.Length), said.audio.Span);
            }
        },
        (playback, turn, taken, audio));

    private static void WriteClear(ICallProtocol protocol, OutgoingFrames frames, Playback playback)
    {
        if (playback.TakeSilenced(out int newest))
        {
            protocol.WriteClear(frames, newest);
        }
    }

    /// <summary>How much goes out next: whole samples; where this side keeps the pace, whole pieces until the end.</summary>
    private int PieceOf(in ReadOnlySequence<byte> rest, AudioEncoding from, bool isEnd)
    {
        int most = from.BytesIn(protocol.Piece);
        int length = (int)Math.Min(most, rest.Length);
        return protocol.IsPaced && length < most && !isEnd ? 0 : length - (length % from.BytesPerSample);
    }

    // Pieces of the pipe end where they like.
    private ReadOnlyMemory<byte> Copy(in ReadOnlySequence<byte> piece)
    {
        int length = (int)piece.Length;
        if (_piece.Length < length)
        {
            _piece = new byte[length];
        }

        piece.CopyTo(_piece);
        return _piece.AsMemory(0, length);
    }

    private async ValueTask WaitAsync()
    {
        TimeSpan early = _due - Now;
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, time, stop).ConfigureAwait(false);
        }
        else if (-early > Starved)
        {
            _due = Now;
        }
    }
}

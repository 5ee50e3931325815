using System.Buffers;
using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The user's audio in a session that outlives its connections. What a connection has sent and its server has not taken into the conversation is kept, so that the next server gets it again: the newest
/// twenty seconds, in the form in which it was written. Where the application ends the turns that is what was said since the last commit that was answered, and what a request that was not sent is about; where the server
/// detects speech, what was said since it heard speech begin, or the last second. Positions are bytes of whole samples since the session began. Told under the session's lock; sending loops read under a lock of its own.
/// </summary>
/// <param name="pipe">What was flushed and not sent yet.</param>
/// <param name="encoding">What the bytes mean.</param>
internal sealed class UserSpeech(PipeReader pipe, AudioEncoding encoding) : InputSource(pipe)
{
    /// <summary>How much is kept at most: as much as the input pipe holds, too.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromSeconds(20);

    // Where the server detects speech it may have begun, unnoticed yet: what a detection needs of padding before it.
    private const int UnnoticedMilliseconds = 1_000;
    private const int SmallestRing = 64 * 1024;

    private readonly PipeReader _pipe = pipe;
    private readonly SampleFormat _format = SampleFormat.Of(encoding);
    private readonly Lock _lock = new();
    private readonly Queue<Leftover> _leftovers = [];
    private readonly List<Mark> _marks = [];

    // Made with the first audio; it grows to what is kept at most.
    private byte[] _ring = [];
    private SendQueue? _reader;
    private long _begin;
    private long _read;
    private long _counted;

    // Where the audio of the present connection began, for what its server says of places in it.
    private long _connectionBegan;
    private long? _speechBegan;
    private long? _speechEnded;

    /// <summary>The server ends the turns.</summary>
    public bool IsDetected { get; set; }

    /// <summary>How much of what was flushed is not committed.</summary>
    public long UncommittedBytes
    {
        get
        {
            lock (_lock)
            {
                return _counted - (_marks.Count > 0 ? _marks[^1].At : _begin);
            }
        }
    }

    /// <summary>So many bytes more lie ready in the pipe.</summary>
    public void Count(long bytes)
    {
        lock (_lock)
        {
            _counted += bytes;
        }
    }

    /// <summary>So many bytes more lie ready that are to be thrown away.</summary>
    public void CountLeftover(int bytes)
    {
        lock (_lock)
        {
            _leftovers.Enqueue(new(_counted, bytes));
        }
    }

    /// <summary>What was said until now was committed.</summary>
    /// <param name="turn">The turn that it begins; 0 for none.</param>
    /// <param name="utterance">What the commit makes of it, by its number; 0 where that is not known before there is a connection.</param>
    public void Commit(int turn, int utterance)
    {
        lock (_lock)
        {
            _marks.Add(new(_counted, turn) { Utterance = utterance });
        }
    }

    /// <summary>What begins a turn is committed on a connection that takes over.</summary>
    public void Name(int turn, int utterance)
    {
        lock (_lock)
        {
            for (int i = 0; i < _marks.Count; i++)
            {
                _marks[i] = _marks[i].Turn == turn ? _marks[i] with { Utterance = utterance } : _marks[i];
            }
        }
    }

    /// <summary>What was said until now is to be forgotten.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _marks.Add(new(_counted, 0) { IsOver = true });
            ForgetWhatIsOver();
        }
    }

    /// <summary>The server has taken what was said into the conversation: what a commit was about, or what it heard by itself. A commit whose turn was given up is answered as well, and concerns nobody here.</summary>
    public void Committed(SessionChange.InputCommitted committed)
    {
        lock (_lock)
        {
            if (committed.ByServer)
            {
                ForgetBefore(_speechEnded ?? _read);
                (_speechBegan, _speechEnded) = (null, null);
                return;
            }

            int answered = _marks.FindIndex(mark => mark is { IsAnswered: false, IsOver: false } && mark.Utterance == committed.Utterance);
            if (answered >= 0)
            {
                Mark mark = _marks[answered];
                _marks[answered] = mark with { IsAnswered = true, ItemId = committed.ItemId, IsOver = mark.Turn == 0 };
                ForgetWhatIsOver();
            }
        }
    }

    /// <summary>The turn is answered, or has ended: what began it is not sent again.</summary>
    public void Settle(int turn)
    {
        lock (_lock)
        {
            for (int i = 0; i < _marks.Count; i++)
            {
                _marks[i] = _marks[i] with { IsOver = _marks[i].IsOver || _marks[i].Turn == turn };
            }

            ForgetWhatIsOver();
        }
    }

    /// <summary>The server hears the user.</summary>
    /// <param name="milliseconds">Where in the audio of its connection; null where it does not say.</param>
    public void Begun(long? milliseconds)
    {
        lock (_lock)
        {
            _speechBegan = milliseconds is { } at ? Place(at) : _read;
        }
    }

    /// <summary>The server hears the user no more.</summary>
    public void Ended(long? milliseconds)
    {
        lock (_lock)
        {
            _speechEnded = milliseconds is { } at ? Place(at) : _read;
        }
    }

    public override void Take(SendQueue connection, in Outgoing next, IBufferWriter<byte> append, Action<IBufferWriter<byte>, ReadOnlySequence<byte>> write)
    {
        lock (_lock)
        {
            if (_reader != connection)
            {
                return; // its connection has ended, and the next one sends it
            }

            ReadOnlySequence<byte> bytes = Read(next.AudioBytes + next.LeftoverBytes);
            if (next.AudioBytes > 0)
            {
                write(append, bytes);
                Keep(bytes);
                if (IsDetected && _speechBegan is null)
                {
                    ForgetBefore(_read - _format.Bytes(UnnoticedMilliseconds));
                }

            }
            else
            {
                _leftovers.Dequeue();
            }

            Advance(bytes.End);
        }
    }

    /// <summary>The session goes on, and so do the writer and the next reader.</summary>
    public override ValueTask LeaveAsync() => default;

    /// <summary>Nobody reads it any more.</summary>
    public ValueTask CompleteAsync()
    {
        lock (_lock)
        {
            _reader = null;
        }

        return _pipe.CompleteAsync();
    }

    /// <summary>From now on this connection reads what is flushed; the one before gets nothing any more. It is called once for each connection that takes over, with what its server is to hear first in <see cref="TakeUp"/>.</summary>
    public void ReadBy(SendQueue connection)
    {
        lock (_lock)
        {
            _reader = connection;
            _connectionBegan = _read;
        }
    }

    /// <summary>The connection that reads it has ended: it takes nothing more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _reader = null;
        }
    }

    /// <summary>
    /// The connection has ended, or another takes over: what it had not sent of what was flushed is taken out of the pipe. Gives what the next one has to send, in order: pieces of audio, each with the turn that
    /// it begins, if that is among those that wait; speech whose turn has ended, is left out.
    /// </summary>
    /// <param name="waits">Whether a turn waits, and was not sent.</param>
    public List<Piece> TakeUp(Func<int, bool> waits)
    {
        lock (_lock)
        {
            _reader = null;
            Drain();
            var pieces = new List<Piece>();
            if (IsDetected)
            {
                ForgetBefore(_speechBegan ?? _read - _format.Bytes(UnnoticedMilliseconds));
            }

            long from = _begin;
            foreach (Mark mark in _marks)
            {
                if (!mark.IsOver && (mark.Turn == 0 || waits(mark.Turn)) && mark.At > from)
                {
                    pieces.Add(new(from, mark.At, mark.Turn, mark.ItemId));
                }

                from = Math.Max(from, mark.At);
            }

            if (_read > from)
            {
                pieces.Add(new(from, _read, 0, null));
            }

            // Told anew as the pieces are sent.
            _marks.Clear();
            (_speechBegan, _speechEnded) = (null, null);
            ForgetBefore(pieces.Count > 0 ? pieces[0].From : _read);
            return pieces;
        }
    }

    /// <summary>A piece is sent by another connection: written part by part, oldest first. What is kept no more of it is left out.</summary>
    /// <param name="piece">Of <see cref="TakeUp"/>.</param>
    /// <param name="most">How much a part has at most.</param>
    /// <param name="send">Takes a part; valid during the call.</param>
    public void SendAgain(in Piece piece, int most, Action<ReadOnlySequence<byte>> send)
    {
        lock (_lock)
        {
            for (long at = Math.Max(piece.From, _begin); at < piece.To; at += most)
            {
                byte[] part = new byte[(int)Math.Min(most, piece.To - at)];
                CopyTo(at, part);
                send(new(part));
            }

            if (piece.Turn != 0)
            {
                _marks.Add(new(piece.To, piece.Turn));
            }
        }
    }

    /// <summary>Places that the server of the connection in use speaks of are counted from here.</summary>
    /// <param name="bytes">How much of what it is sent lies before what it is sent next.</param>
    /// <returns>Where that is in the audio of the session.</returns>
    public long CountPlacesFrom(long bytes)
    {
        lock (_lock)
        {
            return _connectionBegan = _read - bytes;
        }
    }

    private long Place(long milliseconds) => Math.Clamp(_connectionBegan + _format.Bytes(Math.Clamp(milliseconds, 0, int.MaxValue)), 0, _counted);

    private void ForgetWhatIsOver()
    {
        while (_marks.Count > 0 && _marks[0].IsOver)
        {
            ForgetBefore(_marks[0].At);
            _marks.RemoveAt(0);
        }
    }

    // What is over may not be read yet: it is then never kept.
    private void ForgetBefore(long at) => _begin = Math.Max(_begin, at);

    private void Drain()
    {
        while (_read < _counted || _leftovers.Count > 0)
        {
            if (_leftovers.TryPeek(out Leftover leftover) && leftover.At == _read)
            {
                Advance(Read(leftover.Bytes).End);
                _leftovers.Dequeue();
                continue;
            }

            long until = _leftovers.TryPeek(out Leftover next) ? next.At : _counted;
            ReadOnlySequence<byte> bytes = Read(until - _read);
            Keep(bytes);
            Advance(bytes.End);
        }
    }

    private void Keep(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            Keep(segment.Span);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        long end = _read + bytes.Length;
        int most = MostBytes;
        _begin = Math.Max(_begin, end - most);
        long from = Math.Max(_begin, _read);
        if (from < end)
        {
            Grow((int)(end - Math.Min(_begin, from)));
            ReadOnlySpan<byte> kept = bytes[(int)(from - _read)..];
            int at = (int)(from % _ring.Length);
            int first = Math.Min(kept.Length, _ring.Length - at);
            kept[..first].CopyTo(_ring.AsSpan(at));
            kept[first..].CopyTo(_ring);
        }

        _read = end;
    }

    private int MostBytes => (int)_format.Bytes((long)Kept.TotalMilliseconds);

    private void Grow(int needed)
    {
        if (needed <= _ring.Length)
        {
            return;
        }

        int size = Math.Max(SmallestRing, _ring.Length);
        while (size < needed)
        {
            size *= 2;
        }

        byte[] larger = new byte[size];
        long kept = Math.Min(_begin, _read);
        for (long at = kept; at < _read; at++)
        {
            larger[at % size] = _ring[at % _ring.Length];
        }

        _ring = larger;
    }

    private void CopyTo(long at, Span<byte> part)
    {
        int place = (int)(at % _ring.Length);
        int first = Math.Min(part.Length, _ring.Length - place);
        _ring.AsSpan(place, first).CopyTo(part);
        _ring.AsSpan(0, part.Length - first).CopyTo(part[first..]);
    }

    /// <summary>Audio that the next connection sends.</summary>
    /// <param name="From">Its first byte.</param>
    /// <param name="To">Behind its last.</param>
    /// <param name="Turn">The turn that it begins; 0 for what is not committed.</param>
    /// <param name="ItemId">What it became on the connection before; null where nobody said so.</param>
    internal readonly record struct Piece(long From, long To, int Turn, string? ItemId);

    private readonly record struct Mark(long At, int Turn)
    {
        public int Utterance { get; init; }

        public bool IsAnswered { get; init; }

        public bool IsOver { get; init; }

        public string? ItemId { get; init; }
    }

    private readonly record struct Leftover(long At, int Bytes);
}

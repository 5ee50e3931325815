namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The stream of one turn's audio: which bytes of it belong to which part of which item, in whatever order they came, and how far the stream was heard. The listener's
/// place is one number; what it means for each part is worked out when somebody asks (<see cref="Locate"/>), so a delta and a report cost the same few additions.
/// </summary>
/// <remarks>
/// The order is kept exactly for the first <see cref="MaxSpans"/> changes from one part to another. What comes after that is counted without its order, and each part
/// counts as heard as far as it can have been: too much is kept then, and never too little.
/// </remarks>
internal sealed class TurnSound(int turn, int maxSpans = TurnSound.MaxSpans)
{
    /// <summary>More than any service changes between items in one turn.</summary>
    public const int MaxSpans = 4_096;

    private readonly List<Span> _spans = [];
    private readonly List<SoundPart> _parts = [];
    private long _unorderedFrom = long.MaxValue;
    private long _taken;
    private long? _reported;
    private long _mostTaken;
    private SampleFormat _format;
    private PlayTime _playedAsReceived;
    private PlayTime _playedAsTaken;

    /// <summary>The number of the turn.</summary>
    public int Turn { get; } = turn;

    /// <summary>The length of the stream so far.</summary>
    public long Received { get; private set; }

    /// <summary>The parts in it, in the order in which they first came.</summary>
    public IReadOnlyList<SoundPart> Parts => _parts;

    /// <summary>The order of what came last is not known.</summary>
    public bool IsUnordered => _unorderedFrom != long.MaxValue;

    /// <summary>It was silenced: what is said of it now changes nothing.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>It is in the ledger.</summary>
    public bool IsAudible { get; set; }

    /// <summary>Its turn has ended; this is all of it.</summary>
    public bool HasTurnEnded { get; set; }

    /// <summary>How far the stream was heard, by the best evidence that there is.</summary>
    public HeardAudio Heard => (_reported, _taken) switch
    {
        ({ } reported, _) => new(reported, HeardBasis.Reported),
        (_, > 0) => new(_taken, HeardBasis.Read),
        _ => default,
    };

    /// <summary>It is known to be playing right now: some of it was heard, and not all.</summary>
    public bool IsPlaying => Heard.Bytes > 0 && Heard.Bytes < Received;

    /// <summary>All of it has come, and all of it was heard or taken.</summary>
    public bool IsAtItsEnd
    {
        get
        {
            if (Heard is not { Basis: not HeardBasis.Unknown } heard || heard.Bytes < Received)
            {
                return false;
            }

            foreach (SoundPart part in _parts)
            {
                if (!part.IsWhole)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>
    /// When it has been played to its end, by what is known: a report says so itself; what was taken plays from when it was taken, what nobody took from when it came. Never, while it is reported short of its end or something of it
    /// was not taken. 0 where nothing of it plays any more.
    /// </summary>
    public long PlaysUntil => (_reported, _taken) switch
    {
        _ when IsClosed || Received == 0 => 0,
        ({ } reported, _) => reported >= Received ? 0 : long.MaxValue,
        (_, > 0) => _taken >= Received ? _playedAsTaken.Until : long.MaxValue,
        _ => _playedAsReceived.Until,
    };

    /// <summary>When what came of it so far has been played, were it played as it came.</summary>
    public long ReceivedUntil => _playedAsReceived.Until;

    /// <summary>The same stream for the ledger of another connection, whose clock reads so much later: it has come as far as it comes, and its parts are of another conversation.</summary>
    public TurnSound Rest(long later)
    {
        var rest = new TurnSound(Turn)
        {
            HasTurnEnded = true,
            IsAudible = true,
            _taken = _taken,
            _reported = _reported,
            _mostTaken = _mostTaken,
            _format = _format,
            _playedAsReceived = _playedAsReceived.Later(later),
            _playedAsTaken = _playedAsTaken.Later(later),
        };
        rest.Receive(null, Received);
        return rest;
    }

    /// <summary>So much more of it came at this time; <see cref="Receive"/> says what.</summary>
    public void Time(long bytes, SampleFormat format, long now, long notBefore)
    {
        _format = format;
        _playedAsReceived.Add(bytes, format, now, notBefore);
    }

    /// <summary>More of the stream came.</summary>
    /// <param name="part">Whose it is; null for audio that belongs to no part that is kept.</param>
    /// <param name="bytes">More than 0.</param>
    public void Receive(SoundPart? part, long bytes)
    {
        if (part is { Received: 0 })
        {
            _parts.Add(part);
        }

        if (!IsUnordered && (_spans.Count == 0 || !ReferenceEquals(_spans[^1].Part, part)))
        {
            if (_spans.Count < maxSpans)
            {
                _spans.Add(new Span(part, Received));
            }
            else
            {
                _unorderedFrom = Received;
            }
        }

        if (part is not null)
        {
            part.Received += bytes;
            part.Unordered += IsUnordered ? bytes : 0;
        }

        Received += bytes;
    }

    /// <summary>The application reported its listener's place. A place behind an earlier one is an old report; one beyond the end is the end.</summary>
    public void Report(long position)
    {
        if (!IsClosed)
        {
            _reported = Math.Max(_reported ?? 0, Math.Min(position, Received));
        }
    }

    /// <summary>So much of the stream was taken by its reader, or lies in its hands. The number may fall: what was handed out may be given back.</summary>
    public void Take(long position, long now = 0, long notBefore = 0)
    {
        if (IsClosed)
        {
            return;
        }

        _taken = Math.Min(position, Received);
        if (_taken > _mostTaken)
        {
            _playedAsTaken.Add(_taken - _mostTaken, _format, now, notBefore);
            _mostTaken = _taken;
        }
    }

    /// <summary>Nothing of it is to be heard any more; what was heard stays as it is.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Works out how far each part was heard.</summary>
    [LifecycleRule("AU-01")]
    public void Locate()
    {
        long position = Heard.Bytes;
        long past = Math.Max(0, position - _unorderedFrom);
        foreach (SoundPart part in _parts)
        {
            // The tail's order is unknown: the part may have been all of what was played of it.
            part.Heard = Math.Min(past, part.Unordered);
        }

        for (int i = 0; i < _spans.Count; i++)
        {
            if (_spans[i].Part is { } part)
            {
                part.Heard += Math.Clamp(position, _spans[i].Start, EndOf(i)) - _spans[i].Start;
            }
        }
    }

    /// <summary>The place in the stream at which so much of one part has been played; the end of what came of it, when it is less.</summary>
    public long PositionOf(SoundPart part, long bytes)
    {
        long position = 0;
        for (int i = 0; i < _spans.Count; i++)
        {
            if (!ReferenceEquals(_spans[i].Part, part))
            {
                continue;
            }

            long length = EndOf(i) - _spans[i].Start;
            position = _spans[i].Start + Math.Min(bytes, length);
            if (bytes <= length)
            {
                return position;
            }

            bytes -= length;
        }

        return part.Unordered > 0 && bytes > 0 ? _unorderedFrom + Math.Min(bytes, part.Unordered) : position;
    }

    private long EndOf(int span) => span + 1 < _spans.Count ? _spans[span + 1].Start : Math.Min(Received, _unorderedFrom);

    // A stretch of the stream that belongs to one part; it ends where the next begins.
    private readonly record struct Span(SoundPart? Part, long Start);
}

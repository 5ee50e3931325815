using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// How much of the user's audio the socket of a connection has taken, and when it was handed which of it: what a server says of a place in the audio becomes a time of ours. Only the last marks are kept, so a place that lies
/// far back has no time any more. Counting allocates nothing but room for the marks, which doubles until all have it, so that a session that has said little holds little.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="encoding">What the bytes mean.</param>
internal sealed class SentAudio(TimeProvider time, AudioEncoding encoding)
{
    /// <summary>At least five seconds back, and half a minute where audio is sent as it is usual: a server tells of a silence sooner.</summary>
    internal const int MaxMarks = 256;

    /// <summary>What is handed within such a time is one mark.</summary>
    internal static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private const int FewMarks = 16;

    private readonly Lock _lock = new();
    private readonly SampleFormat _format = SampleFormat.Of(encoding);

    // A ring once it has room for all.
    private Mark[] _marks = [];
    private int _newest = -1;
    private long _newestBeganAt;
    private int _count;
    private long _bytes;
    private TimeSpan _sentBefore;

    /// <summary>Where the first byte of it lies in the audio of the session, which may have had connections before.</summary>
    public TimeSpan Began { get; private set; }

    /// <summary>How far the session's audio was sent. What is sent again moves it no further, and never back.</summary>
    public TimeSpan Position => Began + Duration is var sent && sent > _sentBefore ? sent : _sentBefore;

    /// <summary>How long all of it sounds.</summary>
    public TimeSpan Duration => LengthOf(Volatile.Read(ref _bytes));

    /// <summary>The clock's reading, for <see cref="Add"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Goes on behind another connection, before anybody asks.</summary>
    /// <param name="before">That one's.</param>
    /// <param name="bytes">How much of the session's audio lies before what is sent here.</param>
    public void GoOnBehind(SentAudio before, long bytes) => (_sentBefore, Began) = (before.Position, LengthOf(bytes));

    /// <summary>The socket has taken so many bytes more.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="handedAt">When they were handed over.</param>
    public void Add(int bytes, long handedAt)
    {
        lock (_lock)
        {
            Volatile.Write(ref _bytes, _bytes + bytes);
            if (_count > 0 && time.GetElapsedTime(_newestBeganAt, handedAt) < Grain)
            {
                _marks[_newest] = new(_bytes, handedAt);
                return;
            }

            if (_count == _marks.Length && _count < MaxMarks)
            {
                Array.Resize(ref _marks, Math.Max(FewMarks, 2 * _count));
            }

            _newest = (_newest + 1) % _marks.Length;
            _count = Math.Min(_count + 1, MaxMarks);
            _marks[_newest] = new(_bytes, handedAt);
            _newestBeganAt = handedAt;
        }
    }

    /// <summary>When the last byte before this place was handed over; null when nothing was, or when that is too long ago. A place beyond all that was sent is its end.</summary>
    /// <param name="milliseconds">In all the audio that was sent.</param>
    public long? HandedAt(long milliseconds)
    {
        long end = _format.Bytes(Math.Max(0, milliseconds));
        lock (_lock)
        {
            long? found = null;
            int walked = 0;
            for (; walked < _count; walked++)
            {
                ref readonly Mark mark = ref _marks[(_newest - walked + _marks.Length) % _marks.Length];
                if (mark.End < end)
                {
                    return found ?? mark.HandedAt;
                }

                found = mark.HandedAt;
            }

            // The oldest mark holds the place, or what lay before it is forgotten.
            return _count == MaxMarks ? null : found;
        }
    }

    private TimeSpan LengthOf(long bytes) => TimeSpan.FromTicks((long)((Int128)(bytes / _format.BytesPerSample) * TimeSpan.TicksPerSecond / _format.SamplesPerSecond));

    private readonly record struct Mark(long End, long HandedAt);
}

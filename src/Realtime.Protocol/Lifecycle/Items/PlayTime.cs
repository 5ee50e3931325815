namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// When sound has been played to its end, were it played as it came: at once, and without a pause that its coming does not make. It is counted in bytes from where it last began, so that no rounding adds up.
/// </summary>
internal struct PlayTime
{
    private long _from;
    private long _bytes;
    private SampleFormat _format;

    /// <summary>The end; 0 while nothing came.</summary>
    public readonly long Until => _bytes == 0 ? 0 : _from + _format.Milliseconds(_bytes) + 1;

    /// <summary>The same by a clock that reads so much later.</summary>
    public readonly PlayTime Later(long by) => this with { _from = _from + by };

    /// <summary>More came.</summary>
    /// <param name="bytes">More than 0.</param>
    /// <param name="format">What they mean.</param>
    /// <param name="now">The time.</param>
    /// <param name="notBefore">When what is played before it is over.</param>
    public void Add(long bytes, SampleFormat format, long now, long notBefore)
    {
        long start = Math.Max(now, notBefore);
        if (start > Until || format != _format)
        {
            _from = Math.Max(start, Until);
            _bytes = 0;
            _format = format;
        }

        _bytes += bytes;
    }
}

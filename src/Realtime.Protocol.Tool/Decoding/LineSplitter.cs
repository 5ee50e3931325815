namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>
/// Cuts a stream into lines, in memory that depends on the longest line and not on the stream. A line ends at a line feed, a
/// carriage return before it belongs to the break, and the last line may lack both. A line above the limit is handed out
/// cut, marked as too long, and the rest of it is passed over. How the stream happens to be cut into reads changes nothing.
/// </summary>
internal sealed class LineSplitter(Stream source, int maxLineBytes)
{
    private const int FirstBuffer = 64 * 1024;

    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private bool _sourceEnded;
    private bool _skipsRest;

    /// <summary>The number of the line that was read last, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>True when the line that was read last exceeds the limit, its break not counted.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The line that was read last, without its line break. Valid until the next one is read.</summary>
    [Borrowed]
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>True when the next line is here already, so that reading it does not wait for the stream.</summary>
    public bool HoldsNext => !_skipsRest && _buffer.AsSpan(_start, _end - _start).Contains((byte)'\n');

    /// <summary>How much memory the lines take.</summary>
    internal int BufferBytes => _buffer.Length;

    // Behind the longest line there is room for its carriage return and for the byte that shows that it was not the longest.
    private int MostBuffer => maxLineBytes + 2;

    /// <summary>Reads the next line. False at the end of the stream.</summary>
    [InvalidatesBorrows]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        int scanned = 0;
        while (true)
        {
            int end = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (end >= 0 && _skipsRest)
            {
                _start += scanned + end + 1;
                _skipsRest = false;
                scanned = 0;
                continue;
            }

            if (end >= 0)
            {
                Take(scanned + end);
                _start++;
                return true;
            }

            if (_skipsRest)
            {
                _start = _end;
            }

            scanned = _end - _start;
            _skipsRest |= scanned >= MostBuffer;
            if (scanned >= MostBuffer || (_sourceEnded && scanned > 0))
            {
                Take(scanned);
                return true;
            }

            if (_sourceEnded)
            {
                return false;
            }

            await FillAsync(cancellationToken);
        }
    }

    private void Take(int length)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
        if (line.Span.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        Number++;
        IsTooLong = line.Length > maxLineBytes;
        Line = IsTooLong ? line[..maxLineBytes] : line;
        _start += length;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, MostBuffer));
        }

        // The read of a terminal can't be cancelled, but waiting for it can.
        ValueTask<int> reading = source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        int read = reading.IsCompleted ? await reading : await reading.AsTask().WaitAsync(cancellationToken);
        _sourceEnded = read == 0;
        _end += read;
    }
}

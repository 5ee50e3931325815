using System.Buffers;
using Realtime.Protocol.Testing.Hosting.Frames;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// What waits to be written to one client: frames in pages, in order, with the places where something else than writing happens. It holds
/// no task and no stream. A goodbye can overtake everything but the frame under way. One caller at a time; its owner has the lock.
/// </summary>
internal sealed class OutgoingQueue
{
    // Large enough that a delta of audio takes two writes.
    public const int PageBytes = 16 * 1024;

    // Positions count the bytes of plain frames since the queue was last empty. Written up to the head, being written up to what was taken.
    private readonly List<byte[]> _pages = [];
    private readonly Queue<long> _frameEnds = new();
    private readonly Queue<(long At, Special Special)> _specials = new();
    private byte[]? _ping;
    private byte[]? _pong;
    private long _head;
    private long _taken;
    private long _tail;
    private long _lastEnd;
    private long _specialBytes;
    private int _specialUnderWay;

    /// <summary>How many bytes wait or are being written.</summary>
    public long Bytes => _tail - _head + _specialBytes;

    /// <summary>Adds a message as one text frame.</summary>
    public void Add(ReadOnlySpan<byte> message)
    {
        Span<byte> header = stackalloc byte[FrameWriter.LongestHeader];
        Append(header[..FrameWriter.WriteHeader(header, FrameOpcode.Text, message.Length)]);
        Append(message);
        _frameEnds.Enqueue(_tail);
    }

    /// <summary>Adds bytes with which something happens, or an end.</summary>
    public void Add(Special special)
    {
        _specials.Enqueue((_tail, special));
        _specialBytes += special.Bytes.Length;
    }

    /// <summary>A ping that goes before the next frame. One that still waits is superseded: one ping says as much as two.</summary>
    public void AddPing(byte[] frame) => _ping = frame;

    /// <summary>A pong that goes before the next frame. One that still waits is superseded: the last ping alone need be answered (RFC 6455, 5.5.3).</summary>
    public void AddPong(byte[] frame) => _pong = frame;

    /// <summary>Throws everything away but the frame under way.</summary>
    public void Discard()
    {
        while (_frameEnds.TryPeek(out long end) && end < _taken)
        {
            _frameEnds.Dequeue();
        }

        bool isBetweenFrames = _taken == _head && _lastEnd == _head;
        long keep = isBetweenFrames || !_frameEnds.TryPeek(out long endOfFrame) ? _taken : endOfFrame;
        _frameEnds.Clear();
        if (keep > _head)
        {
            _frameEnds.Enqueue(keep);
        }

        _tail = keep;
        while (_pages.Count > PagesUpTo(_tail))
        {
            Return(_pages.Count - 1);
        }

        _specials.Clear();
        _specialBytes = _specialUnderWay;
        _ping = _pong = null;
    }

    /// <summary>What is to be written next; <see cref="Written"/> when it was. False when nothing waits.</summary>
    public bool TryTake(out Portion portion)
    {
        // Control frames stand between frames.
        if ((_pong ?? _ping) is { } urgent && _head == _lastEnd)
        {
            (_pong, _ping) = (null, _pong is null ? null : _ping);
            portion = new(urgent, null);
            return true;
        }

        long until = _tail;
        if (_specials.TryPeek(out (long At, Special Special) next))
        {
            if (next.At == _head)
            {
                _specials.Dequeue();
                _specialUnderWay = next.Special.Bytes.Length;
                portion = new(next.Special.Bytes, next.Special);
                return true;
            }

            until = next.At;
        }

        if (_head == _tail)
        {
            portion = default;
            return false;
        }

        int inPage = (int)(_head % PageBytes);
        int length = (int)Math.Min(PageBytes - inPage, until - _head);
        _taken = _head + length;
        portion = new(_pages[0].AsMemory(inPage, length), null);
        return true;
    }

    /// <summary>What was taken last is written: its memory goes back.</summary>
    public void Written()
    {
        _specialBytes -= _specialUnderWay;
        _specialUnderWay = 0;
        for (long page = _head / PageBytes; page < _taken / PageBytes; page++)
        {
            Return(0);
        }

        _head = _taken;
        while (_frameEnds.TryPeek(out long end) && end <= _head)
        {
            _lastEnd = _frameEnds.Dequeue();
        }

        if (_head == _tail && _specials.Count == 0)
        {
            Clear();
            _head = _taken = _tail = _lastEnd = 0;
        }
    }

    /// <summary>Gives all memory back. What is being written must have ended.</summary>
    public void Clear()
    {
        while (_pages.Count > 0)
        {
            Return(_pages.Count - 1);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int inPage = (int)(_tail % PageBytes);
            if (_pages.Count < PagesUpTo(_tail + 1))
            {
                _pages.Add(ArrayPool<byte>.Shared.Rent(PageBytes));
            }

            int length = Math.Min(PageBytes - inPage, bytes.Length);
            bytes[..length].CopyTo(_pages[^1].AsSpan(inPage));
            bytes = bytes[length..];
            _tail += length;
        }
    }

    // The pages that hold the bytes from the head to a position.
    private long PagesUpTo(long position) => position == _head ? Math.Sign(_head % PageBytes) : ((position + PageBytes - 1) / PageBytes) - (_head / PageBytes);

    private void Return(int index)
    {
        ArrayPool<byte>.Shared.Return(_pages[index]);
        _pages.RemoveAt(index);
    }
}

/// <summary>Bytes with which more happens than that they are written, or the end of the connection.</summary>
/// <param name="Bytes">What is written, whole or up to where the connection ends.</param>
/// <param name="Marks">How, when it is a message.</param>
/// <param name="Goodbye">True for a goodbye: nothing follows it.</param>
internal sealed record Special(byte[] Bytes, FrameMarks? Marks, bool Goodbye = false);

/// <summary>What is written at once.</summary>
internal readonly record struct Portion(ReadOnlyMemory<byte> Bytes, Special? Special);

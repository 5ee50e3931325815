using System.Buffers;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// Sound in pages of 2 KB, which all sessions take from one pool and give back. It grows at its end and is forgotten from its beginning; nothing of it is ever moved.
/// A session that is left behind takes its pages along: they are garbage, and not lost to the pool.
/// </summary>
internal sealed class AudioPages
{
    private const int PageBytes = 2_048;

    private readonly Queue<byte[]> _pages = new(0);
    private byte[]? _last;
    private int _first;

    /// <summary>Bytes that it holds.</summary>
    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            int end = (_first + Length) % PageBytes;
            if (end == 0 || _last is null)
            {
                _last = ArrayPool<byte>.Shared.Rent(PageBytes);
                _pages.Enqueue(_last);
            }

            int taken = Math.Min(audio.Length, PageBytes - end);
            audio[..taken].CopyTo(_last.AsSpan(end));
            audio = audio[taken..];
            Length += taken;
        }
    }

    /// <summary>Copies a piece of it.</summary>
    public void CopyTo(int start, Span<byte> piece)
    {
        foreach (ReadOnlySpan<byte> run in Runs(start, piece.Length))
        {
            run.CopyTo(piece);
            piece = piece[run.Length..];
        }
    }

    /// <summary>Copies a piece of it into pages of its own.</summary>
    public AudioPages Copy(int start, int length)
    {
        var copy = new AudioPages();
        foreach (ReadOnlySpan<byte> run in Runs(start, length))
        {
            copy.Append(run);
        }

        return copy;
    }

    /// <summary>A piece of it, page by page. Valid until it changes.</summary>
    public RunEnumerator Runs(int start, int length) => new(_pages.GetEnumerator(), _first + start, length);

    /// <summary>Forgets the first bytes.</summary>
    public void Forget(int count)
    {
        if (count >= Length)
        {
            Clear();
            return;
        }

        _first += count;
        Length -= count;
        for (; _first >= PageBytes; _first -= PageBytes)
        {
            ArrayPool<byte>.Shared.Return(_pages.Dequeue());
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        while (_pages.TryDequeue(out byte[]? page))
        {
            ArrayPool<byte>.Shared.Return(page);
        }

        (_last, _first, Length) = (null, 0, 0);
    }

    /// <summary>Walks over pages.</summary>
    public ref struct RunEnumerator(Queue<byte[]>.Enumerator pages, int skipped, int left)
    {
        private Queue<byte[]>.Enumerator _pages = pages;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly RunEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (left > 0 && _pages.MoveNext())
            {
                if (skipped >= PageBytes)
                {
                    skipped -= PageBytes;
                    continue;
                }

                Current = _pages.Current.AsSpan(skipped, Math.Min(left, PageBytes - skipped));
                left -= Current.Length;
                skipped = 0;
                return true;
            }

            return false;
        }
    }
}

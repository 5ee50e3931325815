using System.Buffers;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// The input buffer: the audio since the last commit or clear, and how much came in all, because turn detection counts milliseconds from
/// the beginning of the session.
/// </summary>
internal sealed class InputAudio
{
    private AudioPages _pages = new();

    /// <summary>Bytes in the buffer.</summary>
    public int Length => _pages.Length;

    /// <summary>Where the buffer begins, in bytes from the beginning of the session.</summary>
    public long Start { get; private set; }

    /// <summary>Where the buffer ends, in bytes from the beginning of the session.</summary>
    public long End => Start + Length;

    /// <summary>Adds what an event carries.</summary>
    public void Append(Base64View audio)
    {
        // Decoded as a whole: the text may have escapes.
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(audio.DecodedLength, audio.Encoded.MaxLength / 4 * 3));
        audio.TryDecode(rented, out int written);
        _pages.Append(rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>What is held from a place on, in bytes from the beginning of the session, in pieces. Valid until the buffer changes.</summary>
    public AudioPages.RunEnumerator From(long place)
    {
        int start = (int)Math.Clamp(place - Start, 0, Length);
        return _pages.Runs(start, Length - start);
    }

    /// <summary>The audio between two places, in bytes from the beginning of the session; what is not held any more is left out.</summary>
    public AudioPages Copy(long from, long to)
    {
        int first = (int)Math.Clamp(from - Start, 0, Length);
        int last = (int)Math.Clamp(to - Start, first, Length);
        return _pages.Copy(first, last - first);
    }

    /// <summary>All that is held; the buffer then holds nothing.</summary>
    public AudioPages Take()
    {
        AudioPages taken = _pages;
        Start = End;
        _pages = new();
        return taken;
    }

    /// <summary>Forgets what lies before this place.</summary>
    public void ForgetBefore(long place)
    {
        int count = (int)Math.Clamp(place - Start, 0, Length);
        _pages.Forget(count);
        Start += count;
    }

    /// <summary>Counts the same time in other bytes from now on; nothing may be held.</summary>
    public void Count(int bytesPerMsBefore, int bytesPerMs) => Start = Start / bytesPerMsBefore * bytesPerMs;

    /// <summary>Forgets everything that is held.</summary>
    public void Clear() => ForgetBefore(End);
}

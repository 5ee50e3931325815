using System.Buffers;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// The input buffer: the audio since the last commit or clear, and how much came in all, because turn detection counts milliseconds from
/// the beginning of the session.
/// </summary>
internal sealed class InputAudio
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What the buffer holds.</summary>
    public ReadOnlyMemory<byte> Held => _bytes.WrittenMemory;

    /// <summary>Bytes in the buffer.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>Where the buffer begins, in bytes from the beginning of the session.</summary>
    public long Start { get; private set; }

    /// <summary>Where the buffer ends, in bytes from the beginning of the session.</summary>
    public long End => Start + Length;

    /// <summary>Adds what an event carries.</summary>
    public void Append(Base64View audio) => audio.DecodeTo(_bytes);

    /// <summary>What is held from a place on, in bytes from the beginning of the session. Valid until the buffer changes.</summary>
    public ReadOnlySpan<byte> From(long place) => _bytes.WrittenSpan[(int)Math.Clamp(place - Start, 0, Length)..];

    /// <summary>The audio between two places, in bytes from the beginning of the session; what is not held any more is left out.</summary>
    public byte[] Copy(long from, long to)
    {
        int first = (int)Math.Clamp(from - Start, 0, Length);
        int last = (int)Math.Clamp(to - Start, first, Length);
        return _bytes.WrittenSpan[first..last].ToArray();
    }

    /// <summary>Forgets what lies before this place.</summary>
    public void ForgetBefore(long place)
    {
        int count = (int)Math.Clamp(place - Start, 0, Length);
        byte[] kept = _bytes.WrittenSpan[count..].ToArray();
        _bytes.ResetWrittenCount();
        _bytes.Write(kept);
        Start += count;
    }

    /// <summary>Counts the same time in other bytes from now on; nothing may be held.</summary>
    public void Count(int bytesPerMsBefore, int bytesPerMs) => Start = Start / bytesPerMsBefore * bytesPerMs;

    /// <summary>Forgets everything that is held.</summary>
    public void Clear()
    {
        Start = End;
        _bytes.ResetWrittenCount();
    }
}

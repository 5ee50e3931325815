using System.Buffers;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Events;

/// <summary>
/// Raw audio on its way to the wire, as it comes from a microphone or a file: PCM or G.711 bytes, in one piece or in
/// several. The writer encodes it as base64; base64 text has no business here (rule RT2001).
/// </summary>
public readonly ref struct AudioBytes
{
    /// <summary>Audio in one piece.</summary>
    public AudioBytes([RawAudio] ReadOnlySpan<byte> bytes) => Span = bytes;

    /// <summary>Audio in several pieces, as a pipe hands it out.</summary>
    public AudioBytes([RawAudio] ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            Span = bytes.FirstSpan;
        }
        else
        {
            Sequence = bytes;
        }
    }

    /// <summary>How many bytes of audio there are.</summary>
    public long Length => Span.IsEmpty ? LengthOfPieces() : Span.Length;

    internal ReadOnlySpan<byte> Span { get; }

    internal ReadOnlySequence<byte> Sequence { get; }

    /// <summary>Audio in one piece.</summary>
    public static implicit operator AudioBytes([RawAudio] ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Audio in one piece.</summary>
    public static implicit operator AudioBytes([RawAudio] Span<byte> bytes) => new(bytes);

    /// <summary>Audio in one piece.</summary>
    public static implicit operator AudioBytes([RawAudio] byte[] bytes) => new((ReadOnlySpan<byte>)bytes);

    /// <summary>Audio in one piece.</summary>
    public static implicit operator AudioBytes([RawAudio] ReadOnlyMemory<byte> bytes) => new(bytes.Span);

    /// <summary>Audio in several pieces.</summary>
    public static implicit operator AudioBytes([RawAudio] ReadOnlySequence<byte> bytes) => new(bytes);

    // Rare, and long enough to keep what surrounds it from being inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long LengthOfPieces() => Sequence.Length;
}

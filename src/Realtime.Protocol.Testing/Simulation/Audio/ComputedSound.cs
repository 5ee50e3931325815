using System.Buffers.Binary;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// A sound that is never stored: any piece of it is computed where it is needed, and every time the same. A soft tone that swells and
/// fades, so that a text has something to sound like; without a pitch it is silence.
/// </summary>
/// <param name="Hertz">The pitch; 0 for silence.</param>
/// <param name="Milliseconds">How long it is.</param>
/// <param name="Format">How it is encoded.</param>
internal sealed record ComputedSound(double Hertz, int Milliseconds, SpeechFormat Format) : ISoundSource
{
    private const int SamplesPerMs = 24;
    private const int Ratio = 3;
    private const double Loudness = 4_000;

    /// <summary>How many bytes it has.</summary>
    public int Length => Milliseconds * Format.BytesPerMillisecond();

    /// <summary>Computes a piece.</summary>
    /// <param name="start">Its first byte, which begins a sample.</param>
    /// <param name="piece">As much as is to be computed.</param>
    public void Render(int start, Span<byte> piece)
    {
        if (Format == SpeechFormat.Pcm16)
        {
            for (int i = 0; i + 1 < piece.Length; i += sizeof(short))
            {
                BinaryPrimitives.WriteInt16LittleEndian(piece[i..], Sample((start + i) / sizeof(short)));
            }

            return;
        }

        Span<short> three = stackalloc short[Ratio];
        for (int i = 0; i < piece.Length; i++)
        {
            for (int j = 0; j < Ratio; j++)
            {
                three[j] = Sample(((start + i) * Ratio) + j);
            }

            piece[i] = SpeechEncoding.EncodeOne(three, Format);
        }
    }

    private short Sample(int index)
    {
        int samples = Milliseconds * SamplesPerMs;
        return (short)(Loudness * Math.Sin(Math.PI * index / samples) * Math.Sin(2 * Math.PI * Hertz * index / 24_000));
    }
}

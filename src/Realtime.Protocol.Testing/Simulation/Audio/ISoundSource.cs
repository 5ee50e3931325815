namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>A sound of which any piece can be had when it is needed, so that nobody has to hold all of it.</summary>
internal interface ISoundSource
{
    /// <summary>How many bytes it has.</summary>
    int Length { get; }

    /// <summary>What the session keeps for it; nothing where it is computed, or where somebody else holds it.</summary>
    IEnumerable<KeptSound> Kept => [];

    /// <summary>Gives a piece.</summary>
    /// <param name="start">Its first byte, which begins a sample.</param>
    /// <param name="piece">As much as is wanted, whole samples.</param>
    void Render(int start, Span<byte> piece);
}

/// <summary>Sound that somebody gave and holds: a file's, or a model's.</summary>
/// <param name="Audio">Its bytes.</param>
internal sealed record GivenSound(ReadOnlyMemory<byte> Audio) : ISoundSource
{
    public int Length => Audio.Length;

    public void Render(int start, Span<byte> piece) => Audio.Span.Slice(start, piece.Length).CopyTo(piece);

    public override string ToString() => $"{Length} bytes of sound";
}

/// <summary>The same sound in another format, converted piece by piece.</summary>
internal sealed class ConvertedSound(ISoundSource sound, SpeechFormat from, SpeechFormat to) : ISoundSource
{
    // Both formats have 8,000 of these in a second.
    private readonly int _unitFrom = from.BytesPerMillisecond() / 8;
    private readonly int _unitTo = to.BytesPerMillisecond() / 8;

    public int Length => sound.Length / _unitFrom * _unitTo;

    public IEnumerable<KeptSound> Kept => sound.Kept;

    public void Render(int start, Span<byte> piece)
    {
        int first = start / _unitTo;
        int last = (start + piece.Length + _unitTo - 1) / _unitTo;
        byte[] original = new byte[(last - first) * _unitFrom];
        sound.Render(first * _unitFrom, original);
        SpeechEncoding.Convert(original, from, to).Span.Slice(start - (first * _unitTo), piece.Length).CopyTo(piece);
    }
}

/// <summary>Sounds of one format behind each other.</summary>
internal sealed class JoinedSound(IReadOnlyList<ISoundSource> sounds) : ISoundSource
{
    public int Length { get; } = sounds.Sum(static sound => sound.Length);

    public IEnumerable<KeptSound> Kept => sounds.SelectMany(static sound => sound.Kept);

    public void Render(int start, Span<byte> piece)
    {
        foreach (ISoundSource sound in sounds)
        {
            int here = Math.Clamp(sound.Length - start, 0, piece.Length);
            if (here > 0)
            {
                sound.Render(start, piece[..here]);
                piece = piece[here..];
            }

            start = Math.Max(0, start - sound.Length);
        }
    }
}

/// <summary>What can be done with every sound.</summary>
internal static class SoundSources
{
    /// <summary>Its first bytes.</summary>
    public static ReadOnlyMemory<byte> Beginning(this ISoundSource sound, int length)
    {
        if (sound is GivenSound given)
        {
            return given.Audio[..length];
        }

        byte[] rendered = new byte[length];
        sound.Render(0, rendered);
        return rendered;
    }

    /// <summary>The same sound in another format.</summary>
    public static ISoundSource In(this ISoundSource sound, SpeechFormat from, SpeechFormat to) => from == to ? sound : new ConvertedSound(sound, from, to);
}

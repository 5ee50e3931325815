namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>What a detector heard.</summary>
internal enum SpeechChange
{
    None,
    Started,
    Stopped,
}

/// <summary>
/// Stands in for the service's voice detection: loudness, in frames of 20 ms. A loud frame starts speech, and enough quiet ones end it.
/// It knows nothing of voices; a door that slams is speech to it.
/// </summary>
internal sealed class SpeechDetector
{
    /// <summary>How long a frame is.</summary>
    public const int FrameMs = 20;

    // A threshold of 0.5, the service's default, then hears what is louder than about -36 dBFS: speech, but not the noise of a room.
    private const double LoudnessOfThresholdOne = 1_000;

    private readonly byte[] _frame = new byte[FrameMs * 48];
    private int _filled;
    private int _quietMs;

    /// <summary>True between the start of speech and its end.</summary>
    public bool IsSpeaking { get; private set; }

    /// <summary>Where the frame that was heard last ends, in bytes from the beginning of the session.</summary>
    public long Heard { get; private set; }

    /// <summary>Whether this much audio, as a whole, is as loud as speech. It has at least one sample.</summary>
    public static bool IsLoud(ReadOnlySpan<byte> audio, SpeechFormat format, double threshold) => Loudness(audio, format) >= threshold * LoudnessOfThresholdOne;

    /// <summary>Takes audio until something changes; <see cref="Heard"/> then says how far it came.</summary>
    public SpeechChange Hear(ReadOnlySpan<byte> audio, SpeechFormat format, double threshold, int silenceMs)
    {
        int frameBytes = FrameMs * format.BytesPerMillisecond();
        while (audio.Length > 0)
        {
            int taken = Math.Min(audio.Length, frameBytes - _filled);
            audio[..taken].CopyTo(_frame.AsSpan(_filled));
            audio = audio[taken..];
            Heard += taken;
            _filled += taken;
            if (_filled < frameBytes)
            {
                break;
            }

            bool loud = IsLoud(_frame.AsSpan(0, frameBytes), format, threshold);
            _filled = 0;
            if (Judge(loud, silenceMs) is var change and not SpeechChange.None)
            {
                return change;
            }
        }

        return SpeechChange.None;
    }

    /// <summary>Starts over at this place: the buffer was cleared or committed, or detection was switched.</summary>
    public void Reset(long place)
    {
        _filled = 0;
        _quietMs = 0;
        IsSpeaking = false;
        Heard = place;
    }

    private SpeechChange Judge(bool loud, int silenceMs)
    {
        _quietMs = loud ? 0 : _quietMs + FrameMs;
        if (loud && !IsSpeaking)
        {
            IsSpeaking = true;
            return SpeechChange.Started;
        }

        if (IsSpeaking && _quietMs >= silenceMs)
        {
            IsSpeaking = false;
            return SpeechChange.Stopped;
        }

        return SpeechChange.None;
    }

    private static double Loudness(ReadOnlySpan<byte> audio, SpeechFormat format)
    {
        short[] samples = SpeechEncoding.Decode(audio, format);
        double sum = 0;
        foreach (short sample in samples)
        {
            sum += Math.Abs((int)sample);
        }

        return sum / samples.Length;
    }
}

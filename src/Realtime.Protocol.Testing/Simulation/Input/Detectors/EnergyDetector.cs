using System.Numerics;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation.Input.Detectors;

/// <summary>
/// Stands in for the service's voice detection: loudness, in frames of 20 ms. Enough loud frames close together are speech, from the first of
/// them on, so that a click is none; enough quiet ones end it. What is loud has to become a good deal softer to be quiet, or a voice that
/// swells around the threshold would be many turns. It knows nothing of voices: a door that slams for long is speech to it.
/// </summary>
/// <remarks>How much speech it takes, and how much softer quiet is, are this simulator's own numbers: the service's were never published.</remarks>
internal sealed class EnergyDetector(ServiceSwitches service) : ITurnDetector
{
    private const int FrameMs = 20;

    // Loud frames of one beginning may have so much quiet between them.
    private const int GapMs = 40;

    private readonly int _framesNeeded = Math.Max(1, (service.MinSpeechMs + FrameMs - 1) / FrameMs);
    private readonly double _closing = Math.Pow(10, -service.HysteresisDb / 20.0);

    // Of the last frames, whether each was loud; the last one is the lowest bit.
    private ulong _loud;
    private byte[]? _frame;
    private int _filled;
    private int _quietMs;

    public bool IsSpeaking { get; private set; }

    public long Heard { get; private set; }

    public int Turn { get; private set; }

    private ulong Window => (1UL << (_framesNeeded + (GapMs / FrameMs))) - 1;

    public SpeechChange Hear(ReadOnlySpan<byte> audio, SpeechFormat format, ListeningSettings listening, int pauseMs)
    {
        int frameBytes = FrameMs * format.BytesPerMillisecond();
        double opens = Loudness.Of(listening.Threshold);
        while (audio.Length > 0)
        {
            double loudness;
            int taken = Math.Min(audio.Length, frameBytes - _filled);
            Heard += taken;
            if (_filled == 0 && taken == frameBytes)
            {
                loudness = Loudness.Of(audio[..taken], format);
                audio = audio[taken..];
            }
            else
            {
                _frame ??= new byte[FrameMs * SpeechFormat.Pcm16.BytesPerMillisecond()];
                audio[..taken].CopyTo(_frame.AsSpan(_filled));
                audio = audio[taken..];
                _filled += taken;
                if (_filled < frameBytes)
                {
                    break;
                }

                _filled = 0;
                loudness = Loudness.Of(_frame.AsSpan(0, frameBytes), format);
            }

            if ((IsSpeaking ? Speaking(loudness >= opens * _closing, pauseMs) : Waiting(loudness >= opens, frameBytes)) is { Kind: not SpeechChangeKind.None } change)
            {
                return change;
            }
        }

        return default;
    }

    // Whatever is committed is taken for speech: the nth turn is the nth that was committed.
    public int? Commit(long from, long to, SpeechFormat format) => Turn++;

    public void Reset(long place)
    {
        _filled = 0;
        _quietMs = 0;
        _loud = 0;
        IsSpeaking = false;
        Heard = place;
    }

    private SpeechChange Waiting(bool loud, int frameBytes)
    {
        _loud = ((_loud << 1) | (loud ? 1UL : 0)) & Window;
        if (BitOperations.PopCount(_loud) < _framesNeeded)
        {
            return default;
        }

        int framesAgo = BitOperations.Log2(_loud) + 1;
        _loud = 0;
        _quietMs = 0;
        IsSpeaking = true;
        return new(SpeechChangeKind.Started, Heard - ((long)framesAgo * frameBytes));
    }

    private SpeechChange Speaking(bool loud, int pauseMs)
    {
        _quietMs = loud ? 0 : _quietMs + FrameMs;
        if (_quietMs == 0 || _quietMs < pauseMs)
        {
            return default;
        }

        IsSpeaking = false;
        return new(SpeechChangeKind.Stopped, Heard);
    }
}

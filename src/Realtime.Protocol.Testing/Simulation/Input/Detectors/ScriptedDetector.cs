using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Input.Detectors;

/// <summary>
/// Speech is where the test says, whatever the sound is: each turn has a span on the clock of the audio. A span that was cut short by a commit or a clear is over,
/// and one that went by while nobody listened never was.
/// </summary>
internal sealed class ScriptedDetector(IReadOnlyList<SimulatedTranscript> turns) : ITurnDetector
{
    private int _next;

    public bool IsSpeaking { get; private set; }

    public long Heard { get; private set; }

    /// <summary>Throws when turns have no span, or spans that do not follow one another.</summary>
    public static void Check(IReadOnlyList<SimulatedTranscript> turns)
    {
        long end = 0;
        foreach (SimulatedTranscript turn in turns)
        {
            if (turn.Spoken is not { } span)
            {
                throw new ArgumentException("Where detection is scripted, each of the transcripts says when it is spoken.", nameof(turns));
            }

            if (span.FromMs < end || span.ToMs <= span.FromMs)
            {
                throw new ArgumentException($"A turn that is spoken from {span.FromMs} to {span.ToMs} ms can't follow one that ends at {end} ms.", nameof(turns));
            }

            end = span.ToMs;
        }
    }

    public SpeechChange Hear(ReadOnlySpan<byte> audio, SpeechFormat format, ListeningSettings listening, int pauseMs)
    {
        long bytesPerMs = format.BytesPerMillisecond();
        long end = Heard + audio.Length;
        while (_next < turns.Count && !IsSpeaking && turns[_next].Spoken!.Value.ToMs * bytesPerMs <= Heard)
        {
            _next++;
        }

        long at = _next == turns.Count ? long.MaxValue
            : IsSpeaking ? turns[_next].Spoken!.Value.ToMs * bytesPerMs
            : Math.Max(Heard, turns[_next].Spoken!.Value.FromMs * bytesPerMs);
        if (at > end)
        {
            Heard = end;
            return default;
        }

        Heard = at;
        _next += IsSpeaking ? 1 : 0;
        IsSpeaking = !IsSpeaking;
        return new(IsSpeaking ? SpeechChangeKind.Started : SpeechChangeKind.Stopped, at);
    }

    public void Reset(long place)
    {
        _next += IsSpeaking ? 1 : 0;
        IsSpeaking = false;
        Heard = place;
    }
}

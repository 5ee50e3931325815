using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Input.Detectors;

/// <summary>
/// Speech is where the test says, whatever the sound is: each turn has a span on the clock of the audio. A span that was cut short by a commit or a clear is over,
/// and one that went by while nobody listened never was; the words of both are gone with them. What a client commits by itself is the first turn that is spoken in it, and quiet
/// where none is.
/// </summary>
internal sealed class ScriptedDetector(IReadOnlyList<SimulatedTranscript> turns) : ITurnDetector
{
    public bool IsSpeaking { get; private set; }

    public long Heard { get; private set; }

    public int Turn { get; private set; }

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
        PassOver(Heard, bytesPerMs);
        long at = Turn == turns.Count ? long.MaxValue
            : IsSpeaking ? turns[Turn].Spoken!.Value.ToMs * bytesPerMs
            : Math.Max(Heard, turns[Turn].Spoken!.Value.FromMs * bytesPerMs);
        if (at > end)
        {
            Heard = end;
            return default;
        }

        Heard = at;
        IsSpeaking = !IsSpeaking;
        return new(IsSpeaking ? SpeechChangeKind.Started : SpeechChangeKind.Stopped, at);
    }

    public int? Commit(long from, long to, SpeechFormat format)
    {
        long bytesPerMs = format.BytesPerMillisecond();
        PassOver(from, bytesPerMs);
        if (!IsSpeaking && (Turn == turns.Count || turns[Turn].Spoken!.Value.FromMs * bytesPerMs >= to))
        {
            return null;
        }

        IsSpeaking = false;
        return Turn++;
    }

    public void Reset(long place)
    {
        Turn += IsSpeaking ? 1 : 0;
        IsSpeaking = false;
        Heard = place;
    }

    // A turn that has just ended is passed over too, once it was committed or nobody did.
    private void PassOver(long place, long bytesPerMs)
    {
        while (!IsSpeaking && Turn < turns.Count && turns[Turn].Spoken!.Value.ToMs * bytesPerMs <= place)
        {
            Turn++;
        }
    }
}

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the server of a translation says beside <c>session.created</c>, <c>session.updated</c> and <c>error</c>, which are
/// <see cref="ServerSpeaker"/>'s in every session. Which event follows which is not decided here.
/// </summary>
internal sealed class TranslationSpeaker(SpokenEvents events, WireIds ids)
{
    public void SourceDelta(string delta, long elapsedMs)
    {
        Events.Translation.EventWriter.Write(events.BeginMessage(), new Events.Translation.SessionInputTranscriptDelta { EventId = ids.Event(), Delta = delta, ElapsedMs = elapsedMs });
        events.EndMessage("session.input_transcript.delta");
    }

    public void TranslationDelta(string delta, long elapsedMs)
    {
        Events.Translation.EventWriter.Write(events.BeginMessage(), new Events.Translation.SessionOutputTranscriptDelta { EventId = ids.Event(), Delta = delta, ElapsedMs = elapsedMs });
        events.EndMessage("session.output_transcript.delta");
    }

    public void AudioDelta([RawAudio] ReadOnlySpan<byte> audio, long elapsedMs)
    {
        Events.Translation.EventWriter.Write(events.BeginMessage(), new Events.Translation.SessionOutputAudioDelta
        {
            EventId = ids.Event(),
            Delta = audio,
            SampleRate = 24_000,
            Channels = 1,
            Format = Events.Translation.SessionOutputAudioDeltaFormat.Pcm16,
            ElapsedMs = elapsedMs,
        });
        events.EndMessage("session.output_audio.delta");
    }

    public void Closed()
    {
        Events.Translation.EventWriter.Write(events.BeginMessage(), new Events.Translation.SessionClosed { EventId = ids.Event() });
        events.EndMessage("session.closed");
    }
}

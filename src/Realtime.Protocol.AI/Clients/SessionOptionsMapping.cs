using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>
/// The options of Microsoft.Extensions.AI on those of a voice session, each by a row below. Null leaves what the voice options say; what a voice session does not have, or cannot change while it is open, is refused by its name, and nothing is
/// dropped in silence.
/// </summary>
internal static class SessionOptionsMapping
{
    /// <summary>For a session that is about to connect.</summary>
    public static void Apply(VoiceSessionOptions options, RealtimeSessionOptions asked)
    {
        SessionConfiguration changes = Changes(asked, options.Session);
        options.Session = Merge(options.Session, changes);
        options.Model = asked.Model ?? options.Model;
        options.InputEncoding = asked.InputAudioFormat is { } input ? MediaTypes.ToEncoding(input, nameof(asked.InputAudioFormat)) : options.InputEncoding;
        options.OutputEncoding = asked.OutputAudioFormat is { } output ? MediaTypes.ToEncoding(output, nameof(asked.OutputAudioFormat)) : options.OutputEncoding;
    }

    /// <summary>For a session that is open: what is fixed for its life may be repeated, and not changed.</summary>
    public static SessionConfiguration ToChanges(SessionUpdateRealtimeClientMessage message, VoiceSessionOptions options, RealtimeSessionOptions current)
    {
        ClientMessages.ThrowIfRaw(message);
        RealtimeSessionOptions asked = message.Options;
        if (asked.Model is { } model && model != (current.Model ?? options.Model))
        {
            throw Fixed(nameof(asked.Model));
        }

        ThrowIfOther(asked.InputAudioFormat, options.InputEncoding, nameof(asked.InputAudioFormat));
        ThrowIfOther(asked.OutputAudioFormat, options.OutputEncoding, nameof(asked.OutputAudioFormat));
        return Changes(asked, options.Session);
    }

    /// <summary>What a session was asked for in all: what an update leaves out stays, so that the functions of before are still found.</summary>
    public static RealtimeSessionOptions Merge(RealtimeSessionOptions current, RealtimeSessionOptions changes) => new()
    {
        SessionKind = current.SessionKind,
        Model = changes.Model ?? current.Model,
        InputAudioFormat = changes.InputAudioFormat ?? current.InputAudioFormat,
        OutputAudioFormat = changes.OutputAudioFormat ?? current.OutputAudioFormat,
        TranscriptionOptions = changes.TranscriptionOptions ?? current.TranscriptionOptions,
        Voice = changes.Voice ?? current.Voice,
        Instructions = changes.Instructions ?? current.Instructions,
        MaxOutputTokens = changes.MaxOutputTokens ?? current.MaxOutputTokens,
        OutputModalities = changes.OutputModalities ?? current.OutputModalities,
        ToolMode = changes.ToolMode ?? current.ToolMode,
        Tools = changes.Tools ?? current.Tools,
        VoiceActivityDetection = changes.VoiceActivityDetection ?? current.VoiceActivityDetection,
        RawRepresentationFactory = changes.RawRepresentationFactory ?? current.RawRepresentationFactory,
    };

    /// <summary>Text or audio, which comes with its transcript.</summary>
    public static OutputModality? Modality(IEnumerable<string>? modalities, string member) => modalities?.ToArray() switch
    {
        null or [] => null,
        ["text"] => OutputModality.Text,
        ["audio"] => OutputModality.Audio,
        var other => throw new NotSupportedException($"{member}: a response is text or audio, which comes with its transcript, and not {string.Join(" and ", other)} (RC-20)."),
    };

    private static SessionConfiguration Changes(RealtimeSessionOptions asked, SessionConfiguration before)
    {
        if (asked.SessionKind != RealtimeSessionKind.Conversation)
        {
            throw new NotSupportedException($"SessionKind: this is a session for conversations, and {asked.SessionKind.Value} is asked for. A TranscriptionSession writes down.");
        }

        SessionConfiguration seed = asked.RawRepresentationFactory?.Invoke() switch
        {
            null => new(),
            SessionConfiguration own => own,
            var other => throw new NotSupportedException($"RawRepresentationFactory: a voice session takes a SessionConfiguration, and this is a {other.GetType().Name}."),
        };
        return seed with
        {
            Voice = asked.Voice is { } voice ? new VoiceName(voice) : seed.Voice,
            Instructions = asked.Instructions ?? seed.Instructions,
            MaxOutputTokens = asked.MaxOutputTokens ?? seed.MaxOutputTokens,
            Modality = Modality(asked.OutputModalities, nameof(asked.OutputModalities)) ?? seed.Modality,
            ToolUse = asked.ToolMode is { } mode ? ToolMapping.Of(mode, nameof(asked.ToolMode)) : seed.ToolUse,
            Tools = asked.Tools is { } tools ? ToolMapping.Of(tools, nameof(asked.Tools)) : seed.Tools,
            Transcription = asked.TranscriptionOptions is { } transcription ? Transcription(transcription) : seed.Transcription,
            TurnTaking = asked.VoiceActivityDetection is { } detection ? TurnTakingOf(detection, seed.TurnTaking ?? before.TurnTaking) : seed.TurnTaking,
        };
    }

    private static InputTranscription Transcription(TranscriptionOptions asked) => asked.ModelId is { Length: > 0 } model
        ? new(model) { Language = asked.SpeechLanguage, Prompt = asked.Prompt }
        : throw new ArgumentException("TranscriptionOptions: ModelId says which model writes down, and it is not set.", nameof(asked));

    // Whoever prepared a detection has said more than on and off, and keeps it.
    private static TurnTaking TurnTakingOf(VoiceActivityDetectionOptions asked, TurnTaking? before) => (asked.Enabled, before) switch
    {
        (false, _) => TurnTaking.Manual,
        (true, TurnTaking.Detection detection) => detection with { InterruptsResponse = asked.AllowInterruption },
        (true, _) => new TurnTaking.ServerVad { InterruptsResponse = asked.AllowInterruption },
    };

    private static SessionConfiguration Merge(SessionConfiguration before, SessionConfiguration changes) => before with
    {
        Instructions = changes.Instructions ?? before.Instructions,
        Voice = changes.Voice ?? before.Voice,
        Speed = changes.Speed ?? before.Speed,
        Modality = changes.Modality ?? before.Modality,
        TurnTaking = changes.TurnTaking ?? before.TurnTaking,
        Transcription = changes.Transcription ?? before.Transcription,
        NoiseReduction = changes.NoiseReduction ?? before.NoiseReduction,
        Tools = changes.Tools ?? before.Tools,
        ToolUse = changes.ToolUse ?? before.ToolUse,
        ParallelToolCalls = changes.ParallelToolCalls ?? before.ParallelToolCalls,
        MaxOutputTokens = changes.MaxOutputTokens ?? before.MaxOutputTokens,
        ReasoningEffort = changes.ReasoningEffort ?? before.ReasoningEffort,
        Truncation = changes.Truncation ?? before.Truncation,
        Customize = before.Customize + changes.Customize,
    };

    private static void ThrowIfOther(RealtimeAudioFormat? asked, AudioEncoding fixedOne, string member)
    {
        if (asked is not null && MediaTypes.ToEncoding(asked, member) != fixedOne)
        {
            throw Fixed(member);
        }
    }

    private static NotSupportedException Fixed(string member) => new($"{member}: it is fixed for the life of a voice session, and another one is asked for. Create another session.");
}

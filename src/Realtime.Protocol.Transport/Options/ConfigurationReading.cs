using Realtime.Protocol.Views;

namespace Realtime.Protocol.Transport;

/// <summary>What a server states of a session, in the application's words. A service may leave out what did not change (SE-07), so what is not stated stays as it was.</summary>
internal static class ConfigurationReading
{
    public static SessionConfiguration Over(SessionConfiguration before, Session stated) => before with
    {
        Instructions = stated.Instructions.HasValue ? stated.Instructions.ToString() : before.Instructions,
        Voice = Voice(stated.Audio.Output.Voice ?? stated.Voice) ?? before.Voice,
        Speed = stated.Audio.Output.Speed ?? before.Speed,
        Modality = Modality(stated.OutputModalities) ?? Modality(stated.Modalities) ?? before.Modality,
        TurnTaking = Turns(stated.Audio.Input.TurnDetection, before.TurnTaking) ?? Turns(stated.TurnDetection, before.TurnTaking) ?? before.TurnTaking,
        Transcription = Transcription(stated, before.Transcription) ?? before.Transcription,
        NoiseReduction = Noise(stated.Audio.Input.NoiseReduction) ?? before.NoiseReduction,
        ToolUse = Use(stated.ToolChoice) ?? before.ToolUse,
        ParallelToolCalls = stated.ParallelToolCalls ?? before.ParallelToolCalls,
        MaxOutputTokens = stated.MaxOutputTokens is { } limit ? Tokens(limit) : before.MaxOutputTokens,
        ReasoningEffort = EnumReader.Word<ReasoningEffort, ReasoningEffortNames>(stated.Reasoning.Effort) ?? before.ReasoningEffort,
        Truncation = Truncation(stated.Truncation) ?? before.Truncation,
        Model = EnumReader.Word<SessionModel, SessionModelNames>(stated.Model) ?? before.Model,
        Customize = null,
    };

    private static VoiceName? Voice(Voice? stated) => stated switch
    {
        VoiceText text when EnumReader.Word<VoiceOption, VoiceOptionNames>(text.Value) is { Length: > 0 } name => new VoiceName(name),
        CustomVoice custom when custom.Id.HasValue && custom.Id.ToString().Length > 0 => VoiceName.Custom(custom.Id.ToString()),
        _ => default(VoiceName?),
    };

    private static OutputModality? Modality(FieldList<OpenEnum<Modality>> stated)
    {
        if (!stated.HasValue || stated.Items.IsEmpty)
        {
            return null;
        }

        // The old flat form lists both where speech comes with its transcript.
        foreach (OpenEnum<Modality> modality in stated)
        {
            if (modality.Known is Events.Modality.Audio)
            {
                return OutputModality.Audio;
            }
        }

        return OutputModality.Text;
    }

    private static TurnTaking? Turns(Field<TurnDetection> stated, TurnTaking? before) => stated.Presence switch
    {
        Presence.Null => TurnTaking.Manual,
        Presence.Value => stated.Value switch
        {
            ServerVad vad => new TurnTaking.ServerVad
            {
                Threshold = vad.Threshold,
                PrefixPadding = Time(vad.PrefixPaddingMs),
                Silence = Time(vad.SilenceDurationMs),
                IdleTimeout = vad.IdleTimeoutMs.HasValue ? Time(vad.IdleTimeoutMs.Value) : null,
                CreatesResponse = vad.CreateResponse ?? (before as TurnTaking.ServerVad)?.CreatesResponse ?? true,
                InterruptsResponse = vad.InterruptResponse ?? (before as TurnTaking.ServerVad)?.InterruptsResponse ?? true,
            },
            SemanticVad vad => new TurnTaking.SemanticVad
            {
                Eagerness = EnumReader.Word<SemanticVadEagerness, SemanticVadEagernessNames>(vad.Eagerness),
                CreatesResponse = vad.CreateResponse ?? (before as TurnTaking.SemanticVad)?.CreatesResponse ?? true,
                InterruptsResponse = vad.InterruptResponse ?? (before as TurnTaking.SemanticVad)?.InterruptsResponse ?? true,
            },
            _ => null,
        },
        _ => null,
    };

    private static InputTranscription? Transcription(Session stated, InputTranscription? before)
    {
        Field<AudioTranscription> transcription = stated.Audio.Input.Transcription;
        if (transcription.Presence != Presence.Value)
        {
            return transcription.Presence == Presence.Null ? InputTranscription.Off : null;
        }

        AudioTranscription value = transcription.Value;
        if (EnumReader.Word<AudioTranscriptionModel, AudioTranscriptionModelNames>(value.Model) is not { Length: > 0 } model)
        {
            return null;
        }

        return new InputTranscription(model)
        {
            Language = value.Language.HasValue ? value.Language.ToString() : null,
            Prompt = value.Prompt.HasValue ? value.Prompt.ToString() : null,
            Keywords = value.Keywords.HasValue ? value.Keywords.Items.ToArray().Select(static word => word.ToString()).ToArray() : null,
            LogProbabilities = stated.Include.HasValue ? stated.Include.Items.Contains(SessionInclude.ItemInputAudioTranscriptionLogprobs) : before?.LogProbabilities ?? false,
        };
    }

    private static InputNoiseReduction? Noise(Field<NoiseReduction> stated) => stated.Presence switch
    {
        Presence.Null => InputNoiseReduction.Off,
        Presence.Value => (stated.Value.Type.Known is NoiseReductionType.NearField ? InputNoiseReduction.NearField
            : stated.Value.Type.Known is NoiseReductionType.FarField ? InputNoiseReduction.FarField
            : null) is { } kind ? kind with { Strength = stated.Value.Strength } : null,
        _ => null,
    };

    private static ToolUse? Use(ToolChoice? stated) => stated switch
    {
        ToolChoiceText text => text.Value.Known switch
        {
            ToolChoiceOption.Auto => ToolUse.Auto,
            ToolChoiceOption.None => ToolUse.None,
            ToolChoiceOption.Required => ToolUse.Required,
            _ => null,
        },
        FunctionToolChoice { Name.HasValue: true } function when function.Name.ToString() is { Length: > 0 } name => ToolUse.Function(name),
        _ => null,
    };

    private static ContextTruncation? Truncation(Truncation? stated) => stated switch
    {
        TruncationText text => text.Value.Known switch
        {
            TruncationOption.Auto => ContextTruncation.Auto,
            TruncationOption.Disabled => ContextTruncation.Disabled,
            _ => null,
        },
        RetentionRatioTruncation { RetentionRatio: >= 0 and <= 1 } retain =>
            ContextTruncation.Retain(retain.RetentionRatio, retain.TokenLimits.PostInstructions is >= 0 and var limit ? limit : null),
        _ => null,
    };

    private static int Tokens(IntegerOrInfinity limit) =>
        limit.IsInfinity || limit.Value >= SessionConfiguration.Unlimited ? SessionConfiguration.Unlimited : (int)limit.Value;

    private static TimeSpan? Time(long? milliseconds) =>
        milliseconds is >= 0 and var some && some < (long)TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(some) : null;
}

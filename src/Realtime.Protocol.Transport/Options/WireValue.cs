namespace Realtime.Protocol.Transport;

/// <summary>Single values as the wire has them, for a session and for one response alike.</summary>
internal static class WireValue
{
    /// <summary>What a voice looks like on the wire.</summary>
    /// <exception cref="ArgumentException">It has no name, or one that cannot be written.</exception>
    public static Voice Voice(VoiceName voice, string argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(voice.Name, argument);
        Writable.Text(voice.Name, argument);
        return voice.IsCustom ? new CustomVoice { Id = voice.Name } : voice.Name;
    }

    /// <summary>One modality as the list that the protocol has of it (RC-20).</summary>
    public static FieldList<OpenEnum<Modality>> Modalities(OutputModality modality, string argument) => modality switch
    {
        OutputModality.Audio => [Modality.Audio],
        OutputModality.Text => [Modality.Text],
        _ => throw new ArgumentOutOfRangeException(argument, modality, "A response is audio or text."),
    };

    /// <summary>What a choice of tools looks like on the wire.</summary>
    /// <exception cref="ArgumentException">It names a tool by half a character.</exception>
    public static ToolChoice ToolChoice(ToolUse use, string argument)
    {
        Writable.Text(use.Name, argument);
        return use.Name is null ? use.Kind : new FunctionToolChoice { Name = use.Name };
    }

    /// <summary>A limit as the protocol has it.</summary>
    public static IntegerOrInfinity Tokens(int limit, string argument)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit, argument);
        return limit == SessionConfiguration.Unlimited ? IntegerOrInfinity.Infinity : limit;
    }
}

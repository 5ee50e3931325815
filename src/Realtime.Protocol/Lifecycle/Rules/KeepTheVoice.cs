using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>What is done with a voice that the application asks for.</summary>
internal enum VoiceChange
{
    /// <summary>It is sent.</summary>
    Send,

    /// <summary>It is the one that speaks already: nothing is to change, so it is left out.</summary>
    LeaveOut,

    /// <summary>It is refused here.</summary>
    Refuse,
}

/// <summary>
/// The service fixes the voice with the first sound of the conversation and refuses an update that states another one, with everything else in it. What the server never stated cannot be compared:
/// then the server decides.
/// </summary>
internal static class KeepTheVoice
{
    /// <param name="asked">Null when the update does not speak of it.</param>
    /// <param name="inForce">As the server stated it last: the name, or the id of a voice of the application's own; empty when it never did.</param>
    /// <param name="hasSpoken">Whether the conversation holds speech of the model.</param>
    [LifecycleRule("SE-05")]
    public static VoiceChange Judge(Voice? asked, ReadOnlySpan<byte> inForce, bool hasSpoken) => (asked, hasSpoken, inForce.IsEmpty) switch
    {
        (null, _, _) or (_, false, _) or (_, _, true) or (VoiceJson, _, _) => VoiceChange.Send,
        _ => NameOf(asked) == Encoding.UTF8.GetString(inForce) ? VoiceChange.LeaveOut : VoiceChange.Refuse,
    };

    /// <summary>The voice that a session states.</summary>
    public static ReadOnlySpan<byte> Stated(VoiceView voice) =>
        voice.TryGetCustomVoice(out CustomVoiceView custom) ? FactOf.Utf8(custom.Id) : FactOf.Utf8(voice.Text.Raw);

    private static string NameOf(Voice asked) => asked switch
    {
        CustomVoice custom => custom.Id.ToString(),
        VoiceText named => Views.EnumReader.Word<VoiceOption, VoiceOptionNames>(named.Value) ?? "",
        _ => "",
    };
}

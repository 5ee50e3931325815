namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// What one audio event says, in full. A reader's answer is compared with it member by member, and its
/// <see cref="Touch(int, int, int, long, long, ReadOnlySpan{byte})">touch</see> with what the timed method returned.
/// </summary>
public sealed record AudioDelta(
    string EventId,
    string ResponseId,
    string ItemId,
    long OutputIndex,
    long ContentIndex,
    ReadOnlyMemory<byte> Audio)
{
    /// <summary>The answer of a method that decodes the audio and reads nothing else.</summary>
    public static AudioDelta OnlyAudio(ReadOnlyMemory<byte> audio) => new("", "", "", 0, 0, audio);

    /// <summary>
    /// A number that depends on every member: what a timed method returns, so that none of them can be left unread.
    /// It costs a few adds, the same for everyone.
    /// </summary>
    public static long Touch(int eventId, int responseId, int itemId, long outputIndex, long contentIndex, ReadOnlySpan<byte> audio) =>
        eventId + (3L * responseId) + (5L * itemId) + (7L * outputIndex) + (11L * contentIndex) + (13L * audio.Length) + (audio.IsEmpty ? 0 : 17L * audio[^1]);

    public long Touch() => Touch(EventId.Length, ResponseId.Length, ItemId.Length, OutputIndex, ContentIndex, Audio.Span);

    /// <summary>Says that a timed method returned another number than the touch of this answer; null when it did not.</summary>
    public string? TouchFault(long returned) => returned == Touch() ? null : Differs("touch that the timed method returned", Touch(), returned);

    /// <summary>Names the first member in which an answer differs, with both values; null when there is none.</summary>
    public string? DifferenceFrom(AudioDelta answer) => this switch
    {
        _ when answer.EventId != EventId => Differs("event_id", EventId, answer.EventId),
        _ when answer.ResponseId != ResponseId => Differs("response_id", ResponseId, answer.ResponseId),
        _ when answer.ItemId != ItemId => Differs("item_id", ItemId, answer.ItemId),
        _ when answer.OutputIndex != OutputIndex => Differs("output_index", OutputIndex, answer.OutputIndex),
        _ when answer.ContentIndex != ContentIndex => Differs("content_index", ContentIndex, answer.ContentIndex),
        _ when answer.Audio.Length != Audio.Length => Differs("bytes of audio", Audio.Length, answer.Audio.Length),
        _ when !answer.Audio.Span.SequenceEqual(Audio.Span) => $"the audio differs from byte {Audio.Span.CommonPrefixLength(answer.Audio.Span)} on",
        _ => null,
    };

    private static string Differs(string member, object expected, object answered) => $"{member}: expected {expected}, got {answered}";
}

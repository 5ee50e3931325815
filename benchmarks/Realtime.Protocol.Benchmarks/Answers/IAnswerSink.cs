namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// Where a reader puts what it read, member by member, in an order that all readers of a message share. Timed, it only
/// adds up (<see cref="AnswerTouch"/>); checked, it keeps everything (<see cref="AnswerRecord"/>). So what is checked is
/// what is timed.
/// </summary>
public interface IAnswerSink
{
    /// <summary>A text as a string; null when the member is absent or null.</summary>
    void Text(string? value);

    /// <summary>A text as it stands in the message, without its quotes; empty when the member is absent or null. These messages escape nothing that is handed over.</summary>
    void Slice(ReadOnlySpan<byte> utf8);

    /// <summary>A number or a flag (1, 0); 0 when the member is absent or null.</summary>
    void Number(long value);

    /// <summary>Decoded audio.</summary>
    void Bytes(ReadOnlySpan<byte> value);
}

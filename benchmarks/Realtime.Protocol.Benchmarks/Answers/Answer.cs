namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// What one message says: its members by name, in the order in which every reader hands them over. A value is a string,
/// a <see cref="long"/> or a byte array.
/// </summary>
public sealed record Answer(params (string Member, object Value)[] Members)
{
    /// <summary>Names the first member in which a reader's answer differs, with both values; null when there is none.</summary>
    public string? DifferenceFrom(AnswerRecord answered)
    {
        for (int index = 0; index < Members.Length && index < answered.Values.Count; index++)
        {
            (string member, object expected) = Members[index];
            if (Difference(expected, answered.Values[index]) is { } difference)
            {
                return $"{member}: {difference}";
            }
        }

        return answered.Values.Count == Members.Length ? null : $"expected {Members.Length} members, got {answered.Values.Count}";
    }

    /// <summary>Says that a timed method returned another number than this answer's touch; null when it did not.</summary>
    public string? TouchFault(long returned) => returned == Touch() ? null : $"the timed method returned {returned}, the answer's touch is {Touch()}";

    /// <summary>What an <see cref="AnswerTouch"/> makes of this answer.</summary>
    public long Touch()
    {
        var touch = new AnswerTouch();
        foreach ((_, object value) in Members)
        {
            switch (value)
            {
                case string text:
                    touch.Text(text);
                    break;
                case long number:
                    touch.Number(number);
                    break;
                default:
                    touch.Bytes((byte[])value);
                    break;
            }
        }

        return touch.Value;
    }

    private static string? Difference(object expected, object answered) => (expected, answered) switch
    {
        (byte[] one, byte[] other) when one.Length != other.Length => $"expected {one.Length} bytes, got {other.Length}",
        (byte[] one, byte[] other) when !one.AsSpan().SequenceEqual(other) => $"differs from byte {one.AsSpan().CommonPrefixLength(other)} on",
        (byte[], byte[]) => null,
        _ => expected.Equals(answered) ? null : $"expected {expected}, got {answered}",
    };
}

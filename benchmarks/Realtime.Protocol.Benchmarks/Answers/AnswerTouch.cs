namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// A number that depends on every member: what a timed method returns, so that none of them can be left unread. It costs
/// an add and a shift a member, the same for everyone.
/// </summary>
public struct AnswerTouch : IAnswerSink
{
    private int _members;

    public long Value { get; private set; }

    public void Text(string? value) => Add(value is null ? 0 : value.Length);

    public void Slice(ReadOnlySpan<byte> utf8) => Add(utf8.Length);

    public void Number(long value) => Add(value);

    public void Bytes(ReadOnlySpan<byte> value) => Add(value.Length + (value.IsEmpty ? 0L : value[^1]));

    // The position counts, so that two members which were mixed up show.
    private void Add(long value) => Value += ++_members * value;
}

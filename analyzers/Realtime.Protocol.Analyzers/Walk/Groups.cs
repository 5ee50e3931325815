namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>A set of word groups, each a bit; a rule sees a body when the body has a word of each of the rule's groups.</summary>
internal readonly record struct Groups(ulong Low, ulong High)
{
    /// <summary>How many groups there can be in one compilation.</summary>
    public const int Limit = 128;

    public bool IsEmpty => (Low | High) == 0;

    public static Groups Of(int group) => group < 64 ? new(1UL << group, 0) : new(0, 1UL << (group - 64));

    public static Groups operator |(Groups left, Groups right) => new(left.Low | right.Low, left.High | right.High);

    public Groups Without(Groups other) => new(Low & ~other.Low, High & ~other.High);

    public bool Overlaps(Groups other) => ((Low & other.Low) | (High & other.High)) != 0;

    public bool Contains(Groups other) => (Low & other.Low) == other.Low && (High & other.High) == other.High;
}

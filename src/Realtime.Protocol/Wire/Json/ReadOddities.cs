namespace Realtime.Protocol.Events;

/// <summary>What was forgiven in a message that was read with <see cref="ReadTolerance.Mend"/>. <c>default</c> is a sound message's.</summary>
public readonly struct ReadOddities : IEquatable<ReadOddities>
{
    internal ReadOddities(int count, ReadError first)
    {
        Count = count;
        First = first;
    }

    /// <summary>How many faults the reader met, 0 for a sound message. Whatever is missing counts as one, and so does every half of a character: both are forgiven at once.</summary>
    public int Count { get; }

    /// <summary>The fault for which a strict reader refuses this message. It names protocol members and offsets, never content.</summary>
    public ReadError First { get; }

    /// <inheritdoc/>
    public bool Equals(ReadOddities other) => Count == other.Count && First == other.First;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReadOddities other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, First);

    /// <summary>Equal in both parts.</summary>
    public static bool operator ==(ReadOddities left, ReadOddities right) => left.Equals(right);

    /// <summary>Different in some part.</summary>
    public static bool operator !=(ReadOddities left, ReadOddities right) => !left.Equals(right);

    /// <summary>One line for a log.</summary>
    public override string ToString() => Count switch { 0 => "nothing odd", 1 => First.ToString(), _ => $"{First}, and {Count - 1} more" };
}

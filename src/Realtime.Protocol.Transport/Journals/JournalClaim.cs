namespace Realtime.Protocol;

/// <summary>What an owner of a call gets from the store.</summary>
/// <param name="Fence">Higher than that of every owner before; it goes with every save.</param>
/// <param name="Checkpoint">What was saved last; null for a call that is new, or that was ended. Empty memory means the same, since that is what an array that is null converts to.</param>
public readonly record struct JournalClaim(long Fence, ReadOnlyMemory<byte>? Checkpoint)
{
    /// <summary>What was saved last, never empty; null for a call that is new, or that was ended.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init => field = value is { IsEmpty: false } ? value : null; } = Checkpoint is { IsEmpty: false } ? Checkpoint : null;

    /// <summary>The fence, and how much there is.</summary>
    public override string ToString() => $"Fence {Fence}, {(Checkpoint is { } checkpoint ? $"{checkpoint.Length} bytes" : "nothing stored")}";
}

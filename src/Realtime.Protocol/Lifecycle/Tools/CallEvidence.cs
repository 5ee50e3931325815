namespace Realtime.Protocol.Lifecycle;

/// <summary>What is known of a call, each by whichever event brings it: services differ in which events they send, and in what order.</summary>
[Flags]
internal enum CallEvidence
{
    None = 0,

    /// <summary>Its <c>call_id</c> is known, so that it can be answered.</summary>
    Named = 1,

    /// <summary>Its arguments are said to be all there.</summary>
    ArgumentsWhole = 2,

    /// <summary>Its item is done.</summary>
    ItemDone = 4,

    /// <summary>Its item is stated to be completed.</summary>
    StatusCompleted = 8,

    /// <summary>Its response is completed.</summary>
    ResponseCompleted = 16,
}

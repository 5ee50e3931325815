using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>
/// Messages as they reach a reader, one after the other and round again. A struct, so that loops over it are compiled for
/// it alone.
/// </summary>
public interface IArrivals<TMessage>
{
    /// <summary>How many messages there are before they come round again.</summary>
    int Count { get; }

    /// <summary>What a message says.</summary>
    Answer Says(int index);

    /// <summary>The next message. It is valid until the next call.</summary>
    TMessage Next();
}

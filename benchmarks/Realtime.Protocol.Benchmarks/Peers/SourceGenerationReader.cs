using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// System.Text.Json with source generation: a plain class, whose audio is a byte array that the serializer decodes. It is
/// told which class to read, so that it needs no look at <c>type</c> beforehand.
/// </summary>
public readonly struct SourceGenerationReader<TEvent, TMembers>(JsonTypeInfo<TEvent> type) : IReader<Arrived>
    where TEvent : class
    where TMembers : struct, IMembers<TEvent>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink =>
        default(TMembers).HandOver(JsonSerializer.Deserialize(message.Utf8, type)!, ref sink);
}

using System.Buffers;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>Newtonsoft.Json into the same classes, with one serializer and pooled character buffers, straight from the bytes.</summary>
public readonly struct NewtonsoftReader<TEvent, TMembers>() : IReader<Arrived>
    where TEvent : class
    where TMembers : struct, IMembers<TEvent>
{
    private readonly JsonSerializer _serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
    });

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        using var text = new StreamReader(new MemoryStream(message.Buffer, message.Start, message.Length, writable: false));
        using var json = new JsonTextReader(text) { ArrayPool = CharacterPool.Shared };
        default(TMembers).HandOver(_serializer.Deserialize<TEvent>(json)!, ref sink);
    }

    private sealed class CharacterPool : IArrayPool<char>
    {
        public static CharacterPool Shared { get; } = new();

        public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(minimumLength);

        public void Return(char[]? array) => ArrayPool<char>.Shared.Return(array!);
    }
}

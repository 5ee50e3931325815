using System.Text.Json;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>The cheapest way to learn an event's type by hand: <see cref="Utf8JsonReader"/> up to <c>type</c>, the rest unseen and unchecked.</summary>
public readonly struct TypeByUtf8JsonReader : IReader<Arrived>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        var json = new Utf8JsonReader(message.Utf8);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (isType)
            {
                sink.Slice(json.ValueSpan);
                return;
            }

            json.Skip();
        }
    }
}

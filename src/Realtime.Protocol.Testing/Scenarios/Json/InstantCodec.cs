using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>A place on the clock of the audio, in milliseconds: written like a span, and never a range.</summary>
internal sealed class InstantCodec : Codec<long>
{
    private static readonly DelayCodec Span = new();

    public override string What => "a place such as 250, \"250ms\", \"2s\" or \"1.5m\", which is no range";

    public override long Read(Located at, string name) => at.Kind is JsonValueKind.String or JsonValueKind.Number && Span.Read(at, name) is var span && span.LeastMs == span.MostMs
        ? span.LeastMs
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, long value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => Span.SchemaOfOne(definitions);
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>How much sound a session keeps: a number of bytes, or all.</summary>
internal sealed class KeptAudioCodec : Codec<long>
{
    private const string All = "all";

    private static readonly SizeCodec Size = new();

    public override string What => $"\"{All}\" or {Size.What}";

    public override long Read(Located at, string name)
    {
        if (at is { Kind: JsonValueKind.String, Text: All })
        {
            return long.MaxValue;
        }

        try
        {
            return Size.Read(at, name);
        }
        catch (ScenarioException)
        {
            throw Unfit(at, name);
        }
    }

    public override void Write(Utf8JsonWriter to, long value)
    {
        if (value > int.MaxValue)
        {
            to.WriteStringValue(All);
        }
        else
        {
            Size.Write(to, (int)value);
        }
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        JsonObject schema = Size.Schema(definitions);
        schema["anyOf"]!.AsArray().Add((JsonNode)new JsonObject { ["enum"] = new JsonArray(All) });
        return schema;
    }
}

using System.Text.Json;

namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>What the client says and the server never hears: counts a client's events by type, where a plan asks for it, and not at all where none does.</summary>
internal sealed class LostRequests(FaultPlan faults, WireIds ids)
{
    private readonly bool _looks = faults.ConcernsTheClient;
    private readonly Dictionary<string, int> _counts = [];
    private int _heard;

    public bool Loses(ReadOnlySpan<byte> message)
    {
        if (!_looks)
        {
            return false;
        }

        string type = TypeOf(message);
        int occurrence = _counts[type] = _counts.GetValueOrDefault(type) + 1;
        return faults.Loses(type, occurrence, ++_heard, ids.Chance);
    }

    // Something that is no event has no type, and is lost only where every event is.
    private static string TypeOf(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
        }

        return "";
    }
}

using System.Text.Json;

namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>What the client says and the server never hears, and from where on it hears nothing: counts a client's events by type, where a plan asks for it, and not at all where none does.</summary>
internal sealed class LostRequests(FaultPlan faults, WireIds ids, SpokenEvents spoken)
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
        _heard++;
        bool isLost = false;
        foreach (Fault fault in faults.AtClient(type, occurrence, _heard))
        {
            if (!FaultPlan.IsDrawn(fault, ids.Chance))
            {
                continue;
            }

            isLost |= fault.Kind == FaultKind.Drop;
            if (fault.Kind == FaultKind.Wire)
            {
                spoken.Deafen(fault);
            }
        }

        return isLost;
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

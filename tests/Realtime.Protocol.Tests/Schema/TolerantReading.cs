using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What a reader makes of a message, copied so that two readings can be compared: by their members, wherever these lie.</summary>
internal sealed record TolerantReading(bool WasRead, int Kind, string Json, string Text, IReadOnlyList<string> Members, ReadOddities Oddities, ReadError Error)
{
    /// <summary>Reads with a reader of its own.</summary>
    public static TolerantReading Of(string family, string direction, byte[] message, ReadTolerance tolerance)
    {
        byte[] audio = new byte[64];
        switch (family, direction)
        {
            case ("realtime", "server"):
                {
                    bool read = new ServerEventReader(1 << 24, tolerance).TryRead(message, audio, out ServerEvent value, out ReadError error);
                    return Of(read, (int)value.Kind, value.Json, value.Text, value.Slots, value.Oddities, error);
                }

            case ("realtime", "client"):
                {
                    bool read = new ClientEventReader(1 << 24, tolerance).TryRead(message, audio, out ClientEvent value, out ReadError error);
                    return Of(read, (int)value.Kind, value.Json, value.Text, value.Slots, value.Oddities, error);
                }

            case ("translation", "server"):
                {
                    bool read = new Events.Translation.ServerEventReader(1 << 24, tolerance).TryRead(message, audio, out Events.Translation.ServerEvent value, out ReadError error);
                    return Of(read, (int)value.Kind, value.Json, value.Text, value.Slots, value.Oddities, error);
                }

            case ("translation", "client"):
                {
                    bool read = new Events.Translation.ClientEventReader(1 << 24, tolerance).TryRead(message, audio, out Events.Translation.ClientEvent value, out ReadError error);
                    return Of(read, (int)value.Kind, value.Json, value.Text, value.Slots, value.Oddities, error);
                }

            default:
                throw new ArgumentException($"The family {family}/{direction} has no row here: add one.");
        }
    }

    /// <summary>JSON without the white space between its tokens.</summary>
    public static string Compact(ReadOnlySpan<byte> json)
    {
        byte[] text = new byte[json.Length];
        int length = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (inString || json[i] > (byte)' ')
            {
                text[length++] = json[i];
            }

            if (inString && json[i] == (byte)'\\')
            {
                text[length++] = json[++i];
            }
            else if (json[i] == (byte)'"')
            {
                inString = !inString;
            }
        }

        return Encoding.UTF8.GetString(text, 0, length);
    }

    private static TolerantReading Of(bool read, int kind, ReadOnlySpan<byte> json, ReadOnlySpan<byte> text, ReadOnlySpan<Slot> slots, ReadOddities oddities, ReadError error)
    {
        var members = new List<string>();
        foreach (Slot slot in slots)
        {
            members.Add(read && slot.Occurs ? $"{slot.Presence} {Compact(slot.In(text))}" : "absent");
        }

        return new(read, kind, Encoding.UTF8.GetString(json), Compact(text), members, oddities, error);
    }
}

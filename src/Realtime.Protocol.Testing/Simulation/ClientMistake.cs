using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the service would say about a message that could not be read: which rule it broke, where, and the id of the event as far as it can
/// be found in what is broken.
/// </summary>
internal readonly record struct ClientMistake(Refusal Refusal, string? EventId)
{
    /// <summary>What the reader found in a message whose shape is right: sound that is not base64.</summary>
    public static ClientMistake From(ReadOnlySpan<byte> message, ReadError error) =>
        new(error.Reason == ReadErrorReason.InvalidBase64 ? Refusal.NotBase64(error.Path) : Refusal.Malformed(error.ToString()), FindEventId(message));

    /// <summary>The id of the event, as far as it can be found in what is broken.</summary>
    public static string? FindEventId(ReadOnlySpan<byte> message)
    {
        var json = new JsonCursor(message);
        bool more = json.Peek() == (byte)'{' && json.BeginObject(out bool any) && any;
        while (more && json.ReadName(out Slot name))
        {
            if (name.In(message).SequenceEqual("event_id"u8))
            {
                Slot text = default;
                return json.ReadText(ref text, nullable: true) && text.HasValue ? new TextView(message, text).ToString() : null;
            }

            more = json.Skip() && json.NextMember(out bool next) && next;
        }

        return null;
    }
}

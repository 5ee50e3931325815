using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The words of an odd message that its views have blanks for. A mended copy is as long as the message, so the place of an object in one is its place in the other. For a sound message nothing is found.
/// </summary>
internal readonly ref struct Originals
{
    private readonly ReadOnlySpan<byte> _read;
    private readonly ReadOnlySpan<byte> _whole;

    private Originals(ReadOnlySpan<byte> read, ReadOnlySpan<byte> whole)
    {
        _read = read;
        _whole = whole;
    }

    /// <summary>The originals of an event; none for a sound one.</summary>
    public static Originals Of(scoped in ServerEvent e) => IsOdd(e) ? new(e.Text, e.Json) : default;

    /// <summary>The originals of a translation's event; none for a sound one.</summary>
    public static Originals Of(scoped in Events.Translation.ServerEvent e) => e.Oddities.Count > 0 ? new(e.Text, e.Json) : default;

    /// <summary>Something in the event was odd and was forgiven.</summary>
    public static bool IsOdd(scoped in ServerEvent e) => e.Oddities.Count > 0;

    /// <summary>True for an odd message.</summary>
    public bool Any => !_whole.IsEmpty;

    /// <summary>The value of a member as it was sent, where the object that was read lacks it: JSON text, halves of characters included.</summary>
    /// <param name="json">An object of the event, as its view shows it.</param>
    /// <param name="name">The member.</param>
    /// <param name="value">Empty when there is none.</param>
    public bool TryFind(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        return _read.Overlaps(json, out int at) && TryFindIn(_whole.Slice(at, json.Length), name, out value);
    }

    /// <summary>What a member says in words: as it was sent, where the message is odd and has it, otherwise as it was read.</summary>
    /// <param name="read">What the view has.</param>
    /// <param name="json">The object that holds it, as its view shows it.</param>
    /// <param name="name">The member.</param>
    public ReadOnlySpan<byte> WordsOf(TextView read, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => TryFind(json, name, out ReadOnlySpan<byte> value) ? Words(value) : FactOf.Utf8(read);

    /// <summary>A value in words: text with its escapes resolved, a number by its digits, nothing for anything else.</summary>
    public static ReadOnlySpan<byte> Words(ReadOnlySpan<byte> value)
    {
        if (value[0] != (byte)'"')
        {
            // No value but a text and a number begins with a byte up to the nine.
            return value[0] <= (byte)'9' ? value : default;
        }

        byte[] text = value.ToArray();
        MessageMender.ReplaceHalves(text);
        byte[] decoded = new byte[text.Length];
        return JsonEscapes.TryDecode(text.AsSpan(1, text.Length - 2), decoded, out int length) ? decoded.AsSpan(0, length) : default;
    }

    /// <summary>The first member of this name. The object is sound JSON, so brackets and quotes are all that must be looked at; a name that is written with escapes is not found.</summary>
    public static bool TryFindIn(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int at = JsonBytes.SkipSpace(json, 1);
        while (JsonBytes.Is(json, at, (byte)'"'))
        {
            int start = at + 1;
            at = ValueEnd(json, at);
            bool isFound = json[start..(at - 1)].SequenceEqual(name);
            int valueStart = JsonBytes.SkipSpace(json, JsonBytes.SkipSpace(json, at) + 1);
            at = ValueEnd(json, valueStart);
            if (isFound)
            {
                value = json[valueStart..at];
                return true;
            }

            at = JsonBytes.SkipSpace(json, JsonBytes.SkipSpace(json, at) + 1);
        }

        value = default;
        return false;
    }

    private static int ValueEnd(ReadOnlySpan<byte> json, int at)
    {
        switch (json[at])
        {
            case (byte)'{' or (byte)'[':
                return JsonNested.End(json, at);
            case (byte)'"':
                for (at++; json[at] != (byte)'"'; at++)
                {
                    at += json[at] == (byte)'\\' ? 1 : 0;
                }

                return at + 1;
            default:
                return at + json[at..].IndexOfAny(",} \n\r\t"u8);
        }
    }
}

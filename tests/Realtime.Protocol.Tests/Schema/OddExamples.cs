using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>An example in which one member or element is odd, and the text that a tolerant reader must take it for.</summary>
/// <param name="Example">The example.</param>
/// <param name="What">What was done where, for whoever reads a failure.</param>
/// <param name="IsType">True when the odd member is the event's type, which is never mended.</param>
/// <param name="Odd">The message.</param>
/// <param name="Meant">The message whose reading is expected.</param>
internal sealed record OddExample(Example Example, string What, bool IsType, byte[] Odd, byte[] Meant)
{
    /// <summary>How many faults the strict reader meets in it, one after the other.</summary>
    public int Faults { get; init; } = 1;
}

/// <summary>Every example, every member and element at every depth, every way of being odd.</summary>
internal static class OddExamples
{
    public static IEnumerable<OddExample> Of(Example example)
    {
        foreach (Place place in Places(example.Json))
        {
            string without = place.Without();
            foreach ((string how, string value) in new[] { ("wrong type", place.OfAnotherType), ("a fraction", "10.5"), ("null", "null"), ("bad base64", "\"!!!\""), ("bad base64", "\"AAB=\"") })
            {
                yield return Make(example, place, how, place.With(value), without);
            }

            yield return Halved(example, place, "half a character", "\"a\\ud83d\"");
            yield return Halved(example, place, "the other half", "\"\\ude00b\"");
            yield return Make(example, place, "missing", without, without);
            if (place.IsMember)
            {
                yield return Make(example, place, "twice", place.Twice(place.OfAnotherType), place.Text);
                yield return Make(example, place, "thrice", place.Twice($"{place.Value},{place.Name}:{place.Value}"), place.Text);
            }
        }
    }

    // Half a character is one fault, and text where none belongs is another.
    private static OddExample Halved(Example example, Place place, string how, string half)
    {
        string mended = place.With(half.Replace("\\ud83d", "\\ufffd", StringComparison.Ordinal).Replace("\\ude00", "\\ufffd", StringComparison.Ordinal));
        bool isText = TolerantReading.Of(example.Family, example.Direction, Encoding.UTF8.GetBytes(mended), ReadTolerance.Strict).WasRead;
        return Make(example, place, how, place.With(half), isText ? mended : place.Without()) with { Faults = isText ? 1 : 2 };
    }

    private static OddExample Make(Example example, Place place, string how, string odd, string meant) =>
        new(example, $"{example}: {place.Path}, {how}", place.Path == "$.type", Encoding.UTF8.GetBytes(odd), Encoding.UTF8.GetBytes(meant));

    private static IEnumerable<Place> Places(byte[] json)
    {
        // Of compact ASCII and other UTF-8 alike: the examples are read as text, so that places are places of characters.
        string text = Encoding.UTF8.GetString(json);
        using JsonDocument document = JsonDocument.Parse(text);
        var places = new List<Place>();
        int at = 0;
        Walk(document.RootElement, text, "$", ref at, places);
        return places;
    }

    private static void Walk(JsonElement value, string text, string path, ref int at, List<Place> places)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            at += value.GetRawText().Length;
            return;
        }

        at++;
        bool isFirst = true;
        int index = 0;
        IEnumerable<(string? Name, JsonElement Value)> children = value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(static member => ((string?)member.Name, member.Value))
            : value.EnumerateArray().Select(static element => ((string?)null, element));
        foreach ((string? name, JsonElement child) in children)
        {
            int start = at += isFirst ? 0 : 1;
            at += name is null ? 0 : text.IndexOf(':', start) + 1 - start;
            int valueStart = at;
            string childPath = name is null ? $"{path}[{index++}]" : $"{path}.{name}";
            Walk(child, text, childPath, ref at, places);
            places.Add(new Place(text, childPath, start, valueStart, at, isFirst, child.ValueKind));
            isFirst = false;
        }

        at++;
    }

    /// <summary>One member or element of an example.</summary>
    private sealed record Place(string Text, string Path, int Start, int ValueStart, int End, bool IsFirst, JsonValueKind Kind)
    {
        public bool IsMember => ValueStart > Start;

        public string Name => Text[Start..(ValueStart - 1)];

        public string Value => Text[ValueStart..End];

        public string OfAnotherType => Kind switch
        {
            JsonValueKind.String => """[{"odd":1},"x]"]""",
            JsonValueKind.Number => "\"odd\"",
            JsonValueKind.Object => "[{}]",
            JsonValueKind.Array => "\"[\"",
            _ => "7",
        };

        public string With(string value) => Text[..ValueStart] + value + Text[End..];

        public string Twice(string value) => Text[..End] + $",{Name}:{value}" + Text[End..];

        public string Without() => IsFirst
            ? Text[..Start] + Text[(Text[End] == ',' ? End + 1 : End)..]
            : Text[..(Start - 1)] + Text[End..];
    }
}

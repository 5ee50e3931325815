using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Looks into JSON that anybody may have written: what is not there, or is something else, is null.</summary>
internal static class Json
{
    /// <summary>The member at a path of names with dots between them.</summary>
    public static JsonElement? At(this JsonElement json, string path)
    {
        JsonElement here = json;
        foreach (Range name in path.AsSpan().Split('.'))
        {
            if (here.ValueKind != JsonValueKind.Object || !here.TryMember(path.AsSpan()[name], out here))
            {
                return null;
            }
        }

        return here;
    }

    /// <summary>A member of an object by its name. Another one, whose name holds half a surrogate pair, is passed over; the platform throws at it.</summary>
    public static bool TryMember(this JsonElement json, ReadOnlySpan<char> name, out JsonElement value)
    {
        try
        {
            return json.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            return TryMemberByMember(json, name, out value);
        }
    }

    /// <summary>The text at a path.</summary>
    public static string? Text(this JsonElement json, string path) => json.At(path) is { } found ? AsText(found) : null;

    /// <summary>The text at a path when it is likely one of these, so that the thousandth of them takes no memory either.</summary>
    public static string? Word(this JsonElement json, string path, ReadOnlySpan<string> words)
    {
        if (json.At(path) is not { ValueKind: JsonValueKind.String } found)
        {
            return null;
        }

        foreach (string word in words)
        {
            if (Is(found, word))
            {
                return word;
            }
        }

        return AsText(found);
    }

    /// <summary>The whole number at a path; a fraction is cut off.</summary>
    public static long? Number(this JsonElement json, string path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out double number) && Math.Abs(number) < long.MaxValue ? (long)number : null;

    /// <summary>The elements of the array at a path; none when there is none.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement json, string path) => json.At(path) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    /// <summary>The names of an object's members.</summary>
    public static IEnumerable<string> Names(this JsonElement? json) => json is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Select(NameOf) : [];

    /// <summary>The bytes between a text's quotes as they are on the wire; none when it is no text.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement json) => json.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(json)[1..^1] : default;

    /// <summary>The text itself; null when it is none, or holds half a surrogate pair.</summary>
    public static string? AsText(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Is(JsonElement text, string word)
    {
        try
        {
            return text.ValueEquals(word);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryMemberByMember(JsonElement json, ReadOnlySpan<char> name, out JsonElement value)
    {
        value = default;
        bool isThere = false;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            // As the platform does: of two with one name, the last.
            if (name.SequenceEqual(NameOf(member)))
            {
                (value, isThere) = (member.Value, true);
            }
        }

        return isThere;
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }
}

/// <summary>How things are written in a sentence.</summary>
internal static partial class Words
{
    private const int MostCharacters = 64;

    /// <summary>A name that a peer chose: printable and short.</summary>
    public static string Name(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "''";
        }

        string shown = name.Length <= MostCharacters ? name : string.Concat(name.AsSpan(0, MostCharacters), "…");
        return string.Create(shown.Length, shown, static (text, from) =>
        {
            for (int place = 0; place < text.Length; place++)
            {
                char letter = from[place];
                text[place] = char.IsControl(letter) || char.IsSurrogate(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '?' : letter;
            }
        });
    }

    /// <summary>Some names: <c>stock and price</c>.</summary>
    public static string Names(IEnumerable<string?> names)
    {
        string[] shown = [.. names.Take(5).Select(Name)];
        return shown.Length < 2 ? string.Concat(shown) : $"{string.Join(", ", shown[..^1])} and {shown[^1]}";
    }

    /// <summary>How long something lasted.</summary>
    public static string Span(double milliseconds) =>
        milliseconds < 1_000 ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms") : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.0} s");

    /// <summary>How long ago something was, as the end of a clause: <c> 4.1 s ago</c>; nothing when nobody knows.</summary>
    public static string Ago(double? then, double? now) => then is { } from && now is { } to ? $" {Span(Math.Max(0, to - from))} ago" : "";

    /// <summary>How long something has gone on: <c> for 900 ms</c>.</summary>
    public static string Since(double? then, double? now) => then is { } from && now is { } to ? $" for {Span(Math.Max(0, to - from))}" : "";

    /// <summary>What a client called its event: <c>response.create (e7)</c>.</summary>
    public static string Event(Asked asked) => asked.EventId is null ? asked.Type : $"{asked.Type} ({Name(asked.EventId)})";

    /// <summary>What a refusal says of a number that is out of range, as the end of a sentence: <c>: it is 7, and 1 is the most</c>; nothing when it says no numbers.</summary>
    public static string OutOfRange(string message) => Limit().Match(message) is { Success: true } found
        ? $": it is {found.Groups["got"].Value}, and {found.Groups["limit"].Value} is the {(found.Groups["least"].Success ? "least" : "most")}"
        : "";

    /// <summary>How many milliseconds a refused commit had, in words; nothing when the refusal does not say.</summary>
    public static string Held(string message) => Buffered().Match(message) is { Success: true } found ? $"{found.Groups[1].Value} ms are in the buffer, and 100 are needed." : "Less than 100 ms of sound are in the buffer.";

    // As the service and its platform write limits: "Expected a value <= 1.5, but got 7 instead", "with at most 16 properties, but got an object with 17", "with maximum length 512, but got a string with length 600".
    [GeneratedRegex(@"Expected [a-z ]*?(?:(?<least>>=|minimum length)|<=|at most|maximum length) ?(?<limit>-?[0-9][0-9.]*)[^,]*, but got [a-z ]*(?<got>-?[0-9][0-9.]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Limit();

    [GeneratedRegex(@"only has ([0-9]+)(?:\.[0-9]+)?ms", RegexOptions.CultureInvariant)]
    private static partial Regex Buffered();
}

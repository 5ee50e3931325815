using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>A value of a JSON text with its place, so that whoever finds something wrong with it can say where.</summary>
internal sealed class Located
{
    private const int DeepestNesting = 64;

    private readonly LocatedText _text;
    private readonly int _start;
    private readonly int _end;

    private Located(LocatedText text, JsonValueKind kind, int start, int end) => (_text, Kind, _start, _end) = (text, kind, start, end);

    public JsonValueKind Kind { get; }

    /// <summary>The file, or what stands in for its name.</summary>
    public string Name => _text.Name;

    /// <summary>The characters of a string.</summary>
    public string Text { get; private init; } = "";

    public IReadOnlyList<Located> Items { get; private init; } = [];

    public IReadOnlyList<LocatedMember> Members { get; private init; } = [];

    /// <summary>The value as it stands, without what is between its tokens.</summary>
    public string Minified => Minify(_text.Utf8.AsMemory(_start.._end));

    /// <summary>Reads a text. Comments are skipped.</summary>
    /// <param name="utf8">With or without a byte order mark.</param>
    /// <param name="name">The file, or what stands in for its name.</param>
    /// <exception cref="ScenarioException">It is no JSON.</exception>
    public static Located Parse(byte[] utf8, string name)
    {
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        var text = new LocatedText(utf8.AsSpan().StartsWith(mark) ? utf8[mark.Length..] : utf8, name);
        var reader = new Utf8JsonReader(text.Utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = DeepestNesting });
        try
        {
            reader.Read();
            Located root = Read(ref reader, text);
            reader.Read();
            return root;
        }
        catch (JsonException wrong)
        {
            throw text.FaultAt(wrong, reader.BytesConsumed);
        }
    }

    /// <summary>The canonical form of a JSON value: no white space, and every character that may stand for itself does.</summary>
    public static string Minify(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The member of this name; null when there is none.</summary>
    public Located? Find(string name) => Members.FirstOrDefault(member => member.Name == name).Value;

    /// <summary>Something is wrong with this value.</summary>
    public ScenarioException Fault(string sentence) => _text.FaultAt(_start, sentence);

    /// <summary>Something is wrong with the name of a member.</summary>
    public ScenarioException Fault(LocatedMember member, string sentence) => _text.FaultAt(member.Start, sentence);

    /// <summary>The value in a sentence: itself when it is short, or else what it is.</summary>
    public string Shown() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String when Text.Length > 40 => "a text of " + Text.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) + " characters",
        _ => Encoding.UTF8.GetString(_text.Utf8.AsSpan(_start.._end)),
    };

    public bool TryInteger(out long number) => Number().TryGetInt64(out number) && Kind == JsonValueKind.Number;

    public bool TryUnsigned(out ulong number) => Number().TryGetUInt64(out number) && Kind == JsonValueKind.Number;

    public bool TryReal(out double number) => Number().TryGetDouble(out number) && Kind == JsonValueKind.Number;

    private JsonElement Number() => JsonElement.Parse(Kind == JsonValueKind.Number ? _text.Utf8.AsSpan(_start.._end) : "0"u8);

    private static Located Read(ref Utf8JsonReader reader, LocatedText text)
    {
        int start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<LocatedMember> members = [];
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    int at = (int)reader.TokenStartIndex;
                    string name = Characters(ref reader, text);
                    if (members.Exists(other => other.Name == name))
                    {
                        throw text.FaultAt(at, $"The member \"{name}\" stands here a second time.");
                    }

                    reader.Read();
                    members.Add(new(name, at, Read(ref reader, text)));
                }

                return new(text, JsonValueKind.Object, start, (int)reader.BytesConsumed) { Members = members };
            case JsonTokenType.StartArray:
                List<Located> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, text));
                }

                return new(text, JsonValueKind.Array, start, (int)reader.BytesConsumed) { Items = items };
            case JsonTokenType.String:
                return new(text, JsonValueKind.String, start, (int)reader.BytesConsumed) { Text = Characters(ref reader, text) };
            default:
                JsonValueKind kind = reader.TokenType switch
                {
                    JsonTokenType.Number => JsonValueKind.Number,
                    JsonTokenType.True => JsonValueKind.True,
                    JsonTokenType.False => JsonValueKind.False,
                    _ => JsonValueKind.Null,
                };
                return new(text, kind, start, (int)reader.BytesConsumed);
        }
    }

    private static string Characters(ref Utf8JsonReader reader, LocatedText text)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw text.FaultAt((int)reader.TokenStartIndex, "This string is no text: it has bytes that are no UTF-8, or half of a surrogate pair.");
        }
    }
}

/// <summary>A member of an object.</summary>
/// <param name="Start">Where its name begins, in bytes.</param>
internal readonly record struct LocatedMember(string Name, int Start, Located Value);

/// <summary>A text and its name; turns a place in bytes into one that editors show.</summary>
internal sealed class LocatedText(byte[] utf8, string name)
{
    public byte[] Utf8 => utf8;

    public string Name => name;

    public ScenarioException FaultAt(int offset, string sentence)
    {
        ReadOnlySpan<byte> before = utf8.AsSpan(0, Math.Min(offset, utf8.Length));
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new(name, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1, sentence);
    }

    /// <summary>The reader of JSON stopped.</summary>
    public ScenarioException FaultAt(JsonException wrong, long consumed)
    {
        int lineStart = 0;
        for (long line = wrong.LineNumber ?? 0; line > 0; line--)
        {
            lineStart += utf8.AsSpan(lineStart).IndexOf((byte)'\n') + 1;
        }

        int offset = lineStart + (int)(wrong.BytePositionInLine ?? 0);
        if (utf8.AsSpan(Math.Min(offset, utf8.Length)).IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return FaultAt(utf8.Length, utf8.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "This file is empty; a scenario is a JSON object." : "The text ends before its JSON does.");
        }

        int end = wrong.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return FaultAt(offset, $"This is no JSON: {(end < 0 ? wrong.Message : wrong.Message[..end])}");
    }
}

namespace Realtime.Protocol.Events;

/// <summary>
/// Why and where a message could not be read: a value, not an exception, since a peer's bad message is ordinary input.
/// It holds names and positions of the protocol, never content of the message.
/// </summary>
public readonly struct ReadError : IEquatable<ReadError>
{
    internal ReadError(ReadErrorReason reason, int offset, string path, string? member, JsonForms expected = JsonForms.None, JsonForms found = JsonForms.None)
    {
        Reason = reason;
        Offset = offset;
        Path = path;
        Member = member;
        Expected = expected;
        Found = found;
    }

    /// <summary>What is wrong.</summary>
    public ReadErrorReason Reason { get; }

    /// <summary>Offset in bytes from the start of the message.</summary>
    public int Offset { get; }

    /// <summary>Where in the document, as in <c>response.output[0].id</c>; empty at the top. Only names that the protocol gives to members are printed: any other, a key of a map, and a name written with escapes reads <c>*</c>.</summary>
    public string Path { get; }

    /// <summary>The member that is missing or given twice, where that is the reason.</summary>
    public string? Member { get; }

    /// <summary>What the protocol has here, where a wrong type or a number out of range is the reason; <see cref="JsonForms.None"/> otherwise.</summary>
    public JsonForms Expected { get; }

    /// <summary>What stands there instead, where a wrong type or a number out of range is the reason; <see cref="JsonForms.None"/> otherwise.</summary>
    public JsonForms Found { get; }

    /// <summary>What is wrong and in which member, without the offset. Allocates.</summary>
    public string Message => What + Where;

    private string What =>
        Describe(Reason)
        + (Member is null ? "" : $" '{Member}'")
        + (Expected == JsonForms.None ? "" : $": expected {Describe(Expected)}")
        + (Found == JsonForms.None || Reason != ReadErrorReason.WrongType ? "" : $", found {Describe(Found)}");

    private string Where => string.IsNullOrEmpty(Path) ? "" : $" in {Path}";

    /// <inheritdoc/>
    public bool Equals(ReadError other) => Reason == other.Reason && Offset == other.Offset && Path == other.Path && Member == other.Member && Expected == other.Expected && Found == other.Found;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReadError other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Offset, Path, Member, Expected, Found);

    /// <summary>One line for a log: reason, place, member.</summary>
    public override string ToString() => $"{What} at byte {Offset}{Where}";

    /// <summary>Equal in every part.</summary>
    public static bool operator ==(ReadError left, ReadError right) => left.Equals(right);

    /// <summary>Different in some part.</summary>
    public static bool operator !=(ReadError left, ReadError right) => !left.Equals(right);

    /// <summary>A reason in words.</summary>
    public static string Describe(ReadErrorReason reason) => reason switch
    {
        ReadErrorReason.None => "no error",
        ReadErrorReason.Truncated => "the message ends too early",
        ReadErrorReason.UnexpectedByte => "unexpected byte",
        ReadErrorReason.TrailingData => "data behind the end of the message",
        ReadErrorReason.TooDeep => "nested too deep",
        ReadErrorReason.TooLarge => "the message is too large",
        ReadErrorReason.ControlCharacter => "control character in a string",
        ReadErrorReason.InvalidEscape => "invalid escape sequence",
        ReadErrorReason.InvalidUtf8 => "invalid UTF-8",
        ReadErrorReason.LoneSurrogate => "surrogate without its partner",
        ReadErrorReason.NotAnObject => "not a JSON object",
        ReadErrorReason.DuplicateMember => "duplicate member",
        ReadErrorReason.MissingMember => "missing member",
        ReadErrorReason.WrongType => "wrong type of value",
        ReadErrorReason.NumberOutOfRange => "number out of range",
        ReadErrorReason.InvalidBase64 => "invalid base64",
        _ => reason.ToString(),
    };

    private static string Describe(JsonForms forms)
    {
        var words = new List<string>();
        foreach ((JsonForms form, string word) in Words)
        {
            if (forms.HasFlag(form))
            {
                words.Add(word);
            }
        }

        return string.Join(" or ", words);
    }

    private static readonly (JsonForms Form, string Word)[] Words =
    [
        (JsonForms.Text, "a string"),
        (JsonForms.Integer, "a whole number of 64 bits"),
        (JsonForms.Number, "a number"),
        (JsonForms.Boolean, "true or false"),
        (JsonForms.Object, "an object"),
        (JsonForms.Array, "an array"),
        (JsonForms.Null, "null"),
        (JsonForms.Infinity, "\"inf\""),
    ];
}

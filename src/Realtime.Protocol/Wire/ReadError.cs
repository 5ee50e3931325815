namespace Realtime.Protocol;

/// <summary>
/// Why and where a message could not be read: a value, not an exception, since a peer's bad message is ordinary input.
/// It holds names and positions of the protocol, never content of the message.
/// </summary>
public readonly struct ReadError : IEquatable<ReadError>
{
    internal ReadError(ReadErrorReason reason, int offset, string path, string? member)
    {
        Reason = reason;
        Offset = offset;
        Path = path;
        Member = member;
    }

    /// <summary>What is wrong.</summary>
    public ReadErrorReason Reason { get; }

    /// <summary>Offset in bytes from the start of the message.</summary>
    public int Offset { get; }

    /// <summary>Where in the document, as in <c>response.output[0].id</c>; empty at the top. Names of unknown members read <c>*</c>.</summary>
    public string Path { get; }

    /// <summary>The member that is missing or given twice, where that is the reason.</summary>
    public string? Member { get; }

    /// <inheritdoc/>
    public bool Equals(ReadError other) => Reason == other.Reason && Offset == other.Offset && Path == other.Path && Member == other.Member;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReadError other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Offset, Path, Member);

    /// <summary>One line for a log: reason, place, member.</summary>
    public override string ToString() =>
        $"{Describe(Reason)}{(Member is null ? "" : $" '{Member}'")} at byte {Offset}{(string.IsNullOrEmpty(Path) ? "" : $" in {Path}")}";

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
}

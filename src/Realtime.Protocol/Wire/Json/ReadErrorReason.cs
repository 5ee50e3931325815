namespace Realtime.Protocol.Events;

/// <summary>Why a message could not be read. Every reason is the sender's fault; none of them is thrown.</summary>
public enum ReadErrorReason : byte
{
    /// <summary>There is no error.</summary>
    None = 0,

    /// <summary>The message ends before its JSON does.</summary>
    Truncated,

    /// <summary>A byte that JSON does not allow here.</summary>
    UnexpectedByte,

    /// <summary>There is something behind the end of the message's one JSON value.</summary>
    TrailingData,

    /// <summary>Objects and arrays are nested deeper than <see cref="Wire.JsonCursor.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The message is larger than the reader's limit, which is the offset of the error.</summary>
    TooLarge,

    /// <summary>A control character, which JSON wants escaped, stands inside a string.</summary>
    ControlCharacter,

    /// <summary>An escape sequence that JSON does not know, or half of one.</summary>
    InvalidEscape,

    /// <summary>A string is not valid UTF-8.</summary>
    InvalidUtf8,

    /// <summary>An escaped surrogate without its partner.</summary>
    LoneSurrogate,

    /// <summary>The message does not begin as a JSON object does: it is another value, or no JSON at all.</summary>
    NotAnObject,

    /// <summary>A known member occurs twice in one object.</summary>
    DuplicateMember,

    /// <summary>A member that must be there is not.</summary>
    MissingMember,

    /// <summary>A known member has another JSON type than the protocol gives it.</summary>
    WrongType,

    /// <summary>A number is too large for its member, or is no whole number where one is needed.</summary>
    NumberOutOfRange,

    /// <summary>Audio is not base64 as RFC 4648 section 4 has it: alphabet, padding, no white space, no stray bits.</summary>
    InvalidBase64,
}

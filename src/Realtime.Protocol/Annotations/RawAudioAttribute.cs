namespace Realtime.Protocol;

/// <summary>Says that this parameter, property or field takes audio as raw decoded bytes, never as base64 text.</summary>
/// <remarks>
/// On the wire audio is base64 inside a JSON string, and this library makes that text itself. Bytes that already are base64 text
/// would be encoded twice: the server accepts them without an error and hears noise, a third too long. Types cannot tell the two
/// apart, because both are bytes, so rule RT2001 follows base64 text through a method and is an error where it reaches a marked
/// place. Mark the parameters of your own wrappers to have their callers checked too. <see cref="Base64TextAttribute"/> is the opposite mark.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field,
    AllowMultiple = false,
    Inherited = true)]
public sealed class RawAudioAttribute : Attribute;

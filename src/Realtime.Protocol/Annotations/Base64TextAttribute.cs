namespace Realtime.Protocol;

/// <summary>Says that this value holds base64 text, as characters or as UTF-8 bytes, and has to be decoded before it is audio.</summary>
/// <remarks>
/// A <c>string</c> that was read from JSON or a buffer that another library filled does not show that its content is base64. The mark
/// tells rule RT2001, which is an error where such a value reaches a place marked <see cref="RawAudioAttribute">[RawAudio]</see>
/// undecoded. On a method, as on its return value, it speaks of what the method returns. On a parameter it speaks of the value inside
/// the method, and for an <c>out</c>, <c>ref</c>, array, span or memory parameter also of what the caller's variable holds afterwards.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field
    | AttributeTargets.ReturnValue | AttributeTargets.Method,
    AllowMultiple = false,
    Inherited = true)]
public sealed class Base64TextAttribute : Attribute;

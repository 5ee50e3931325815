namespace Realtime.Protocol.Events;

/// <summary>A union of which one alternative is a text. Every such union of the schema is one, so that a <see cref="Field{T, TText}"/> can be made of its text.</summary>
/// <typeparam name="T">The union.</typeparam>
/// <typeparam name="TText">The text: an enumeration where the protocol names its values, else <see cref="Text"/>.</typeparam>
public interface IUnionWithText<T, TText>
    where T : class, IUnionWithText<T, TText>
    where TText : struct
{
    /// <summary>The alternative that is a text.</summary>
    static abstract implicit operator T(string text);

    /// <summary>The alternative that is a text, as its own type.</summary>
    static abstract implicit operator T(TText value);
}

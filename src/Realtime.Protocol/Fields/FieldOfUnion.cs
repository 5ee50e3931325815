using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Events;

/// <summary>
/// A <see cref="Field{T}"/> of a union of which one alternative is a text: it takes that text as it stands, <c>Tracing = "auto"</c>, where a <see cref="Field{T}"/> would take the union only.
/// It is a type of its own because C# applies one conversion of a type's own and never two; and it converts to a <see cref="Field{T}"/> and back.
/// </summary>
/// <typeparam name="T">The union.</typeparam>
/// <typeparam name="TText">The type of its text.</typeparam>
public readonly struct Field<T, TText> : IEquatable<Field<T, TText>>
    where T : class, IUnionWithText<T, TText>
    where TText : struct
{
    private readonly Field<T> _field;

    private Field(Field<T> field) => _field = field;

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static Field<T, TText> Null => new(Field<T>.Null);

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _field.Presence;

    /// <summary>True when there is a value, neither absent nor <c>null</c>.</summary>
    public bool HasValue => _field.HasValue;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The member is absent or <c>null</c>: look at <see cref="HasValue"/> first.</exception>
    public T Value => _field.Value;

    /// <summary>The value, or <paramref name="fallback"/> when the member is absent or <c>null</c>.</summary>
    public T GetValueOrDefault(T fallback = default!) => _field.GetValueOrDefault(fallback);

    /// <summary>A member with this value; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public static implicit operator Field<T, TText>(T? value) => new(new Field<T>(value!));

    /// <summary>A member that is this text.</summary>
    public static implicit operator Field<T, TText>(TText value) => new((T)value);

    // A string would be as good a source as T for a literal null, and neither would be chosen. A span is none, and a string is one by the language's own conversion.

    /// <summary>A member that is this text: a <see cref="string"/>, of which <see langword="null"/> gives <see cref="Null"/>, or a piece of one.</summary>
    public static implicit operator Field<T, TText>(ReadOnlySpan<char> text) =>
        Unsafe.IsNullRef(in MemoryMarshal.GetReference(text)) ? Null : new((T)text.ToString());

    /// <summary>The same, where the text need not be taken as it stands.</summary>
    public static implicit operator Field<T, TText>(Field<T> field) => new(field);

    /// <summary>The same, without its text.</summary>
    public static implicit operator Field<T>(Field<T, TText> field) => field._field;

    /// <inheritdoc/>
    public bool Equals(Field<T, TText> other) => _field.Equals(other._field);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Field<T, TText> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _field.GetHashCode();

    /// <summary>Only whether there is a value; the value itself may be private speech.</summary>
    public override string ToString() => _field.ToString();

    /// <summary>Equal presence and equal values.</summary>
    public static bool operator ==(Field<T, TText> left, Field<T, TText> right) => left.Equals(right);

    /// <summary>Different presence or different values.</summary>
    public static bool operator !=(Field<T, TText> left, Field<T, TText> right) => !left.Equals(right);
}

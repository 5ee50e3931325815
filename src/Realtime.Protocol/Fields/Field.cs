using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Events;

/// <summary>
/// An optional member of which the protocol means something by <c>null</c>: absent, null and a value are kept apart. The default is absent, so a member
/// that nobody set is not written, and a member set to <see cref="Null"/> is written as <c>null</c>. Where the protocol has no null, a written object
/// has no field: what may be absent is null while it is left out, and a nested object is there to be written through.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct Field<T> : IEquatable<Field<T>>
{
    private readonly T _value;

    /// <summary>A member with this value. A reference that is <see langword="null"/> gives <see cref="Null"/>.</summary>
    public Field(T value)
    {
        _value = value;
        Presence = value is null ? Presence.Null : Presence.Value;
    }

    private Field(Presence presence)
    {
        _value = default!;
        Presence = presence;
    }

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static Field<T> Null => new(Presence.Null);

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence { get; }

    /// <summary>True when there is a value, neither absent nor <c>null</c>.</summary>
    public bool HasValue => Presence == Presence.Value;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The member is absent or <c>null</c>: look at <see cref="HasValue"/> first.</exception>
    public T Value => HasValue ? _value : ThrowNoValue();

    /// <summary>The value, or <paramref name="fallback"/> when the member is absent or <c>null</c>.</summary>
    public T GetValueOrDefault(T fallback = default!) => HasValue ? _value : fallback;

    /// <summary>A member with this value.</summary>
    public static implicit operator Field<T>(T value) => new(value);

    /// <inheritdoc/>
    public bool Equals(Field<T> other) => Presence == other.Presence && EqualityComparer<T>.Default.Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Field<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Presence, _value);

    /// <summary>Only whether there is a value; the value itself may be private speech.</summary>
    public override string ToString() => Presence.ToString();

    /// <summary>Equal presence and equal values.</summary>
    public static bool operator ==(Field<T> left, Field<T> right) => left.Equals(right);

    /// <summary>Different presence or different values.</summary>
    public static bool operator !=(Field<T> left, Field<T> right) => !left.Equals(right);

    [DoesNotReturn]
    private T ThrowNoValue() => throw new InvalidOperationException($"The member has no value: it is {(Presence == Presence.Null ? "null" : "absent")}. Look at HasValue first.");
}

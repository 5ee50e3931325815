using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Events;

/// <summary>An optional JSON array. The default is absent, which differs from an empty array: absent keeps, empty clears.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
[CollectionBuilder(typeof(FieldList), nameof(FieldList.Create))]
public readonly struct FieldList<T>
{
    private readonly ReadOnlyMemory<T> _items;

    /// <summary>An array of these elements. The memory is read when the event is written.</summary>
    public FieldList(ReadOnlyMemory<T> items)
    {
        _items = items;
        Presence = Presence.Value;
    }

    private FieldList(Presence presence) => Presence = presence;

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static FieldList<T> Null => new(Presence.Null);

    /// <summary>Absent, null or an array.</summary>
    public Presence Presence { get; }

    /// <summary>True when there is an array, neither absent nor <c>null</c>.</summary>
    public bool HasValue => Presence == Presence.Value;

    /// <summary>The elements; empty when absent or <c>null</c>.</summary>
    public ReadOnlySpan<T> Items => _items.Span;

    /// <summary>Enumerates the elements.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => _items.Span.GetEnumerator();

    /// <summary>An array of these elements; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public static implicit operator FieldList<T>(T[]? items) => items is null ? Null : new(items.AsMemory());

    /// <summary>An array of these elements.</summary>
    public static implicit operator FieldList<T>(ReadOnlyMemory<T> items) => new(items);
}

/// <summary>Makes a <see cref="FieldList{T}"/> from a collection expression.</summary>
public static class FieldList
{
    /// <summary>A copy of the elements.</summary>
    public static FieldList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}

using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Events;

/// <summary>
/// A JSON object whose values are all strings, such as metadata. The default is absent. Limits of number and length are
/// stated at the member that takes it and checked before a byte is written.
/// </summary>
[CollectionBuilder(typeof(StringMap), nameof(Create))]
public readonly struct StringMap
{
    private readonly ReadOnlyMemory<KeyValuePair<string, string>> _pairs;

    /// <summary>A map of these pairs, in this order. Keys must differ.</summary>
    public StringMap(ReadOnlyMemory<KeyValuePair<string, string>> pairs)
    {
        _pairs = pairs;
        Presence = Presence.Value;
    }

    private StringMap(Presence presence) => Presence = presence;

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static StringMap Null => new(Presence.Null);

    /// <summary>Absent, null or a map.</summary>
    public Presence Presence { get; }

    /// <summary>True when there is a map, neither absent nor <c>null</c>.</summary>
    public bool HasValue => Presence == Presence.Value;

    /// <summary>The pairs; empty when absent or <c>null</c>.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Pairs => _pairs.Span;

    /// <summary>Enumerates the pairs.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>>.Enumerator GetEnumerator() => _pairs.Span.GetEnumerator();

    /// <summary>A copy of the pairs.</summary>
    public static StringMap Create(ReadOnlySpan<KeyValuePair<string, string>> pairs) => new(pairs.ToArray());

    /// <summary>A copy of the dictionary; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public static implicit operator StringMap(Dictionary<string, string>? pairs) => pairs is null ? Null : new(pairs.ToArray());

    /// <summary>A map of these pairs; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public static implicit operator StringMap(KeyValuePair<string, string>[]? pairs) => pairs is null ? Null : new(pairs.AsMemory());
}

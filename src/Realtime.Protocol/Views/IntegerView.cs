using Realtime.Protocol.Views;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>A whole number as an element of an array.</summary>
public readonly ref struct IntegerView : IJsonView<IntegerView>
{
    private IntegerView(long value) => Value = value;

    /// <summary>The number.</summary>
    public long Value { get; }

    /// <inheritdoc/>
    static bool IJsonView<IntegerView>.Validate(ref JsonCursor json)
    {
        Slot slot = default;
        return json.ReadInteger(ref slot, nullable: false);
    }

    /// <inheritdoc/>
    static int IJsonView<IntegerView>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested) => OrderedReader.PassStrictly<IntegerView>(json, at, depth);

    /// <inheritdoc/>
    static IntegerView IJsonView<IntegerView>.Bind(ReadOnlySpan<byte> json, Slot slot, NestedMembers nested) => new(FieldReader.Integer(json, slot));
}

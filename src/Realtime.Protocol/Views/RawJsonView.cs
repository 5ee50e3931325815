using System.Buffers;
using System.ComponentModel;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>Any JSON value where it lies in a message. Valid as long as the message's buffer is.</summary>
public readonly ref struct RawJsonView : IJsonView<RawJsonView>
{
    private readonly Slot _slot;
    private readonly ReadOnlySpan<byte> _message;

    /// <summary>The value at this place of a checked message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RawJsonView(ReadOnlySpan<byte> message, Slot slot)
    {
        _message = message;
        _slot = slot;
    }

    /// <summary>True when the member occurs; its value may be the JSON value <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>Absent, or a value (which may be the JSON value <c>null</c>).</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>The JSON text; empty when absent.</summary>
    public ReadOnlySpan<byte> Utf8 => _slot.HasValue ? _slot.In(_message) : default;

    /// <summary>A copy to keep.</summary>
    public RawJson ToOwned() => HasValue ? RawJson.FromUtf8(Utf8.ToArray()) : default;

    /// <summary>Writes the value as it stands.</summary>
    public void WriteTo(IBufferWriter<byte> output) => output.Write(Utf8);

    /// <summary>The JSON text as a string.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    /// <inheritdoc/>
    static bool IJsonView<RawJsonView>.Validate(ref JsonCursor json) => json.Skip();

    /// <inheritdoc/>
    static int IJsonView<RawJsonView>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested) => OrderedReader.PassStrictly<RawJsonView>(json, at, depth);

    /// <inheritdoc/>
    static RawJsonView IJsonView<RawJsonView>.Bind(ReadOnlySpan<byte> json, Slot slot, NestedMembers nested) => new(json, slot);
}

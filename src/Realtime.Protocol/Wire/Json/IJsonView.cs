using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a generated view can do: check a value while a message is read, and be bound to that value later. Since everything
/// was checked, binding cannot fail. Views implement it explicitly: only readers call it, so it is not among a view's members.
/// </summary>
/// <typeparam name="TSelf">The view.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonView<TSelf>
    where TSelf : struct, IJsonView<TSelf>, allows ref struct
{
    /// <summary>Reads and checks one value. False leaves the reason in <see cref="JsonCursor.Error"/>.</summary>
    static abstract bool Validate(ref JsonCursor json);

    /// <summary>The fast path of <see cref="Validate"/>. Returns the offset after the value, or a negative number when <see cref="Validate"/> must read it.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Where the value begins.</param>
    /// <param name="depth">How deep the value lies.</param>
    /// <param name="nested">Where the members of objects are noted; null when nobody remembers them.</param>
    static abstract int PassInOrder(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested);

    /// <summary>The view of a value that was checked when the message was read.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="slot">Where the value lies.</param>
    /// <param name="nested">What the reader remembers of this message; the default where nothing is.</param>
    static abstract TSelf Bind(ReadOnlySpan<byte> json, Slot slot, NestedMembers nested);
}

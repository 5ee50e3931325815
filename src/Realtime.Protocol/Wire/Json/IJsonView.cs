namespace Realtime.Protocol.Wire;

/// <summary>
/// What a generated view can do: check a value while a message is read, and be laid over that value later. Since
/// everything was checked, laying it over cannot fail.
/// </summary>
/// <typeparam name="TSelf">The view.</typeparam>
public interface IJsonView<TSelf>
    where TSelf : struct, IJsonView<TSelf>, allows ref struct
{
    /// <summary>Reads and checks one value. False leaves the reason in <see cref="JsonCursor.Error"/>.</summary>
    static abstract bool Validate(ref JsonCursor json);

    /// <summary>The fast path of <see cref="Validate"/>, for what comes as it is usual: the place behind the value, or a negative number, which says nothing.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Where the value begins.</param>
    /// <param name="depth">How deep the value lies.</param>
    static abstract int PassInOrder(ReadOnlySpan<byte> json, int at, int depth);

    /// <summary>The view of a value that was checked when the message was read.</summary>
    static abstract TSelf Bind(ReadOnlySpan<byte> json, Slot slot);
}

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

    /// <summary>The view of a value that was checked when the message was read.</summary>
    static abstract TSelf Bind(ReadOnlySpan<byte> json, Slot slot);
}

using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Objects of the protocol out of the JSON that a checkpoint keeps of them. It was checked when the checkpoint was taken or read, so nothing here can fail.</summary>
internal static class CheckpointObjects
{
    public static TView Read<TView>(ReadOnlySpan<byte> json)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        var cursor = new JsonCursor(json);
        Slot slot = default;
        cursor.Read<TView>(ref slot, nullable: false);
        return TView.Bind(json, slot, default);
    }
}

using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The message as it came, for an event that was read from another text: the short text of a message in pieces, or the mended copy of an odd one. An event that was read from its message itself has none,
/// so the usual way costs a comparison with null and no more.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OriginalMessage
{
    private protected OriginalMessage()
    {
    }

    /// <summary>The whole message as it came, in one piece.</summary>
    public abstract ReadOnlySpan<byte> Whole { get; }

    /// <summary>What was forgiven in this message.</summary>
    public virtual ReadOddities Oddities => default;

    /// <summary>Where audio lies in <see cref="Whole"/> that lies here in the text that was read.</summary>
    internal abstract Slot AudioInWhole(Slot audio);

    /// <summary>What to keep of this message: the text that slots point into, and the original where that is another one.</summary>
    /// <param name="read">The text that was read.</param>
    /// <param name="slots">Places in that text; changed to places in the text returned.</param>
    /// <param name="original">Owns its memory. Null where the text returned is the original.</param>
    public abstract ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> read, scoped Span<Slot> slots, out OriginalMessage? original);
}

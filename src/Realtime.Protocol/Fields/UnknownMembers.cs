namespace Realtime.Protocol.Events;

/// <summary>
/// Members that the protocol did not name when this was built, as they stood in a message: a copy made by
/// <c>ToWritable</c> keeps them, so that passing an event on loses nothing. The default is none.
/// </summary>
public readonly struct UnknownMembers
{
    private readonly ReadOnlyMemory<byte> _json;

    internal UnknownMembers(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>True when there are none.</summary>
    public bool IsEmpty => _json.IsEmpty;

    /// <summary>The members as JSON, names and values, with commas between them and no braces around them.</summary>
    public ReadOnlySpan<byte> Json => _json.Span;

    /// <summary>How much there is, never what.</summary>
    public override string ToString() => $"{_json.Length} bytes of unknown members";
}

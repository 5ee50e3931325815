using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Where an event writes itself, twice: first into a sink that counts and checks, then into one that writes. So the
/// exact size is known before memory is asked for, and bad input is refused before a byte is written.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonSink
{
    /// <summary>Bytes that are JSON already.</summary>
    void Raw(ReadOnlySpan<byte> json);

    /// <summary>A string with its quotes, escaped.</summary>
    void String(scoped in Text text);

    /// <summary>A whole number.</summary>
    void Integer(long value);

    /// <summary>A number.</summary>
    void Number(double value);

    /// <summary>A string with its quotes that holds this audio as base64.</summary>
    void Base64(scoped in AudioBytes audio);
}

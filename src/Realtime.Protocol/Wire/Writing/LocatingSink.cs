using System.Buffers;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Keeps what an event looks like around its texts and numbers, so that the place of the one that cannot be written can be named. It runs
/// only after <see cref="MeasuringSink"/> has refused, refuses the same, and holds no content: the cold path.
/// </summary>
internal readonly struct LocatingSink(ArrayBufferWriter<byte> outline) : IJsonSink
{
    public void Raw(ReadOnlySpan<byte> json) => outline.Write(json);

    public void String(scoped in Text text)
    {
        JsonText.MeasureEscaped(in text);
        outline.Write("\"\""u8);
    }

    public void Integer(long value) => outline.Write("0"u8);

    public void Number(double value)
    {
        Span<byte> digits = stackalloc byte[JsonText.MaxNumberLength];
        JsonText.Format(value, digits);
        outline.Write("0"u8);
    }

    public void Base64(scoped in AudioBytes audio) => outline.Write("\"\""u8);
}

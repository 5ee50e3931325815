using System.Buffers.Text;

namespace Realtime.Protocol.Wire;

/// <summary>Writes an event into memory of exactly the size that <see cref="MeasuringSink"/> counted.</summary>
internal ref struct WritingSink : IJsonSink
{
    private Span<byte> _rest;

    public WritingSink(Span<byte> destination) => _rest = destination;

    /// <summary>True when the event filled its memory to the last byte.</summary>
    public readonly bool IsFull => _rest.IsEmpty;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_rest);
        _rest = _rest[json.Length..];
    }

    public void String(Text text)
    {
        _rest[0] = (byte)'"';
        int written = JsonText.WriteEscaped(text, _rest[1..]);
        _rest[written + 1] = (byte)'"';
        _rest = _rest[(written + 2)..];
    }

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, _rest, out int written);
        _rest = _rest[written..];
    }

    public void Number(double value) => _rest = _rest[JsonText.Format(value, _rest)..];

    public void Base64(scoped in AudioBytes audio)
    {
        int encoded = (int)Base64Text.EncodedLength(audio.Length);
        _rest[0] = (byte)'"';
        Base64Text.Encode(in audio, _rest.Slice(1, encoded));
        _rest[encoded + 1] = (byte)'"';
        _rest = _rest[(encoded + 2)..];
    }
}

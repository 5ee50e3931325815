using System.Buffers;
using System.Text.Json;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>By hand: one <see cref="Utf8JsonWriter"/> for the connection's whole life, without validation, names encoded beforehand.</summary>
public readonly struct AppendByUtf8JsonWriter() : IAudioAppendWriter
{
    private static readonly JsonEncodedText TypeName = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText TypeValue = JsonEncodedText.Encode("input_audio_buffer.append");
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("event_id");
    private static readonly JsonEncodedText AudioName = JsonEncodedText.Encode("audio");

    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    public ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString(TypeName, TypeValue);
        _json.WriteBase64String(AudioName, pcm);
        _json.WriteEndObject();
        _json.Flush();
        return output.WrittenSpan;
    }

    public ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString(TypeName, TypeValue);
        _json.WriteString(IdName, eventId);
        _json.WriteBase64String(AudioName, pcm);
        _json.WriteEndObject();
        _json.Flush();
        return output.WrittenSpan;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.Benchmarks.Peers.Writers;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>Writing <c>input_audio_buffer.append</c> into one reused buffer.</summary>
/// <param name="name">The way of writing.</param>
/// <param name="writer">Writes.</param>
/// <param name="pcm">The sound.</param>
/// <param name="eventIds">The ids of which each event has one; none when empty.</param>
/// <param name="isBare">Whether the writer makes base64 and nothing around it.</param>
public sealed class AppendWriting<TWriter>(string name, TWriter writer, byte[] pcm, string[] eventIds, bool isBare = false) : Timed(name)
    where TWriter : struct, IAudioAppendWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(256 * 1024);

    public override long Run(int times)
    {
        TWriter writing = writer;
        long sum = 0;
        for (int time = 0; time < times; time++)
        {
            _output.ResetWrittenCount();
            ReadOnlySpan<byte> written = writing.Write(pcm, _output);
            sum += written.Length + written[^3];
        }

        return sum;
    }

    public override string? Fault()
    {
        _output.Clear();
        string written = Encoding.UTF8.GetString(writer.Write(pcm, _output));
        return isBare ? Compare(Convert.FromBase64String(written)) : FaultOf(JsonDocument.Parse(written).RootElement);
    }

    private string? FaultOf(JsonElement message)
    {
        string? id = message.TryGetProperty("event_id", out JsonElement member) ? member.GetString() : null;
        return message.GetProperty("type").GetString() is var type && type != "input_audio_buffer.append" ? $"the type is {type}"
            : id is not null != eventIds.Length > 0 || (id is not null && !eventIds.Contains(id)) ? $"the id is {id ?? "missing"}"
            : Compare(message.GetProperty("audio").GetBytesFromBase64());
    }

    private string? Compare(byte[] decoded) => decoded.AsSpan().SequenceEqual(pcm) ? null : "the written base64 decodes to other audio";
}

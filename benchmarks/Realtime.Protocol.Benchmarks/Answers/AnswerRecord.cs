using System.Text;

namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>Everything that a reader handed over, copied out of the message, to be held against what the message says.</summary>
public struct AnswerRecord() : IAnswerSink
{
    public List<object> Values { get; } = [];

    public void Text(string? value) => Values.Add(value ?? "");

    public void Slice(ReadOnlySpan<byte> utf8) => Values.Add(Encoding.UTF8.GetString(utf8));

    public void Number(long value) => Values.Add(value);

    public void Bytes(ReadOnlySpan<byte> value) => Values.Add(value.ToArray());
}

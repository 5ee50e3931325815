using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// One message of the service and what it says. An audio message is three pieces, so that many messages can share one
/// payload; any other is all head. The text is put together in <c>Payloads/</c> and by nothing that is measured.
/// </summary>
/// <param name="Head">Everything up to the payload, its opening quote included.</param>
/// <param name="Payload">The base64 text; empty in messages without audio.</param>
/// <param name="Tail">Everything from the payload's closing quote on.</param>
/// <param name="Says">What a reader has to hand over.</param>
public sealed record Message(byte[] Head, byte[] Payload, byte[] Tail, Answer Says)
{
    public int Length => Head.Length + Payload.Length + Tail.Length;

    public byte[] ToArray() => [.. Head, .. Payload, .. Tail];
}

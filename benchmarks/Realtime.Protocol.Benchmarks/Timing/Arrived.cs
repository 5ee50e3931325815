namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>A message that lies somewhere in a buffer, and where its base64 text lies.</summary>
public readonly record struct Arrived(byte[] Buffer, int Start, int Length, int PayloadStart, int PayloadLength)
{
    public ReadOnlySpan<byte> Utf8 => Buffer.AsSpan(Start, Length);

    public ReadOnlyMemory<byte> Memory => Buffer.AsMemory(Start, Length);

    /// <summary>The base64 text without its quotes. Only the yardstick may ask: everyone else has to find it.</summary>
    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(PayloadStart, PayloadLength);
}

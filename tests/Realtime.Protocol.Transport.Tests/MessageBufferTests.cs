using System.Buffers;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>The block that messages lie in: how it grows, and that it does not stay large.</summary>
public sealed class MessageBufferTests
{
    [Fact]
    public void ItBeginsWithSixtyFourKilobytes_AndReceivesIntoAllOfThem() =>
        Assert.Equal(64 * 1024, new MessageBuffer(MessageBuffer.NoLimit).GetMemory().Length);

    [Fact]
    public void Growing_KeepsWhatWasWritten_InOneBlock()
    {
        var buffer = new MessageBuffer(MessageBuffer.NoLimit);
        byte[] written = new byte[300_000];
        new Random(1).NextBytes(written);

        foreach (byte[] piece in written.Chunk(7_001))
        {
            buffer.Write(piece);
        }

        Assert.Equal(written, buffer.Written.ToArray());
    }

    [Fact]
    public void TheRoom_EndsOneByteAfterTheLimit_WhichTellsOfTooMuch()
    {
        var buffer = new MessageBuffer(maxBytes: 100);

        Assert.Equal(101, buffer.GetMemory().Length);
        buffer.Advance(100);
        Assert.False(buffer.IsOverLimit);
        buffer.Advance(1);
        Assert.True(buffer.IsOverLimit);
    }

    [Fact]
    public void ABlockOfUpToAMegabyte_StaysForTheNextMessage()
    {
        var buffer = new MessageBuffer(MessageBuffer.NoLimit);
        buffer.GetSpan(MessageBuffer.KeepBytes);
        buffer.Clear();

        Assert.Equal(MessageBuffer.KeepBytes, buffer.Capacity);
    }

    [Fact]
    public void ALargerBlock_GoesBackToThePool_WithTheMessageThatNeededIt()
    {
        const int Large = 8 * MessageBuffer.KeepBytes;
        var buffer = new MessageBuffer(MessageBuffer.NoLimit);
        buffer.GetSpan(Large);
        buffer.Advance(Large);
        Assert.True(MemoryMarshal.TryGetArray(buffer.Written, out ArraySegment<byte> block));

        buffer.Clear();

        Assert.Equal(MessageBuffer.StartBytes, buffer.Capacity);
        byte[] next = ArrayPool<byte>.Shared.Rent(Large);
        Assert.Same(block.Array, next);
        ArrayPool<byte>.Shared.Return(next);
    }
}

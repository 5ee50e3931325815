using System.Buffers;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>The block that messages lie in: what it waits with, how it grows, and that nothing of a message is held after it.</summary>
public sealed class MessageBlockTests
{
    [Fact]
    public void WhatWaits_HoldsAHundredBytes() => Assert.Equal(MessageBlock.OwnBytes, NoLimit().GetMemory().Length);

    [Theory]
    [InlineData(1)]
    [InlineData(112)]
    [InlineData(113)]
    [InlineData(4_097)]
    [InlineData(300_000)]
    public void Growing_KeepsWhatWasWritten_InOneBlock(int length)
    {
        MessageBlock block = NoLimit();
        byte[] written = new byte[length];
        new Random(length).NextBytes(written);

        for (int round = 0; round < 2; round++)
        {
            Fill(block, written);

            Assert.Equal(written, block.Written.ToArray());
            Assert.True(MemoryMarshal.TryGetArray(block.Written, out ArraySegment<byte> part));
            Assert.Equal(0, part.Offset);
            block.Clear();
        }
    }

    [Fact]
    public void AShortMessage_RentsNothing()
    {
        MessageBlock block = NoLimit();
        Fill(block, new byte[MessageBlock.OwnBytes]);

        Assert.Equal(MessageBlock.OwnBytes, block.Capacity);
    }

    [Fact]
    public void AfterAMessageOfAudio_TheNextIsReceivedIntoSixtyFourKilobytesAtOnce()
    {
        MessageBlock block = NoLimit();
        Fill(block, new byte[MessageBlock.OwnBytes + 1]);
        Assert.Equal(MessageBlock.SmallBytes, block.Capacity);

        block.Clear();
        Fill(block, new byte[25_600]);
        Assert.Equal(MessageBlock.LargeBytes, block.Capacity);

        block.Clear();
        Fill(block, new byte[MessageBlock.OwnBytes + 1]);
        Assert.Equal(MessageBlock.LargeBytes, block.Capacity);

        block.Clear();
        Fill(block, new byte[MessageBlock.OwnBytes + 1]);
        Assert.Equal(MessageBlock.SmallBytes, block.Capacity);
    }

    [Fact]
    public void TheRoom_EndsOneByteAfterTheLimit_WhichTellsOfTooMuch()
    {
        foreach (int limit in (int[])[1, 100, 111, 112, 113, 5_000])
        {
            var block = new MessageBlock(limit);
            Fill(block, new byte[limit]);
            Assert.False(block.IsOverLimit);

            Assert.Equal(1, block.GetMemory().Length);
            block.Advance(1);
            Assert.True(block.IsOverLimit);
        }
    }

    [Fact]
    public void ABlockGoesBackToThePool_WithTheMessageThatNeededIt()
    {
        const int Large = 8 * 1024 * 1024;
        MessageBlock block = NoLimit();
        block.GetSpan(Large);
        block.Advance(Large);
        Assert.True(MemoryMarshal.TryGetArray(block.Written, out ArraySegment<byte> rented));

        block.Clear();

        Assert.Equal(MessageBlock.OwnBytes, block.Capacity);
        byte[] next = ArrayPool<byte>.Shared.Rent(Large);
        Assert.Same(rented.Array, next);
        ArrayPool<byte>.Shared.Return(next);
    }

    private static MessageBlock NoLimit() => new(Array.MaxLength - 1);

    // As a socket does it: into the room that there is, no more.
    private static void Fill(MessageBlock block, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = block.GetMemory().Span;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            block.Advance(count);
            bytes = bytes[count..];
        }
    }
}

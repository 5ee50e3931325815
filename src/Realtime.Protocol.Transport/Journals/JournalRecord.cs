using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What a file of <see cref="FileJournal"/> holds: a fence, and a checkpoint or none. It bears a sum over all its bytes, so that a file that is cut short or changed is never taken for an older or an empty one: a fence that was
/// lost would let two own one call.
/// </summary>
/// <param name="Fence">Of the newest owner.</param>
/// <param name="Checkpoint">Null when nothing was saved, or the call was ended.</param>
/// <param name="IsEnded">Nobody owns the call.</param>
internal readonly record struct JournalRecord(long Fence, ReadOnlyMemory<byte>? Checkpoint, bool IsEnded = false)
{
    // In the place of a length.
    private const long Nothing = -1;
    private const long Ended = -2;

    private const int HeaderBytes = 24;
    private const int FenceAt = 4;
    private const int LengthAt = 12;
    private const int SumAt = 20;

    private static ReadOnlySpan<byte> Magic => "RTJ1"u8;

    public byte[] Write()
    {
        ReadOnlySpan<byte> checkpoint = Checkpoint.GetValueOrDefault().Span;
        byte[] bytes = new byte[HeaderBytes + checkpoint.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FenceAt), Fence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LengthAt), Checkpoint is not null ? checkpoint.Length : IsEnded ? Ended : Nothing);
        checkpoint.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(SumAt), SumOf(bytes));
        return bytes;
    }

    public static bool TryRead(byte[] bytes, out JournalRecord record)
    {
        record = default;
        if (bytes.Length < HeaderBytes || !bytes.AsSpan().StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(SumAt)) != SumOf(bytes))
        {
            return false;
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(LengthAt));
        if (length < Ended || (length < 0 ? bytes.Length != HeaderBytes : length != bytes.Length - HeaderBytes))
        {
            return false;
        }

        record = new(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(FenceAt)), length < 0 ? null : (ReadOnlyMemory<byte>?)bytes.AsMemory(HeaderBytes), length == Ended);
        return true;
    }

    // The bytes of the sum itself count as zero. Eight at a time: a checkpoint may have a megabyte.
    private static uint SumOf(ReadOnlySpan<byte> bytes)
    {
        uint sum = Over(uint.MaxValue, bytes[..SumAt]);
        return ~Over(BitOperations.Crc32C(sum, 0u), bytes[HeaderBytes..]);
    }

    private static uint Over(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        }

        foreach (byte one in bytes[^(bytes.Length % sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }
}

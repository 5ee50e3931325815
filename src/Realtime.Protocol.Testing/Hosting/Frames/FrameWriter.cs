using System.Buffers;
using System.Buffers.Binary;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Hosting.Frames;

/// <summary>
/// What the server says as frames (RFC 6455): whole text frames as a rule, and every deviation that a test asks for. Pure: it only makes bytes.
/// </summary>
internal static class FrameWriter
{
    /// <summary>The longest header of a frame that is not masked.</summary>
    public const int LongestHeader = 10;

    // A test's bytes are the same every time, so the key of a frame that must not be masked is no secret.
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];
    private static readonly byte[] EmptyPing = [0x89, 0];

    /// <summary>The header of a frame that is not masked.</summary>
    /// <returns>How many bytes it has.</returns>
    public static int WriteHeader(Span<byte> to, FrameOpcode opcode, int length, bool isLast = true)
    {
        to[0] = (byte)((isLast ? 0x80 : 0) | (int)opcode);
        if (length <= 125)
        {
            to[1] = (byte)length;
            return 2;
        }

        if (length <= ushort.MaxValue)
        {
            to[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
            return 4;
        }

        to[1] = 127;
        BinaryPrimitives.WriteInt64BigEndian(to[2..], length);
        return 10;
    }

    /// <summary>A control frame.</summary>
    public static byte[] Control(FrameOpcode opcode, ReadOnlySpan<byte> payload) => [(byte)(0x80 | (int)opcode), (byte)payload.Length, .. payload];

    /// <summary>The frames of a message with which something is wrong.</summary>
    public static byte[] Marked(ReadOnlySpan<byte> message, FrameMarks marks)
    {
        byte[] payload = message.ToArray();
        if (marks.HasBadUtf8 && payload.Length > 0)
        {
            payload[^1] = 0xFF;
        }

        int most = marks.FragmentBytes > 0 ? marks.FragmentBytes : marks.HasPingsBetween ? Math.Max(1, (payload.Length + 1) / 2) : int.MaxValue;
        var frames = new ArrayBufferWriter<byte>(payload.Length + LongestHeader);
        int at = 0;
        do
        {
            int length = Math.Min(most, payload.Length - at);
            FrameOpcode opcode = at > 0 ? FrameOpcode.Continuation : marks.IsBinary ? FrameOpcode.Binary : FrameOpcode.Text;
            bool isLast = at + length == payload.Length;
            Frame(frames, opcode, payload.AsSpan(at, length), isLast, marks);
            at += length;
            if (marks.HasPingsBetween && !isLast)
            {
                frames.Write(EmptyPing);
            }
        }
        while (at < payload.Length);
        return frames.WrittenSpan.ToArray();
    }

    private static void Frame(ArrayBufferWriter<byte> to, FrameOpcode opcode, Span<byte> payload, bool isLast, FrameMarks marks)
    {
        Span<byte> header = stackalloc byte[LongestHeader];
        header = header[..WriteHeader(header, opcode, payload.Length, isLast)];
        header[0] |= marks.HasReservedBit ? (byte)0x40 : (byte)0;
        header[1] |= marks.IsMasked ? (byte)0x80 : (byte)0;
        to.Write(header);
        if (marks.IsMasked)
        {
            to.Write(Key);
            Mask.Apply(payload, Key, 0);
        }

        to.Write(payload);
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Testing.Hosting.Frames;

/// <summary>The masking of a client's payload (RFC 6455, 5.3), which is its own inverse.</summary>
internal static class Mask
{
    /// <param name="payload">A piece of the payload, changed in place.</param>
    /// <param name="key">The four bytes of the frame's key.</param>
    /// <param name="at">Where in the key the piece begins: its place in the payload modulo 4.</param>
    public static void Apply(Span<byte> payload, ReadOnlySpan<byte> key, int at)
    {
        Span<byte> turned = [key[at], key[(at + 1) & 3], key[(at + 2) & 3], key[(at + 3) & 3]];
        int done = 0;
        if (payload.Length >= Vector<byte>.Count)
        {
            Vector<byte> wide = Vector.AsVectorByte(new Vector<uint>(MemoryMarshal.Read<uint>(turned)));
            for (; payload.Length - done >= Vector<byte>.Count; done += Vector<byte>.Count)
            {
                (new Vector<byte>(payload[done..]) ^ wide).CopyTo(payload[done..]);
            }
        }

        for (; done < payload.Length; done++)
        {
            payload[done] ^= turned[done & 3];
        }
    }
}

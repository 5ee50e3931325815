using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Asks the processor for memory before it is needed. That is a hint: nothing is read, any address will do, and when the
/// garbage collector moves what lies there meanwhile, the hint was for nothing.
/// </summary>
internal static class CacheLines
{
    /// <summary>The lines that these 192 bytes lie in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask192(ref byte place)
    {
        Ask(ref place);
        Ask(ref Unsafe.Add(ref place, 64));
        Ask(ref Unsafe.Add(ref place, 128));
    }

    /// <summary>The lines that these 256 bytes lie in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask256(ref byte place)
    {
        Ask192(ref place);
        Ask(ref Unsafe.Add(ref place, 192));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Ask(ref byte place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}

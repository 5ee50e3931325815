using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>What the fast paths ask of single bytes of a text. A place outside of it holds nothing.</summary>
internal static class JsonBytes
{
    /// <summary>True when this byte stands here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> json, int at, byte wanted) => (uint)at < (uint)json.Length && json[at] == wanted;

    /// <summary>The first place from this one on without white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }
}

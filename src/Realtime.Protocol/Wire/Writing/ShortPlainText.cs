using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// A text as ids are: 16 to 64 characters of printable ASCII without quote and backslash, so that it is written as it stands. It is
/// held in vectors: what was looked at is what is written, even where memory of the caller changes meanwhile.
/// </summary>
/// <remarks>Four vectors hold any such length: the first two from its beginning, the last two up to its end. They overlap where it is shorter.</remarks>
internal readonly struct ShortPlainText
{
    private const int MinLength = 16;
    private const int MaxLength = 64;

    private readonly Vector128<byte> _first;
    private readonly Vector128<byte> _second;
    private readonly Vector128<byte> _third;
    private readonly Vector128<byte> _last;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ShortPlainText(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third, Vector128<byte> last, int length)
    {
        _first = first;
        _second = second;
        _third = third;
        _last = last;
        Length = length;
    }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>Writes the text where there is room for it: fewer bytes are an error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(Span<byte> destination)
    {
        // In bounds: the slice has seen that so many bytes are there, and they are at least a vector.
        ref byte first = ref MemoryMarshal.GetReference(destination[..Length]);
        _first.StoreUnsafe(ref first);
        _second.StoreUnsafe(ref first, Second(Length));
        _third.StoreUnsafe(ref first, Third(Length));
        _last.StoreUnsafe(ref first, Last(Length));
    }

    /// <summary>Takes a text. False for one that is shorter or longer, or not plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(string text, out ShortPlainText plain)
    {
        if (!Vector128.IsHardwareAccelerated || text.Length is < MinLength or > MaxLength)
        {
            plain = default;
            return false;
        }

        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        int length = text.Length;
        plain = new(Narrow(ref first, 0), Narrow(ref first, Second(length)), Narrow(ref first, Third(length)), Narrow(ref first, Last(length)), length);
        return plain.IsPlain;
    }

    /// <summary>The same for UTF-8; what is absent is shorter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ReadOnlySpan<byte> text, out ShortPlainText plain)
    {
        if (!Vector128.IsHardwareAccelerated || text.Length is < MinLength or > MaxLength)
        {
            plain = default;
            return false;
        }

        ref byte first = ref MemoryMarshal.GetReference(text);
        int length = text.Length;
        plain = new(
            Vector128.LoadUnsafe(ref first),
            Vector128.LoadUnsafe(ref first, Second(length)),
            Vector128.LoadUnsafe(ref first, Third(length)),
            Vector128.LoadUnsafe(ref first, Last(length)),
            length);
        return plain.IsPlain;
    }

    private bool IsPlain => (IsUnusual(_first) | IsUnusual(_second) | IsUnusual(_third) | IsUnusual(_last)) == Vector128<byte>.Zero;

    private static nuint Second(int length) => (nuint)(uint)Math.Min(Vector128<byte>.Count, length - Vector128<byte>.Count);

    private static nuint Third(int length) => (nuint)(uint)Math.Max(0, length - (2 * Vector128<byte>.Count));

    private static nuint Last(int length) => (nuint)(uint)(length - Vector128<byte>.Count);

    /// <summary>Sixteen characters as bytes; one beyond Latin-1 becomes 0xFF, which is not plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(ref ushort characters, nuint at) =>
        Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref characters, at), Vector128.LoadUnsafe(ref characters, at + (nuint)Vector128<ushort>.Count));

    // As signed bytes, control characters and everything from 0x80 on are below the space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> IsUnusual(Vector128<byte> text) =>
        Vector128.LessThan(text.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte()
            | Vector128.Equals(text, Vector128.Create((byte)'"'))
            | Vector128.Equals(text, Vector128.Create((byte)'\\'));
}

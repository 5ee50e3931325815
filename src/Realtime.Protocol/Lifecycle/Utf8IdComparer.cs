using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Lets a dictionary keyed by string be asked with the UTF-8 bytes of a message, so that finding an id allocates nothing. Equal means the same bytes; nothing is normalised.
/// </summary>
internal sealed class Utf8IdComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly Utf8IdComparer Instance = new();

    // Longer ids than any service makes; beyond it the string is encoded on the heap.
    private const int StackLimit = 256;

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => alternate.SequenceEqual(Utf8Of(other, stackalloc byte[StackLimit]));

    public int GetHashCode([DisallowNull] string text) => GetHashCode(Utf8Of(text, stackalloc byte[StackLimit]));

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        HashCode hash = default;
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);

    private static ReadOnlySpan<byte> Utf8Of(string text, Span<byte> buffer) => Encoding.UTF8.TryGetBytes(text, buffer, out int length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
}

using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>The words that the machine keeps of a fact.</summary>
internal static class FactText
{
    /// <summary>The text, or null when the fact left it out.</summary>
    public static string? OrNull(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8);
}

namespace Realtime.Protocol;

/// <summary>The first bytes by which a picture's file is known. A table; it looks at nothing behind them.</summary>
internal static class ImageSignature
{
    /// <summary>Refuses what is no picture of the kind that it says.</summary>
    /// <exception cref="ArgumentException">The message says what was expected and what the bytes are.</exception>
    public static void ThrowIfOther(ReadOnlySpan<byte> bytes, string mediaType)
    {
        string? found = KindOf(bytes);
        if (mediaType is not ("image/png" or "image/jpeg" or "image/webp" or "image/gif"))
        {
            throw new ArgumentException("The service takes image/png, image/jpeg, image/webp and image/gif.", nameof(mediaType));
        }

        if (found != mediaType)
        {
            throw new ArgumentException($"The bytes are not those of {mediaType}: {(bytes.IsEmpty ? "there are none" : found is null ? "they are those of no picture that the service takes" : $"they are those of {found}")}. Give the file as it is, not base64.", nameof(bytes));
        }
    }

    /// <summary>The bytes begin as a picture of this kind does.</summary>
    public static bool IsOf(ReadOnlySpan<byte> bytes, string mediaType) => KindOf(bytes) == mediaType;

    private static string? KindOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? "image/gif"
        : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;
}

using System.Text;

namespace Realtime.Protocol.Transport;

/// <summary>What RFC 6455 lets a close frame carry: section 7.4 for the codes, section 5.5 for the length.</summary>
internal static class CloseStatus
{
    // 125 bytes of a control frame, less two for the code.
    private const int MaxDescriptionBytes = 123;

    public static void ThrowIfNotSendable(int statusCode)
    {
        if (statusCode is < 1000 or > 4999 or 1004 or 1005 or 1006 or 1015)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode,
                "A close frame carries a code from 1000 to 4999, except 1004, 1005, 1006 and 1015, which are never sent.");
        }
    }

    public static string Cut(string description)
    {
        if (Encoding.UTF8.GetByteCount(description) <= MaxDescriptionBytes)
        {
            return description;
        }

        Span<byte> utf8 = stackalloc byte[MaxDescriptionBytes];
        Encoding.UTF8.GetEncoder().Convert(description, utf8, flush: false, out int chars, out _, out _);
        return description[..chars];
    }
}

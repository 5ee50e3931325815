using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Realtime.Protocol.Testing.Hosting.Frames;

/// <summary>The codes of goodbyes that the host uses by itself (RFC 6455, 7.4).</summary>
internal static class CloseCode
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int NotText = 1003;
    public const int None = 1005;
    public const int NotUtf8 = 1007;
    public const int Policy = 1008;
    public const int TooLarge = 1009;
}

/// <summary>The payload of a goodbye: a code and a reason, or nothing.</summary>
internal static class CloseFrame
{
    /// <summary>A control frame holds 125 bytes, and two of them are the code.</summary>
    public const int LongestReason = 123;

    /// <summary>A client's goodbye, or what is wrong with it.</summary>
    public static ClientFrame Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0)
        {
            return new(ClientFrameKind.Close, default, CloseCode.None);
        }

        if (payload.Length == 1)
        {
            return new FrameFault(CloseCode.ProtocolError, "A goodbye has a code of two bytes, or nothing.").ToFrame();
        }

        int code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        return !IsSendable(code) ? new FrameFault(CloseCode.ProtocolError, $"A goodbye must not have the code {code}.").ToFrame()
            : !Utf8.IsValid(payload[2..]) ? new FrameFault(CloseCode.NotUtf8, "The reason of a goodbye is not UTF-8.").ToFrame()
            : new(ClientFrameKind.Close, payload[2..], code);
    }

    /// <summary>The server's goodbye. The code may be one that nobody may send: that is a fault which a test asks for.</summary>
    public static byte[] Write(int code, string reason)
    {
        if (code == CloseCode.None)
        {
            return [];
        }

        byte[] words = Encoding.UTF8.GetBytes(reason);
        int length = Math.Min(words.Length, LongestReason);
        while (length < words.Length && (words[length] & 0xC0) == 0x80)
        {
            length--;
        }

        byte[] payload = new byte[2 + length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        words.AsSpan(0, length).CopyTo(payload.AsSpan(2));
        return payload;
    }

    private static bool IsSendable(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}

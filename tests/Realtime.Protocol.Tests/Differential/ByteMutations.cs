using System.Text;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>What can happen to the bytes of a message.</summary>
internal static class ByteMutations
{
    private static readonly Func<Random, byte[], byte[]>[] All =
    [
        static (random, message) => Set(message, At(random, message), static (value, by) => (byte)(value ^ (1 << (by % 8))), random.Next()),
        static (random, message) => Set(message, At(random, message), static (_, by) => (byte)by, random.Next(256)),
        static (random, message) => Set(message, At(random, message), static (_, by) => Marks[by % Marks.Length], random.Next()),
        static (random, message) => Cut(message, At(random, message), random.Next(1, 4)),
        static (random, message) => Cut(message, At(random, message), message.Length),
        static (random, message) => Insert(message, random.Next(message.Length + 1), [Any(random, " \n\r\t"u8)]),
        static (random, message) => Insert(message, At(random, message), [Any(random, Marks)]),
        static (random, message) => Insert(message, At(random, message), message.AsSpan(At(random, message), 1)),
        static (random, message) => Insert(message, At(random, message), Any<byte[]>(random, [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xEF, 0xBB, 0xBF])),
        static (random, message) => Insert(message, message.Length, Encoding.ASCII.GetBytes(Any<string>(random, " ", "\n\n", "}", "x", "\0", ",", "{}"))),
        static (random, message) => Insert(message, 0, Encoding.ASCII.GetBytes(Any<string>(random, " ", "\n\n", "{", "x", "["))),
        static (random, message) => SpaceOut(random, message),
    ];

    public static byte[] Apply(Random random, byte[] message) => message.Length == 0 ? message : All[random.Next(All.Length)](random, message);

    /// <summary>The bytes that mean something in JSON or in base64.</summary>
    private static ReadOnlySpan<byte> Marks => "{}[]\":,\\ \n0-eE.=\0tn/+"u8;

    private static T Any<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static int At(Random random, byte[] message) => random.Next(message.Length);

    private static byte[] Set(byte[] message, int at, Func<byte, int, byte> change, int by)
    {
        message[at] = change(message[at], by);
        return message;
    }

    private static byte[] Cut(byte[] message, int at, int length) => [.. message.AsSpan(0, at), .. message.AsSpan(Math.Min(at + length, message.Length))];

    private static byte[] Insert(byte[] message, int at, ReadOnlySpan<byte> bytes) => [.. message.AsSpan(0, at), .. bytes, .. message.AsSpan(at)];

    /// <summary>White space behind some of the marks, those inside strings included.</summary>
    private static byte[] SpaceOut(Random random, byte[] message)
    {
        var spaced = new List<byte>(message.Length * 2);
        foreach (byte value in message)
        {
            spaced.Add(value);
            if ((value is (byte)':' or (byte)',' or (byte)'{') && random.Next(3) == 0)
            {
                spaced.Add(Any(random, " \n\r\t"u8));
            }
        }

        return [.. spaced];
    }
}

using System.Text;
using Realtime.Protocol.Testing.Hosting.Frames;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting.Frames;

/// <summary>What a client's bytes mean, however they are cut: the rules of RFC 6455 for a server, one by one and at random.</summary>
public class FrameReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void EveryLength_IsRead_InOnePieceAndByteByByte(int length)
    {
        byte[] payload = Text(length);
        byte[] frame = RawClient.Frame(0x81, payload);

        Assert.Equal([$"Text {Encoding.UTF8.GetString(payload)}"], Read(frame, frame.Length));
        Assert.Equal([$"Text {Encoding.UTF8.GetString(payload)}"], Read(frame, length > 100_000 ? 777 : 1));
    }

    [Fact]
    public void FragmentsWithControlFramesBetween_AreOneMessage_BehindThem()
    {
        byte[] bytes = [.. RawClient.Frame(0x01, "{\"a\":"u8), .. RawClient.Frame(0x89, "one"u8), .. RawClient.Frame(0x00, ""u8), .. RawClient.Frame(0x8A, ""u8), .. RawClient.Frame(0x80, "\"ä\"}"u8), .. RawClient.Frame(0x81, "{}"u8)];

        for (int cut = 1; cut <= bytes.Length; cut++)
        {
            Assert.Equal(["Ping one", "Pong ", "Text {\"a\":\"ä\"}", "Text {}"], Read(bytes, cut));
        }
    }

    [Fact]
    public void Goodbyes_AreRead_WithAndWithoutACode()
    {
        Assert.Equal(["Close 1005 "], Read(RawClient.Frame(0x88, ""u8), 1));
        Assert.Equal(["Close 1000 bye"], Read(RawClient.Frame(0x88, [0x03, 0xE8, .. "bye"u8]), 1));
        Assert.Equal(["Close 4999 "], Read(RawClient.Frame(0x88, [0x13, 0x87]), 1));
    }

    [Theory]
    [InlineData("not masked", 1002, "8102 7B7D")]
    [InlineData("first reserved bit", 1002, "C182 00000000 7B7D")]
    [InlineData("third reserved bit", 1002, "9182 00000000 7B7D")]
    [InlineData("opcode 3", 1002, "8380 00000000")]
    [InlineData("opcode 11", 1002, "8B80 00000000")]
    [InlineData("binary", 1003, "8282 00000000 7B7D")]
    [InlineData("fragmented ping", 1002, "0980 00000000")]
    [InlineData("long ping", 1002, "89FE 007E")]
    [InlineData("continuation of nothing", 1002, "8080 00000000")]
    [InlineData("message within a message", 1002, "0181 00000000 7B 8181 00000000 7D")]
    [InlineData("binary within a message", 1003, "0181 00000000 7B 8281 00000000 7D")]
    [InlineData("length of two bytes that fits one", 1002, "81FE 007D 00000000")]
    [InlineData("length of eight bytes that fits two", 1002, "81FF 000000000000FFFF 00000000")]
    [InlineData("negative length", 1002, "81FF 8000000000000000 00000000")]
    [InlineData("too large", 1009, "81FF 0000000000100001 00000000")]
    [InlineData("too large for any memory", 1009, "81FF 7FFFFFFFFFFFFFFF 00000000")]
    [InlineData("text that is not UTF-8", 1007, "8182 00000000 C328")]
    [InlineData("text that ends within a character", 1007, "8181 00000000 C3")]
    [InlineData("surrogate", 1007, "8183 00000000 EDA080")]
    [InlineData("goodbye of one byte", 1002, "8881 00000000 03")]
    [InlineData("goodbye with 1005", 1002, "8882 00000000 03ED")]
    [InlineData("goodbye with 1004", 1002, "8882 00000000 03EC")]
    [InlineData("goodbye with 999", 1002, "8882 00000000 03E7")]
    [InlineData("goodbye with 5000", 1002, "8882 00000000 1388")]
    [InlineData("goodbye that is not UTF-8", 1007, "8883 00000000 03E8 FF")]
    public void WhatIsWrong_HasItsCode_HoweverItIsCut(string name, int code, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        for (int cut = 1; cut <= bytes.Length; cut++)
        {
            string last = Read(bytes, cut)[^1];
            Assert.True(last.StartsWith($"Broken {code} ", StringComparison.Ordinal), $"{name}, {cut}: {last}");
        }
    }

    [Fact]
    public void MessageInFragments_HasTheSameLimits()
    {
        byte[] half = Text(Most / 2);
        byte[] within = [.. RawClient.Frame(0x01, half), .. RawClient.Frame(0x80, half)];
        byte[] above = [.. RawClient.Frame(0x01, half), .. RawClient.Frame(0x00, half), .. RawClient.Frame(0x80, "x"u8)];
        byte[] many = [.. RawClient.Frame(0x01, ""u8), .. Enumerable.Repeat(RawClient.Frame(0x00, ""u8), MostFragments).SelectMany(static frame => frame)];

        Assert.StartsWith("Text ", Assert.Single(Read(within, within.Length)), StringComparison.Ordinal);
        Assert.StartsWith("Broken 1009 ", Assert.Single(Read(above, 50_000)), StringComparison.Ordinal);
        Assert.StartsWith("Broken 1008 ", Assert.Single(Read(many, many.Length)), StringComparison.Ordinal);
    }

    [Fact]
    public void RandomMessages_ComeBack_HoweverTheyAreFragmentedAndCut()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bytes = new MemoryStream();
            var expected = new List<string>();
            for (int message = 0; message < 5; message++)
            {
                byte[] payload = Text(random.Next(3) == 0 ? random.Next(70_000) : random.Next(300));
                int at = 0;
                do
                {
                    int length = random.Next(4) == 0 ? payload.Length - at : random.Next(payload.Length - at + 1);
                    bool isLast = at + length == payload.Length;
                    bytes.Write(RawClient.Frame((isLast ? 0x80 : 0) | (at == 0 && bytes.Length >= 0 && !Continues(expected) ? 0x01 : 0x00), payload.AsSpan(at, length)));
                    expected.Add(isLast ? $"Text {Encoding.UTF8.GetString(payload)}" : "…");
                    at += length;
                    if (isLast)
                    {
                        break;
                    }

                    if (random.Next(3) == 0)
                    {
                        bytes.Write(RawClient.Frame(0x89, "p"u8));
                        expected.Insert(expected.Count - 1, "Ping p");
                    }
                }
                while (true);
            }

            Assert.Equal(expected.Where(static line => line != "…"), Read(bytes.ToArray(), () => random.Next(1, 5_000)));
        }

        static bool Continues(List<string> expected) => expected.Count > 0 && expected[^1] == "…";
    }

    [Fact]
    public void RandomBytes_NeverThrow()
    {
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = RawClient.Frame(0x81, Text(random.Next(200)));
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 20))] = (byte)random.Next(256);
            }

            Read([.. bytes, .. bytes], () => random.Next(1, 50));
        }
    }

    private const int Most = 1024 * 1024;
    private const int MostFragments = 100;

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 26)))];

    private static List<string> Read(byte[] bytes, int cut) => Read(bytes, () => cut);

    private static List<string> Read(byte[] bytes, Func<int> cut)
    {
        using var reader = new FrameReader(Most, MostFragments);
        var found = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(cut(), bytes.Length - at);
            Span<byte> piece = bytes[at..(at + length)];
            at += length;
            while (reader.TryRead(ref piece, out ClientFrame frame))
            {
                string code = frame.Kind is ClientFrameKind.Close or ClientFrameKind.Broken ? $" {frame.CloseCode}" : "";
                found.Add($"{frame.Kind}{code} {(frame.Kind == ClientFrameKind.Broken ? frame.Fault : Encoding.UTF8.GetString(frame.Payload))}");
                if (frame.Kind == ClientFrameKind.Broken)
                {
                    return found;
                }
            }
        }

        return found;
    }
}

using System.Buffers;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Every way to decode a text against RFC 4648 section 4 spelled out: alphabet, padding where it is due, no white space,
/// no bits behind the last byte. All ways accept the same texts and give the same bytes.
/// </summary>
public class Base64StrictnessTests
{
    [Fact]
    public void WhiteSpace_IsRefusedAtEveryPlace()
    {
        foreach (int size in new[] { 1, 3, 5, 24, 48, 97, 192, 384, 400 })
        {
            string text = Convert.ToBase64String(new byte[size]);
            foreach (string space in new[] { " ", "\t", "\r", "\n", "    ", "\r\n", "\u000b", "\u00a0" })
            {
                for (int place = 0; place <= text.Length; place++)
                {
                    AssertEveryWayIsRight(text.Insert(place, space));
                }
            }
        }
    }

    [Fact]
    public void WhiteSpaceInsteadOfCharacters_IsRefusedAtEveryPlace()
    {
        // The length stays a multiple of four, so only the bytes themselves tell.
        string text = Convert.ToBase64String(new byte[300]);
        for (int length = 1; length <= 8; length++)
        {
            for (int place = 0; place + length <= text.Length; place++)
            {
                AssertEveryWayIsRight(text.Remove(place, length).Insert(place, new string(' ', length)));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(128)]
    [InlineData(260)]
    public void BitsBehindTheLastByte_AreRefused(int charactersBefore)
    {
        string before = new('Q', charactersBefore);
        foreach (char last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        {
            AssertEveryWayIsRight($"{before}A{last}==");
            AssertEveryWayIsRight($"{before}/{last}==");
            AssertEveryWayIsRight($"{before}Az{last}=");
            AssertEveryWayIsRight($"{before}//{last}=");
        }
    }

    [Fact]
    public void EveryShortText_IsAcceptedByAllWaysOrByNone()
    {
        const string Tried = "AB/=+ -_z\n";
        string[] texts = [""];
        for (int length = 1; length <= 5; length++)
        {
            texts = [.. texts.SelectMany(static text => Tried.Select(character => text + character))];
            Array.ForEach(texts, static text => AssertEveryWayIsRight(text, pieces: false));
        }
    }

    [Fact]
    public void RandomFaults_AreFoundByAllWaysOrByNone()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int i = 0; i < Thoroughness.Of(20_000); i++)
        {
            byte[] audio = new byte[random.Next(0, 300)];
            random.NextBytes(audio);
            var text = new StringBuilder(Convert.ToBase64String(audio));
            for (int fault = random.Next(0, 3); fault > 0 && text.Length > 0; fault--)
            {
                int place = random.Next(text.Length);
                _ = random.Next(4) switch
                {
                    0 => text.Remove(place, 1),
                    1 => text.Insert(place, "= -_A/"[random.Next(6)]),
                    2 => text.Append('='),
                    _ => text.Replace(text[place], (char)random.Next(0x20, 0x80), place, 1),
                };
            }

            AssertEveryWayIsRight(text.Replace("\\", "").Replace("\"", "").ToString(), $"seed {seed}");
        }
    }

    /// <summary>Two seams at every place, also at the same one, so that a quantum may lie in three pieces and a piece may be empty.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("TWFuTWE=")]
    [InlineData("TWFuTWFuTQ==")]
    [InlineData("TWFuTWFuTR==")]
    [InlineData("TWFuTWFuTW=")]
    [InlineData("TWFuTWFuTWFuT")]
    [InlineData("TWFuTQ==TWFu")]
    [InlineData("TW Fu")]
    [InlineData("TWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFuTWFu+/+/TQ==")]
    public void TextInPieces_IsReadAsInOne_WhereverTheyMeet(string text)
    {
        // What follows the quote may look like more of the text.
        byte[] message = Encoding.UTF8.GetBytes($"{{\"{text}\"AAAA}}");
        byte[]? expected = Expected(text);
        foreach (int room in new[] { expected?.Length ?? 64, 128, Math.Max((expected?.Length ?? 1) - 1, 0) })
        {
            byte[] destination = new byte[room];
            for (int first = 2; first <= message.Length; first++)
            {
                for (int second = first; second <= message.Length; second++)
                {
                    ReadOnlySequence<byte> sequence = Segments.Of(message.AsMemory(..first), message.AsMemory(first..second), message.AsMemory(second..));
                    bool accepted = Base64Segments.TryDecodeToQuote(in sequence, 2, destination, out SequencePosition quote, out int written);
                    Assert.Equal(expected is not null && expected.Length <= room, accepted);
                    if (accepted)
                    {
                        Assert.True(expected.AsSpan().SequenceEqual(destination.AsSpan(0, written)), $"\"{text}\" cut at {first} and {second}");
                        Assert.Equal("\"AAAA}", Encoding.UTF8.GetString(sequence.Slice(quote)));
                    }
                }
            }
        }
    }

    private static void AssertEveryWayIsRight(string text, string where = "", bool pieces = true)
    {
        byte[] message = Encoding.UTF8.GetBytes($"\"{text}\"");
        Slot slot = Slot.Text(1, message.Length - 2, escaped: false);
        byte[]? expected = Expected(text);
        byte[] destination = new byte[expected?.Length ?? message.Length];

        Check("IsValid", Base64Text.IsValid(message, slot), expected);
        Check("TryDecode", Base64Text.TryDecode(message, slot, destination, out int written), destination.AsSpan(0, written));
        Check("TryDecodeToQuote", Base64Text.TryDecodeToQuote(message.AsSpan(1), destination, out int length, out written), destination.AsSpan(0, written));
        Assert.True(expected is null || length == message.Length - 2);
        if (!pieces)
        {
            return;
        }

        for (int size = 1; size < message.Length; size = (size * 2) + 1)
        {
            ReadOnlySequence<byte> sequence = Segments.Every(size, message);
            Check($"pieces of {size}", Base64Segments.TryDecodeToQuote(in sequence, 1, destination, out SequencePosition quote, out written), destination.AsSpan(0, written));
            Assert.True(expected is null || sequence.Slice(quote).Length == 1);
        }

        void Check(string way, bool accepted, ReadOnlySpan<byte> bytes) =>
            Assert.True(accepted == expected is not null && (expected is null || bytes.SequenceEqual(expected)), $"{way} is wrong about \"{text}\" {where}");
    }

    /// <summary>Base64 bit by bit; null for anything else.</summary>
    private static byte[]? Expected(string text)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        string characters = text.EndsWith("==", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('=') ? text[..^1] : text;
        var bytes = new List<byte>();
        int bits = 0;
        int count = 0;
        foreach (char character in characters)
        {
            int value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            bits = (bits << 6) | value;
            count += 6;
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return text.Length % 4 == 0 && bits == 0 && count == 2 * (text.Length - characters.Length) ? [.. bytes] : null;
    }
}

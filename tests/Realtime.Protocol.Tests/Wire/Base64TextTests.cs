using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class Base64TextTests
{
    [Theory]
    [InlineData("A")]
    [InlineData("AA")]
    [InlineData("AAA")]
    [InlineData("AAAAA")]
    [InlineData("AA=A")]
    [InlineData("A===")]
    [InlineData("====")]
    [InlineData("AAA=AAAA")]
    [InlineData("AB==")]
    [InlineData("AAB=")]
    [InlineData("AA AA===")]
    [InlineData("AAAA AAA")]
    [InlineData("    ")]
    [InlineData("AA-_")]
    [InlineData("AA\\u00e9A")]
    [InlineData("AAA=\\u0041AAA")]
    [InlineData("AA\\nA")]
    public void Fault_IsRefusedOnEveryPath(string text)
    {
        (byte[] message, Slot slot) = Quoted(text);
        Assert.False(Base64Text.IsValid(message, slot));
        Assert.False(Base64Text.TryDecode(message, slot, new byte[64], out _));

        byte[] delta = Encoding.UTF8.GetBytes($$"""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"{{text}}"}""");
        Assert.False(ServerEvent.TryRead(delta, out _, out ReadError error));
        Assert.Equal(ReadErrorReason.InvalidBase64, error.Reason);
        Assert.Equal("delta", error.Path);
        Assert.False(new ServerEventReader().TryRead(delta, new byte[64], out _, out error));
        Assert.Equal(ReadErrorReason.InvalidBase64, error.Reason);
    }

    [Fact]
    public void EverySize_DecodesToWhatWasEncoded()
    {
        var random = new Random(Seeds.Next());
        for (int size = 0; size <= 2_000; size++)
        {
            byte[] audio = new byte[size];
            random.NextBytes(audio);
            (byte[] message, Slot slot) = Quoted(Convert.ToBase64String(audio));
            Assert.True(Base64Text.IsValid(message, slot));
            Assert.Equal(size, Base64Text.DecodedLength(message, slot));
            byte[] decoded = new byte[size];
            Assert.True(Base64Text.TryDecode(message, slot, decoded, out int written));
            Assert.Equal(size, written);
            Assert.Equal(audio, decoded);
        }
    }

    [Fact]
    public void EscapedBase64_DecodesToWhatWasEncoded()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int size = 0; size <= 1_700; size += 17)
        {
            byte[] audio = new byte[size];
            random.NextBytes(audio);
            var text = new StringBuilder();
            foreach (char character in Convert.ToBase64String(audio))
            {
                text.Append(character == '/' && random.Next(2) == 0 ? "\\/" : random.Next(5) == 0 || character == '+' ? $"\\u{(int)character:X4}" : character.ToString());
            }

            (byte[] message, Slot slot) = Quoted(text.ToString());
            Assert.True(Base64Text.IsValid(message, slot), $"seed {seed}, size {size}");
            Assert.Equal(size, Base64Text.DecodedLength(message, slot));
            byte[] decoded = new byte[size];
            Assert.True(Base64Text.TryDecode(message, slot, decoded, out int written));
            Assert.Equal(size, written);
            Assert.Equal(audio, decoded);
        }
    }

    [Fact]
    public void AudioInPieces_IsEncodedAsOneText()
    {
        var random = new Random(Seeds.Next());
        for (int i = 0; i < 2_000; i++)
        {
            byte[] audio = new byte[random.Next(0, 60)];
            random.NextBytes(audio);
            var pieces = new List<ReadOnlyMemory<byte>> { ReadOnlyMemory<byte>.Empty };
            for (int at = 0; at < audio.Length;)
            {
                int length = Math.Min(random.Next(0, 8), audio.Length - at);
                pieces.Add(audio.AsMemory(at, length));
                at += length;
            }

            byte[] encoded = new byte[(audio.Length + 2) / 3 * 4];
            Assert.True(Base64Text.TryEncode(new AudioBytes(Segments.Of([.. pieces])), encoded));
            Assert.Equal(Convert.ToBase64String(audio), Encoding.ASCII.GetString(encoded));
        }
    }

    /// <summary>What the memory of a pipe holds when it was given back too early.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    public void PiecesOfAnotherLengthThanWasCounted_AreRefused(int counted)
    {
        Assert.False(Base64Text.TryEncode(new AudioBytes(Segments.Every(4, new byte[10])), new byte[counted]));
        Assert.True(Base64Text.TryEncode(new AudioBytes(Segments.Every(4, new byte[10])), new byte[16]));
    }

    /// <summary>Python writes a space behind each comma. The platform passes over it, and its work on the string must count all the same.</summary>
    [Fact]
    public void SpaceBehindTheString_DoesNotCostThePlatformsWork()
    {
        byte[] text = Encoding.UTF8.GetBytes(new string('A', 400) + "\", \"event_id\": \"event_1\"}");
        Assert.Equal(400, Base64Blocks.DecodeByPlatform(text, new byte[text.Length]));
    }

    private static (byte[] Message, Slot Slot) Quoted(string text)
    {
        byte[] message = Encoding.UTF8.GetBytes($"\"{text}\"");
        Slot slot = default;
        Assert.True(new JsonCursor(message).ReadText(ref slot, nullable: false));
        return (message, slot);
    }
}

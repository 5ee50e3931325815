using System.Buffers;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class JsonTextTests
{
    [Fact]
    public void RandomStrings_AreReadBackByThePlatform()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int i = 0; i < Thoroughness.Of(50_000); i++)
        {
            string text = RandomText(random);
            byte[] json = Write(text);
            Assert.True(JsonSerializer.Deserialize<string>(json) == text, $"seed {seed}, run {i}");
            Assert.Equal(json, Write(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void RandomStrings_AreReadBackByOurViews()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText(random);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(text);
            Slot slot = default;
            Assert.True(new JsonCursor(json).ReadText(ref slot, nullable: false));
            var view = new TextView(json, slot);
            byte[] utf8 = new byte[view.MaxLength];
            char[] utf16 = new char[view.MaxLength];
            Assert.True(view.TryCopyTo(utf8, out int bytes));
            Assert.True(view.TryCopyTo(utf16, out int characters));
            string because = $"seed {seed}, run {i}";
            Assert.True(view.ToString() == text, because);
            Assert.True(Encoding.UTF8.GetString(utf8, 0, bytes) == text, because);
            Assert.True(new string(utf16, 0, characters) == text, because);
            Assert.True(view.ValueEquals(text) && view.ValueEquals(Encoding.UTF8.GetBytes(text)), because);
            Assert.False(view.ValueEquals(text + "x"), because);
            if (bytes > 0)
            {
                Assert.False(view.TryCopyTo(utf8.AsSpan(0, bytes - 1), out int none), because);
                Assert.Equal(0, none);
                Assert.False(view.TryCopyTo(utf16.AsSpan(0, characters - 1), out none), because);
                Assert.Equal(0, none);
            }
        }
    }

    [Theory]
    [InlineData("", 0xD83D, "")]
    [InlineData("a", 0xDE00, "b")]
    [InlineData("\"", 0xD83D, "\"")]
    [InlineData("é", 0xD83D, "é")]
    public void LoneSurrogate_IsRefusedAndNothingIsWritten(string before, int surrogate, string after)
    {
        string text = before + (char)surrogate + after;
        var output = new ArrayBufferWriter<byte>();
        var cancel = new ResponseCancel { EventId = "e", ResponseId = text };
        Assert.Throws<ArgumentException>(() => EventWriter.Write(output, cancel));
        Assert.Equal(0, output.WrittenCount);
    }

    /// <summary>An encoder makes U+FFFD of what it can't encode, and that is another text.</summary>
    [Theory]
    [InlineData("x\uFFFD", 0)]
    [InlineData("x\\uFFFD", 0)]
    [InlineData("x\uFFFD", 300)]
    public void TextWithALoneSurrogate_EqualsNoText(string text, int more)
    {
        string tail = new('y', more);
        byte[] json = Encoding.UTF8.GetBytes($"\"{text}{tail}\"");
        Slot slot = default;
        Assert.True(new JsonCursor(json).ReadText(ref slot, nullable: false));
        var view = new TextView(json, slot);
        Assert.True(view.ValueEquals("x\uFFFD" + tail));
        Assert.False(view.ValueEquals("x" + (char)0xD800 + tail));
        Assert.False(view.ValueEquals("x" + (char)0xDC00 + tail));
    }

    [Fact]
    public void InvalidUtf8_IsRefusedAndNothingIsWritten()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentException>(() => EventWriter.Write(output, new ResponseCancel { ResponseId = new byte[] { 0xC3 } }));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-1e300)]
    [InlineData(5e-324)]
    [InlineData(double.MaxValue)]
    [InlineData(123456789)]
    public void Numbers_AreWrittenSoThatTheyReadBackTheSame(double value)
    {
        byte[] digits = new byte[JsonText.MaxNumberLength];
        int length = JsonText.Format(value, digits);
        Assert.Equal(value, JsonSerializer.Deserialize<double>(digits.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhatJsonHasNoNumberFor_IsRefused(double value) =>
        Assert.Throws<ArgumentException>(() => JsonText.Format(value, new byte[JsonText.MaxNumberLength]));

    private static byte[] Write(Text text)
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(output, new ConversationItemDelete { ItemId = text });
        using JsonDocument document = JsonDocument.Parse(output.WrittenMemory);
        return Encoding.UTF8.GetBytes(document.RootElement.GetProperty("item_id").GetRawText());
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (int n = random.Next(0, 40); n > 0; n--)
        {
            switch (random.Next(6))
            {
                case 0:
                    text.Append((char)random.Next(0, 0x20));
                    break;
                case 1:
                    text.Append(random.Next(2) == 0 ? '"' : '\\');
                    break;
                case 2:
                    text.Append(new Rune(random.Next(0x10000, 0x110000)).ToString());
                    break;
                case 3:
                    text.Append((char)random.Next(0x80, 0xD800));
                    break;
                default:
                    text.Append((char)random.Next(0x20, 0x7F));
                    break;
            }
        }

        return text.ToString();
    }
}

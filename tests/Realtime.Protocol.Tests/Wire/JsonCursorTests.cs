using System.Text;
using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class JsonCursorTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData(" { \"a\" : [ 1 , -0 , 0.5 , 1e3 , 1E-3 , -1.5e+7 , true , false , null , \"\" ] } ")]
    [InlineData("\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\"")]
    [InlineData("\"\u00e9\ud83d\ude00\"")]
    [InlineData("0")]
    public void ValidJson_IsRead(string json) => Assert.Equal(ReadErrorReason.None, Read(json).Reason);

    [Theory]
    [InlineData("", ReadErrorReason.Truncated, 0)]
    [InlineData("{", ReadErrorReason.Truncated, 1)]
    [InlineData("[1", ReadErrorReason.Truncated, 2)]
    [InlineData("[1,]", ReadErrorReason.UnexpectedByte, 3)]
    [InlineData("{\"a\":1,}", ReadErrorReason.UnexpectedByte, 7)]
    [InlineData("{a:1}", ReadErrorReason.UnexpectedByte, 1)]
    [InlineData("{\"a\" 1}", ReadErrorReason.UnexpectedByte, 5)]
    [InlineData("{\"a\":}", ReadErrorReason.UnexpectedByte, 5)]
    [InlineData("tru", ReadErrorReason.Truncated, 3)]
    [InlineData("trux", ReadErrorReason.UnexpectedByte, 3)]
    [InlineData("nul", ReadErrorReason.Truncated, 3)]
    [InlineData("01", ReadErrorReason.TrailingData, 1)]
    [InlineData("-", ReadErrorReason.Truncated, 1)]
    [InlineData("-x", ReadErrorReason.UnexpectedByte, 1)]
    [InlineData("+1", ReadErrorReason.UnexpectedByte, 0)]
    [InlineData("1.", ReadErrorReason.Truncated, 2)]
    [InlineData("1.e", ReadErrorReason.UnexpectedByte, 2)]
    [InlineData("1e+", ReadErrorReason.Truncated, 3)]
    [InlineData(".5", ReadErrorReason.UnexpectedByte, 0)]
    [InlineData("NaN", ReadErrorReason.UnexpectedByte, 0)]
    [InlineData("'a'", ReadErrorReason.UnexpectedByte, 0)]
    [InlineData("{} {}", ReadErrorReason.TrailingData, 3)]
    [InlineData("[1]\u00a0", ReadErrorReason.TrailingData, 3)]
    [InlineData("\"a", ReadErrorReason.Truncated, 2)]
    [InlineData("\"a\nb\"", ReadErrorReason.ControlCharacter, 2)]
    [InlineData("\"a\0b\"", ReadErrorReason.ControlCharacter, 2)]
    [InlineData("\"\\x\"", ReadErrorReason.InvalidEscape, 1)]
    [InlineData("\"\\", ReadErrorReason.Truncated, 1)]
    [InlineData("\"\\u12", ReadErrorReason.Truncated, 1)]
    [InlineData("\"\\u12\"", ReadErrorReason.InvalidEscape, 1)]
    [InlineData("\"\\u12g4\"", ReadErrorReason.InvalidEscape, 1)]
    [InlineData("\"\\ud83d\"", ReadErrorReason.LoneSurrogate, 1)]
    [InlineData("\"\\ude00\"", ReadErrorReason.LoneSurrogate, 1)]
    [InlineData("\"\\ud83d\\u0041\"", ReadErrorReason.LoneSurrogate, 1)]
    [InlineData("\"\\ud83dx\"", ReadErrorReason.LoneSurrogate, 1)]
    [InlineData("/* no */ 1", ReadErrorReason.UnexpectedByte, 0)]
    public void InvalidJson_IsRefusedAtItsPlace(string json, ReadErrorReason reason, int offset)
    {
        ReadError error = Read(json);
        Assert.Equal(reason, error.Reason);
        Assert.Equal(offset, error.Offset);
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xFF, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xC0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xED, 0xA0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xE2, 0x82, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xF5, 0x80, 0x80, 0x80, 0x22 })]
    public void InvalidUtf8_IsRefused(byte[] json)
    {
        var cursor = new JsonCursor(json);
        Assert.False(cursor.Skip());
        Assert.Equal(ReadErrorReason.InvalidUtf8, cursor.Error.Reason);
    }

    [Fact]
    public void NestingIsLimited()
    {
        Assert.Equal(ReadErrorReason.None, Read(new string('[', JsonCursor.MaxDepth) + new string(']', JsonCursor.MaxDepth)).Reason);
        ReadError error = Read(new string('[', JsonCursor.MaxDepth + 1) + new string(']', JsonCursor.MaxDepth + 1));
        Assert.Equal(ReadErrorReason.TooDeep, error.Reason);
        Assert.Equal(JsonCursor.MaxDepth, error.Offset);
    }

    [Fact]
    public void AMillionOpenBrackets_AreRefusedWithoutExhaustingTheStack() =>
        Assert.Equal(ReadErrorReason.TooDeep, Read(new string('[', 1_000_000)).Reason);

    [Theory]
    [InlineData("{\"a\":{\"b\":[1,{\"c\":x}]}}", "a.b[1].c")]
    [InlineData("{\"a\":1,\"b\":[[],[2,x]]}", "b[1][1]")]
    [InlineData("[x]", "[0]")]
    [InlineData("x", "")]
    [InlineData("{\"a\":}", "a")]
    [InlineData("{\"b\":{\"a\":1,\"c\":}}", "b.c")]
    [InlineData("{\"b\":{\"a\":1,}}", "b")]
    [InlineData("{\"a secret name\":x}", "*")]
    [InlineData("{\"sk-proj-4f9a8c77\":{\"a\":x}}", "*.a")]
    [InlineData("{\"\\u0061\":x}", "*")]
    public void AnError_NamesItsPathByKnownMembers(string json, string path)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        Assert.False(cursor.Skip() && cursor.End());
        Assert.Equal(path, cursor.ErrorNaming<FirstLetters>().Path);
    }

    [Fact]
    public void AnErrorInTextThatIsNoEvent_NamesNoMember() => Assert.Equal("*[0].*", Read("{\"a\":[{\"b\":x}]}").Path);

    [Fact]
    public void AnError_NeverQuotesContent()
    {
        ReadError error = Read("{\"transcript\":\"my password is swordfish\",\"x\":\"swordfish\\q\"}");
        Assert.Equal(ReadErrorReason.InvalidEscape, error.Reason);
        Assert.DoesNotContain("swordfish", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>On random small texts made of JSON's own characters, ours and the platform's reader agree on what is JSON.</summary>
    [Fact]
    public void RandomTexts_AreJudgedAsThePlatformJudgesThem()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"\\n\"", "\"", "\\", "1", "-1.5e3", "0", "1.", "true", "null", "fals", " ", "\"\\u0041\"", "\"é\""];
        for (int i = 0; i < Thoroughness.Of(200_000); i++)
        {
            var text = new StringBuilder();
            for (int n = random.Next(1, 9); n > 0; n--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            string json = text.ToString();
            Assert.True(IsJson(json) == (Read(json).Reason == ReadErrorReason.None), $"seed {seed}: {json}");
        }
    }

    private readonly struct FirstLetters : IMemberNames
    {
        public static bool Contains(ReadOnlySpan<byte> name) => name.Length == 1 && name[0] is (byte)'a' or (byte)'b' or (byte)'c';
    }

    private static bool IsJson(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadError Read(string json)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        return cursor.Skip() && cursor.End() ? default : cursor.Error;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting.Logs;

namespace Realtime.Protocol.Testing.Tests.Hosting.Logs;

public class EventLogLineTests
{
    [Fact]
    public void Event_StandsAsItWasOnTheWire() => Assert.Equal(
        """{"t_ms":12.3,"dir":"server","event":{ "type":"error" ,"x":1.50,"y":"\u00e9ü"}}""" + "\n",
        Line("""{ "type":"error" ,"x":1.50,"y":"\u00e9ü"}""", TimeSpan.FromMilliseconds(12.345)));

    [Fact]
    public void LineBreaks_BecomeSpaces() => Assert.Equal(
        """{"t_ms":0.0,"dir":"client","event":{  "type": "response.cancel" }}""" + "\n",
        Line("{\r\n\"type\": \"response.cancel\"\n}", sender: Speaker.Client));

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAAAAAA"}""", """{"type":"input_audio_buffer.append","audio":"","audio_bytes":6}""")]
    [InlineData("""{"audio":"AAAA","event_id":"e","type":"input_audio_buffer.append"}""", """{"audio":"","audio_bytes":3,"event_id":"e","type":"input_audio_buffer.append"}""")]
    [InlineData("""{"type":"response.output_audio.delta","delta":"AAA=","item_id":"i"}""", """{"type":"response.output_audio.delta","delta":"","delta_bytes":2,"item_id":"i"}""")]
    [InlineData("""{"type":"response.audio.delta","delta":"AAA="}""", """{"type":"response.audio.delta","delta":"","delta_bytes":2}""")]
    [InlineData("""{"type":"response.output_audio.delta","delta":"\u0041AA\u003d"}""", """{"type":"response.output_audio.delta","delta":"","delta_bytes":2}""")]
    [InlineData("""{"type":"response.output_audio.delta","delta":"not base64"}""", """{"type":"response.output_audio.delta","delta_bytes":null}""")]
    [InlineData("""{"type":"conversation.item.done","item":{"content":[{"type":"input_audio","audio":"AAAA","transcript":"a"},{"audio":"AAAAAAAA"}]}}""", """{"type":"conversation.item.done","item":{"content":[{"type":"input_audio","audio":"","audio_bytes":3,"transcript":"a"},{"audio":"","audio_bytes":6}]}}""")]
    [InlineData("""{"type":"response.content_part.done","part":{"type":"audio","audio":"AAAA"}}""", """{"type":"response.content_part.done","part":{"type":"audio","audio":"","audio_bytes":3}}""")]
    [InlineData("""{"type":"response.done","response":{"output":[{"content":[{"audio":"AAAA"}]}]}}""", """{"type":"response.done","response":{"output":[{"content":[{"audio":"","audio_bytes":3}]}]}}""")]
    public void Audio_IsLeftOut_AndCounted(string message, string logged) => Assert.Equal($$"""{"t_ms":0.0,"dir":"server","event":{{logged}}}""" + "\n", Line(message));

    [Theory]
    [InlineData("""{"type":"response.output_text.delta","delta":"AAAA"}""")]
    [InlineData("""{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcm"}}}}}""")]
    [InlineData("""{"type":"response.create","response":{"metadata":{"audio":"AAAA","delta":"AAAA"}}}""")]
    [InlineData("""{"type":"response.output_audio.delta","delta":null}""")]
    [InlineData("""{"type":"response.output_audio.delta","x":{"delta":"AAAA"}}""")]
    [InlineData("""{"type":"x","content":[["audio","AAAA"],{"part":["audio"]}],"audio":"AAAA"}""")]
    public void WhatIsNotAudio_Stays(string message) => Assert.Equal($$"""{"t_ms":0.0,"dir":"server","event":{{message}}}""" + "\n", Line(message));

    [Theory]
    [InlineData("""{"type":"session.update","session":{"tools":[{"type":"mcp","authorization":"tok_1","headers":{"X-Key": "a", "b":"c"},"server_label":"docs"}]}}""", """{"type":"session.update","session":{"tools":[{"type":"mcp","authorization":"…","headers":{"X-Key": "…", "b":"…"},"server_label":"docs"}]}}""")]
    [InlineData("""{"response":{"tools":[{"name":"f"},{"authorization" : "tok\u005f1"}]},"type":"response.create"}""", """{"response":{"tools":[{"name":"f"},{"authorization" : "…"}]},"type":"response.create"}""")]
    public void SecretsOfRemoteTools_AreWithheld_EvenWithAudio(string message, string logged)
    {
        Assert.Equal($$"""{"t_ms":0.0,"dir":"server","event":{{logged}}}""" + "\n", Line(message, withAudio: true));
        Assert.Equal(logged, EventLogLine.WithoutSecrets(message));
    }

    [Theory]
    [InlineData("""{"type":"session.update","session":{"authorization":"a","headers":{"b":"c"},"tools":[{"type":"function","parameters":{"properties":{"authorization":{"default":"x"},"headers":{"y":"z"}}}}]}}""")]
    public void TheSameNamesElsewhere_AreNoSecrets(string message) => Assert.Equal(message, EventLogLine.WithoutSecrets(message));

    [Fact]
    public void Audio_StaysWhenAskedFor()
    {
        const string message = """{"type":"response.output_audio.delta","delta":"AAA\/"}""";

        Assert.Equal($$"""{"t_ms":0.0,"dir":"server","event":{{message}}}""" + "\n", Line(message, withAudio: true));
    }

    [Theory]
    [InlineData("not json", "not json")]
    [InlineData("{\"a\":1} {", "{\"a\":1} {")]
    [InlineData("", "")]
    [InlineData("{\"type\":\"x\"\n", "{\"type\":\"x\"\n")]
    public void WhatIsNotJson_IsQuoted(string message, string expected)
    {
        using JsonDocument line = JsonDocument.Parse(Line(message));

        Assert.Equal(expected, line.RootElement.GetProperty("not_json").GetString());
        Assert.False(line.RootElement.TryGetProperty("event", out _));
    }

    [Theory]
    [InlineData("""{"type":"x.y","\ud800":1}""")]
    [InlineData("""{"\udc00":1,"type":"x.y"}""")]
    [InlineData("""{"type":"response.output_audio.delta","delta":"\ud800"}""")]
    [InlineData("""{"type":"x.y","part":{"audio":"AAAA\ud800"}}""")]
    public void EscapedHalfOfASurrogatePair_IsNoText_AndIsQuoted(string message)
    {
        using JsonDocument line = JsonDocument.Parse(Line(message));

        Assert.Equal(message, line.RootElement.GetProperty("not_json").GetString());
    }

    [Fact]
    public void LongTextThatIsNotJson_IsCut_EvenInTheMiddleOfACharacter()
    {
        using JsonDocument line = JsonDocument.Parse(Line(new string('.', 1999) + "😀 and more"));

        Assert.StartsWith(new string('.', 1999), line.RootElement.GetProperty("not_json").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenOffDelta_KeepsItsAudioToItself()
    {
        string base64 = new('A', 500);
        string message = $$"""{"type":"response.output_audio.delta","delta":"{{base64}}""";

        Assert.DoesNotContain("AAAA", Line(message), StringComparison.Ordinal);
        Assert.Contains("(500 characters of base64)", Line(message), StringComparison.Ordinal);
        Assert.Contains(base64, Line(message, withAudio: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-proj-Aa1_bB2-cC3dD4", "sk-…")]
    [InlineData("Authorization: Bearer abc.DEF_123-xyz", "Authorization: Bearer …")]
    [InlineData("Authorization: Bearer\\tabc.DEF_123-xyz", "Authorization: Bearer\\t…")]
    [InlineData("{\"authorization\":\"bearer sk-Aa1bB2cC3\",", "{\"authorization\":\"bearer …\",")]
    [InlineData("{\"client_secret\":\"ek_68aabbcc\" \"x\"", "{\"client_secret\":\"ek_…\" \"x\"")]
    [InlineData("ask-mealso, week_ends, sk-, the bearer of it", "ask-mealso, week_ends, sk-, the bearer of it")]
    public void SecretsOfAKnownShape_AreWithheld_InWhatIsNotJson(string message, string expected)
    {
        Assert.Equal(expected, (string)JsonNode.Parse(Line(message))!["not_json"]!);
        Assert.Equal(expected, (string)JsonNode.Parse(Line(message, withAudio: true))!["not_json"]!);
    }

    [Fact]
    public void InvalidUtf8_MakesAValidLine()
    {
        byte[] message = [.. "{\"type\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        string line = Line(message);

        using JsonDocument parsed = JsonDocument.Parse(line);
        Assert.Contains('\uFFFD', parsed.RootElement.GetProperty("not_json").GetString()!);
    }

    [Fact]
    public void DeepNesting_IsStillJson()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));

        Assert.Contains("\"event\":", Line($$"""{"type":"x","deep":{{deep}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryLine_IsOneLineOfJson_WhateverThePeerSends()
    {
        const int seed = 4711;
        var random = new Random(seed);
        byte[] whole = Encoding.UTF8.GetBytes("""{"type":"response.output_audio.delta","delta":"AAAA","item":{"content":[{"audio":"AAAA"}]}}""");
        for (int round = 0; round < 3000; round++)
        {
            byte[] message = [.. whole];
            for (int change = random.Next(4); change >= 0; change--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            string line = Line(message.AsSpan(0, random.Next(message.Length + 1)));
            Assert.True(line.IndexOf('\n', StringComparison.Ordinal) == line.Length - 1, $"round {round} of seed {seed}");
            using JsonDocument parsed = JsonDocument.Parse(line);
        }
    }

    private static string Line(string message, TimeSpan at = default, Speaker sender = Speaker.Server, bool withAudio = false) => Line(Encoding.UTF8.GetBytes(message), at, sender, withAudio);

    private static string Line(ReadOnlySpan<byte> message, TimeSpan at = default, Speaker sender = Speaker.Server, bool withAudio = false)
    {
        var output = new ArrayBufferWriter<byte>();
        EventLogLine.Write(output, at, sender, message, withAudio);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

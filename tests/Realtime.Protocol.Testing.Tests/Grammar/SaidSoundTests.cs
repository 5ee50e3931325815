using System.Text;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>A piece of sound is read in one pass when it is written plainly. Whatever is found then is what is found when it has to be read as JSON.</summary>
public class SaidSoundTests
{
    private const string PlainType = "\"type\":\"input_audio_buffer.append\"";

    // The same text; nobody takes an escape for plain.
    private const string EscapedType = """
        "type":"input_audio_buffer.\u0061ppend"
        """;

    [Theory]
    [InlineData("audio/pcm")]
    [InlineData("audio/pcmu")]
    public void Sound_IsJudgedTheSame_HoweverItIsWritten(string format)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            var plain = new ClientGrammar();
            var escaped = new ClientGrammar();
            string session = Frames.Session("null", $"\"format\":{{\"type\":\"{format}\"}}").Split(" < ")[1];
            double now = 0;
            Both(grammar => grammar.AcceptServer(Encoding.UTF8.GetBytes(session), now));
            for (int number = 0; number < 300; number++)
            {
                now += random.Next(8) switch { 0 => 260, 1 => 0, _ => random.Next(5, 45) };
                if (random.Next(12) == 0)
                {
                    string name = random.Next(2) == 0 ? $"\"e{random.Next(number + 1)}\"" : "null";
                    byte[] error = Encoding.UTF8.GetBytes($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"{{{(random.Next(2) == 0 ? "invalid_value" : "too_strange")}}}","message":"No.","param":"audio","event_id":{{{name}}}}}""");
                    Both(grammar => grammar.AcceptServer(error, now));
                    continue;
                }

                string audio = Piece(random);
                string id = random.Next(3) == 0 ? $",\"event_id\":\"e{random.Next(20) switch { 0 => number / 2, _ => number }}\"" : "";
                plain.AcceptClient(Encoding.UTF8.GetBytes($"{{{PlainType}{id},\"audio\":\"{audio}\"}}"), now);
                escaped.AcceptClient(Encoding.UTF8.GetBytes($"{{{EscapedType}{id},\"audio\":\"{audio}\"}}"), now);
            }

            Assert.NotEmpty(escaped.Violations);
            Assert.Equal(escaped.Violations, plain.Violations);

            void Both(Action<ClientGrammar> accept)
            {
                accept(plain);
                accept(escaped);
            }
        }
    }

    /// <summary>Of a text with a byte that was changed, taken out or doubled, the same is found as beside another member, with which it is not plain.</summary>
    [Fact]
    public void DamagedSound_IsReadAsJson()
    {
        string audio = Convert.ToBase64String(Sound.Speech(20));
        Random random = new(7);
        int broken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            List<byte> message = [.. Encoding.UTF8.GetBytes($"{{ {PlainType}, \"event_id\" : \"e1\",\"audio\":\"{(i % 2 == 0 ? audio : "AAAA")}\" }} ")];
            int place = random.Next(1, message.Count);
            switch (random.Next(4))
            {
                case 0:
                    message.RemoveAt(place);
                    break;
                case 1:
                    message.InsertRange(place, message.GetRange(random.Next(1, message.Count - 1), 1));
                    break;
                case 2:
                    message[place] = (byte)random.Next(128);
                    break;
                default:
                    message[place] = (byte)"{}\":,\\ \n\t\0="[random.Next(11)];
                    break;
            }

            string[] found = Rules([.. message]);
            Assert.Equal(Rules([(byte)'{', .. "\"x\":0,"u8, .. message[1..]]), found);
            broken += found.Length;
        }

        Assert.InRange(broken, 1_000, 20_000);
    }

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAA","audio":"AAAA"}""", "message-twice-member")]
    [InlineData("""{"type":"input_audio_buffer.append","type":"input_audio_buffer.append","audio":"AAAA"}""", "message-twice-member")]
    [InlineData("""{"type":"","type":"input_audio_buffer.append","audio":"AAAA"}""", "message-twice-member")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"","audio":"AAAA"}""", "message-twice-member")]
    [InlineData("""{"type":"input_audio_buffer.append","event_id":"","audio":"AAAA","event_id":""}""", "message-twice-member")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAA",}""", "message-not-json")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAA"}}""", "message-not-json")]
    [InlineData("{\"type\":\"input_audio_buffer.append\",\"audio\":\"AA\nAA\"}", "message-not-json")]
    [InlineData("{\"type\":\"input_audio_buffer.append\",\"event_id\":\"\u0001\",\"audio\":\"AAAA\"}", "message-not-json")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAA="}""", null)]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AA=A"}""", "append-not-base64")]
    public void WhatIsNearlyASound_IsNone(string message, string? rule) =>
        Assert.Equal(rule is null ? [] : [rule], Rules(Encoding.UTF8.GetBytes(message)));

    private static string[] Rules(ReadOnlySpan<byte> message)
    {
        var grammar = new ClientGrammar();
        grammar.AcceptClient(message, 0);
        return [.. grammar.Violations.Select(static violation => violation.Rule)];
    }

    private static string Piece(Random random)
    {
        byte[] sound = Sound.Speech(random.Next(1, 40), random.Next(100));
        return random.Next(12) switch
        {
            0 => Convert.ToBase64String(sound.AsSpan(0, sound.Length - 1)),
            1 => Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToBase64String(sound))),
            2 => Convert.ToBase64String(sound).Replace('A', '-'),
            3 => Convert.ToBase64String(sound)[..^2],
            4 => Convert.ToBase64String([.. Enumerable.Range(0, sound.Length).Select(_ => (byte)(0x40 | random.Next(256)))]),
            5 => "",
            _ => Convert.ToBase64String(sound),
        };
    }
}

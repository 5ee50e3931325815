using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Twilio's side, in the frames of its documentation, word for word but for the ids, the payload and the numbers.</summary>
internal sealed class TwilioPhone(TestPhone line) : IAsyncDisposable
{
    public const string StreamSid = "MZXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
    public const string CallSid = "CAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

    private int _sequence = 1;

    public TestPhone Line { get; } = line;

    public static string Connected => """{"event":"connected","protocol":"Call","version":"1.0.0"}""";

    public static string Start(string callSid = CallSid, string encoding = "audio/x-mulaw", int rate = 8_000) => $$"""
        {
         "event": "start",
         "sequenceNumber": "1",
         "start": {
           "accountSid": "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
           "streamSid": "{{StreamSid}}",
           "callSid": "{{callSid}}",
           "tracks": [ "inbound" ],
           "mediaFormat": {
             "encoding": "{{encoding}}",
             "sampleRate": {{rate}},
             "channels": 1
           },
           "customParameters": {
             "FirstName": "Jane",
             "LastName": "Doe",
             "RemoteParty": "Bob"
           }
         },
         "streamSid": "{{StreamSid}}"
        }
        """;

    public static string Stop(int sequence = 5) => $$"""
        {
         "event": "stop",
         "sequenceNumber": "{{sequence}}",
         "streamSid": "{{StreamSid}}",
         "stop": {
           "accountSid": "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
           "callSid": "CAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
         }
        }
        """;

    public static string Media(ReadOnlySpan<byte> sound, int sequence = 3) => $$"""
        {
         "event": "media",
         "sequenceNumber": "{{sequence}}",
         "media": {
           "track": "inbound",
           "chunk": "{{sequence - 1}}",
           "timestamp": "5",
           "payload": "{{Convert.ToBase64String(sound)}}"
         },
         "streamSid": "{{StreamSid}}"
        }
        """;

    public static string Dtmf(char digit) => $$$"""{"event":"dtmf","streamSid":"{{{StreamSid}}}","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"{{{digit}}}"}}""";

    public static string Mark(string name) => $$$"""{"event":"mark","sequenceNumber":"4","streamSid":"{{{StreamSid}}}","mark":{"name":"{{{name}}}"}}""";

    public static async Task<TwilioPhone> DialAsync(TestGateway gateway, string callSid = CallSid, Action<ClientWebSocketOptions>? configure = null)
    {
        TwilioPhone phone = new(await TestPhone.DialAsync(gateway.Address("/twilio"), configure));
        await phone.Line.SayAsync(Connected);
        await phone.Line.SayAsync(Start(callSid));
        return phone;
    }

    /// <summary>Says it in frames of 20 ms.</summary>
    public async Task SpeakAsync(byte[] sound)
    {
        foreach (byte[] piece in sound.Chunk(160))
        {
            await Line.SayAsync(Media(piece, ++_sequence));
        }
    }

    /// <summary>The sound up to the mark behind a turn's last byte, played at once: every mark is sent back.</summary>
    public async Task<byte[]> PlayAsync(long bytes)
    {
        var sound = new MemoryStream();
        while (true)
        {
            JsonNode frame = (await Line.HearAsync()).Json!;
            Assert.Equal(StreamSid, (string)frame["streamSid"]!);
            switch ((string)frame["event"]!)
            {
                case "media":
                    sound.Write(Convert.FromBase64String((string)frame["media"]!["payload"]!));
                    break;
                case "mark":
                    string name = (string)frame["mark"]!["name"]!;
                    await Line.SayAsync(Mark(name));
                    if (name.EndsWith($"b{bytes}", StringComparison.Ordinal))
                    {
                        return sound.ToArray();
                    }

                    break;
            }
        }
    }

    /// <summary>A question of G.711 µ-law, loud, and the silence behind it by which a server knows its end.</summary>
    public static byte[] Question(int milliseconds = 600)
    {
        byte[] sound = new byte[(milliseconds + 1_000) * 8];
        sound.AsSpan().Fill(0xFF);
        for (int i = 0; i < milliseconds * 8; i++)
        {
            sound[i] = (byte)(i % 16 < 8 ? 0x90 : 0x10);
        }

        return sound;
    }

    public ValueTask DisposeAsync() => Line.DisposeAsync();
}

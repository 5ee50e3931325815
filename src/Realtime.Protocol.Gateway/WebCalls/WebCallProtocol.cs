using System.Text.Json;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// The protocol of our own callers (CALLS.md), both directions, pure: sound in binary messages, PCM16 at 24 kHz, and what is to be said beside it in JSON. Which turn a sound belongs to is said before it; what was played is a number of bytes of
/// a turn, so a report that comes late names a turn that is over and changes nothing.
/// </summary>
internal class WebCallProtocol(CallIntroduction who, CallOptions options) : ICallProtocol
{
    /// <summary>The subprotocol that both sides agree on.</summary>
    public const string Subprotocol = "realtime-call.v1";

    private const int MaxPingBytes = 64;

    private int _turn;

    public string Name => ProtocolNames.Web;

    public CallIntroduction? Introduction => who;

    public AudioEncoding Encoding => AudioEncoding.Pcm16;

    public AudioEncoding? SessionEncoding => null;

    public bool IsPaced => false;

    public TimeSpan Piece => TimeSpan.FromMilliseconds(100);

    public CallerSays Take(ReadOnlyMemory<byte> message, bool isText, OutgoingFrames replies)
    {
        if (!isText)
        {
            return message.Length is > 0 and var length && length % 2 == 0 ? CallerSays.Spoke(message) : CallerSays.Bad("A binary message came that holds no whole samples of 16 bits.");
        }

        try
        {
            return Take(ClientControl.Read(message.Span), replies);
        }
        catch (JsonException)
        {
            return CallerSays.Bad("A text message came that is no JSON object.");
        }
    }

    public void WriteReady(OutgoingFrames frames, in CallFacts facts)
    {
        using Utf8JsonWriter json = Begin(frames, "ready"u8);
        json.WriteString("call"u8, facts.Id);
        json.WriteNumber("items"u8, facts.Items);
        json.WriteStartObject("audio"u8);
        json.WriteString("encoding"u8, "pcm16"u8);
        json.WriteNumber("rate"u8, Encoding.SamplesPerSecond);
        json.WriteEndObject();
        json.WriteStartObject("limits"u8);
        json.WriteNumber("messageBytes"u8, options.MaxMessageBytes);
        json.WriteNumber("aheadMs"u8, (long)options.MaxAudioAhead.TotalMilliseconds);
        json.WriteEndObject();
        if (facts.Ticket is not null)
        {
            json.WriteString("ticket"u8, facts.Ticket);
        }

        End(frames, json);
    }

    public void WriteAudio(OutgoingFrames frames, int turn, long end, ReadOnlySpan<byte> audio)
    {
        if (turn != _turn)
        {
            _turn = turn;
            WriteTurn(frames, "turn"u8, turn);
        }

        audio.CopyTo(frames.GetSpan(audio.Length));
        frames.Advance(audio.Length);
        frames.EndFrame(isText: false);
    }

    public void WriteTurnEnd(OutgoingFrames frames, int turn, long end)
    {
        using Utf8JsonWriter json = Begin(frames, "turn_end"u8);
        json.WriteNumber("turn"u8, turn);
        json.WriteNumber("bytes"u8, end);
        End(frames, json);
    }

    public void WriteClear(OutgoingFrames frames, int turn) => WriteTurn(frames, "clear"u8, turn);

    public void WriteCaption(OutgoingFrames frames, in CallCaption caption)
    {
        using Utf8JsonWriter json = Begin(frames, "caption"u8);
        json.WriteString("side"u8, caption.IsCaller ? "caller"u8 : "model"u8);
        json.WriteNumber(caption.IsCaller ? "utterance"u8 : "turn"u8, caption.Number);
        json.WriteString("text"u8, caption.Text);
        json.WriteBoolean("final"u8, caption.IsFinal);
        End(frames, json);
    }

    public void WriteEnd(OutgoingFrames frames, CallEnd end)
    {
        if (end.Kind is CallEndKind.HungUp or CallEndKind.Ended or CallEndKind.Transferred or CallEndKind.Lost)
        {
            return;
        }

        using Utf8JsonWriter json = Begin(frames, end.Kind is CallEndKind.Moved ? "move"u8 : "error"u8);
        if (end.Kind is not CallEndKind.Moved)
        {
            json.WriteString("code"u8, CallWords.Of(end.Kind));
            json.WriteString("message"u8, end.Description);
        }

        End(frames, json);
    }

    public int CloseStatus(CallEnd end) => CallWords.OwnStatus(end.Kind);

    private static CallerSays Take(in ClientControl control, OutgoingFrames replies)
    {
        switch (control.Type)
        {
            case "played" when control is { Turn: > 0, Bytes: >= 0 }:
                return CallerSays.Played(control.Turn, control.Bytes);
            case "played":
                return CallerSays.Bad("A played message came without a turn and its bytes.");
            case "digit" when control.Digit is [var digit] && TelephoneKeys.Contains(digit):
                return CallerSays.Pressed(digit);
            case "digit":
                return CallerSays.Bad("A digit message came without a key of a telephone.");
            case "ping" when control.Id is not { Length: > MaxPingBytes }:
                Pong(replies, control.Id);
                return CallerSays.Nothing;
            case "ping":
                return CallerSays.Bad($"A ping came whose id is longer than {MaxPingBytes} characters.");
            default:
                return CallerSays.Bad("A message came of a type that this protocol does not have.");
        }
    }

    private static void Pong(OutgoingFrames frames, string? id)
    {
        using Utf8JsonWriter json = Begin(frames, "pong"u8);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }

        End(frames, json);
    }

    private static void WriteTurn(OutgoingFrames frames, ReadOnlySpan<byte> type, int turn)
    {
        using Utf8JsonWriter json = Begin(frames, type);
        json.WriteNumber("turn"u8, turn);
        End(frames, json);
    }

    private static Utf8JsonWriter Begin(OutgoingFrames frames, ReadOnlySpan<byte> type)
    {
        var json = new Utf8JsonWriter(frames);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        return json;
    }

    private static void End(OutgoingFrames frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        frames.EndFrame(isText: true);
    }
}

/// <summary>The same where captions are wanted.</summary>
internal sealed class CaptionedCallProtocol(CallIntroduction who, CallOptions options) : WebCallProtocol(who, options), ICallCaptions;

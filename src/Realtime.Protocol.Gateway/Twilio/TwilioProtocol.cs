using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// Twilio's Media Streams, both directions, pure: JSON text frames with G.711 µ-law in base64. In: connected, start, media, dtmf, mark, stop, in this order and no other. Out: media, a mark behind about every 200 ms of sound, and clear. The
/// name of a mark says behind which byte of which turn it stands, and how often was cleared before: Twilio sends the marks back that a clear has passed over, and those say nothing.
/// </summary>
/// <remarks>https://www.twilio.com/docs/voice/media-streams/websocket-messages</remarks>
internal sealed class TwilioProtocol : ICallProtocol
{
    // 200 ms.
    private const int MarkEvery = 1_600;
    private const int MaxNameBytes = 128;
    private const int MostDigits = 20;

    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private byte[] _audio = new byte[1_024];
    private byte[] _mediaHead = [];
    private byte[] _markHead = [];
    private string? _streamSid;
    private long _marked;
    private int _markedTurn;
    private int _clears;
    private bool _isConnected;

    public string Name => ProtocolNames.Twilio;

    public CallIntroduction? Introduction => null;

    public AudioEncoding Encoding => AudioEncoding.G711MuLaw;

    public AudioEncoding? SessionEncoding => AudioEncoding.G711MuLaw;

    public bool IsPaced => false;

    public TimeSpan Piece => TimeSpan.FromMilliseconds(200);

    public CallerSays Take(ReadOnlyMemory<byte> message, bool isText, OutgoingFrames replies)
    {
        if (!isText)
        {
            return CallerSays.Bad("A binary frame came, and Twilio's are JSON text.");
        }

        try
        {
            return Take(message.Span);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second is what the reader says of a text that is no UTF-8.
            return CallerSays.Bad("A frame came that is no JSON.");
        }
    }

    public void WriteReady(OutgoingFrames frames, in CallFacts facts)
    {
        // Twilio is not told.
    }

    public void WriteAudio(OutgoingFrames frames, int turn, long end, ReadOnlySpan<byte> audio)
    {
        JsonWrite.TryAudio(frames, _mediaHead, audio, "\"}}"u8);
        frames.EndFrame(isText: true);
        if (turn != _markedTurn)
        {
            (_markedTurn, _marked) = (turn, end - audio.Length);
        }

        if (end - _marked >= MarkEvery)
        {
            WriteMark(frames, turn, end);
        }
    }

    public void WriteTurnEnd(OutgoingFrames frames, int turn, long end)
    {
        if (turn != _markedTurn || end > _marked)
        {
            WriteMark(frames, turn, end);
        }
    }

    public void WriteClear(OutgoingFrames frames, int turn)
    {
        Interlocked.Increment(ref _clears);
        using var json = new Utf8JsonWriter(frames);
        json.WriteStartObject();
        json.WriteString("event"u8, "clear"u8);
        json.WriteString("streamSid"u8, _streamSid);
        json.WriteEndObject();
        json.Flush();
        frames.EndFrame(isText: true);
    }

    public void WriteCaption(OutgoingFrames frames, in CallCaption caption)
    {
        // There is no frame for it.
    }

    public void WriteEnd(OutgoingFrames frames, CallEnd end)
    {
        // The end of the stream says it: TwiML goes on with its next verb.
    }

    public int CloseStatus(CallEnd end) => CallWords.StandardStatus(end.Kind);

    /// <summary>For tests and logs: turn, byte and clears in the name of a mark.</summary>
    internal static bool TryReadMark(ReadOnlySpan<byte> name, out int clears, out int turn, out long bytes)
    {
        (clears, turn, bytes) = (0, 0, 0);
        return name.Length is > 0 and <= MaxNameBytes && name[0] == (byte)'c'
            && Utf8Parser.TryParse(name = name[1..], out clears, out int used) && TrySkip(ref name, used, (byte)'t')
            && Utf8Parser.TryParse(name, out turn, out used) && TrySkip(ref name, used, (byte)'b')
            && Utf8Parser.TryParse(name, out bytes, out used) && used == name.Length;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> name, int used, byte mark)
    {
        bool isThere = used < name.Length && name[used] == mark;
        name = isThere ? name[(used + 1)..] : name;
        return isThere;
    }

    private CallerSays Take(ReadOnlySpan<byte> message)
    {
        TwilioFrame frame = TwilioFrame.Read(message);
        TwilioEvent kind = TwilioFrame.KindOf(frame.Event);
        if (!IsInOrder(kind, out string? wrong))
        {
            return CallerSays.Bad(wrong);
        }

        switch (kind)
        {
            case TwilioEvent.Connected:
                _isConnected = true;
                return CallerSays.Nothing;
            case TwilioEvent.Start:
                return Start(message, frame);
            case TwilioEvent.Media:
                return Hear(message, frame);
            case TwilioEvent.Dtmf:
                return frame.Digit is { Length: 1 } digit && TelephoneKeys.Contains((char)digit[0]) ? CallerSays.Pressed((char)digit[0]) : CallerSays.Bad("A dtmf frame came without a key of a telephone.");
            case TwilioEvent.Mark:
                return TryReadMark(frame.MarkName, out int clears, out int turn, out long bytes) && clears == Volatile.Read(ref _clears) ? CallerSays.Played(turn, bytes) : CallerSays.Nothing;
            case TwilioEvent.Stop:
                return CallerSays.Ended(CallEnd.HungUp);
            default:
                return CallerSays.Nothing; // an event that came to the protocol later
        }
    }

    private bool IsInOrder(TwilioEvent kind, [NotNullWhen(false)] out string? wrong)
    {
        bool hasStarted = _streamSid is not null;
        wrong = (kind, _isConnected, hasStarted) switch
        {
            (TwilioEvent.None, _, _) => "A frame came that has no event.",
            (TwilioEvent.Unknown, _, _) => null,
            (TwilioEvent.Connected, true, _) => "A second connected frame came.",
            (TwilioEvent.Connected, _, _) => null,
            (_, false, _) => $"A {kind} frame came before connected.",
            (TwilioEvent.Start, _, true) => "A second start frame came.",
            (TwilioEvent.Start, _, _) => null,
            (_, _, false) => $"A {kind} frame came before start.",
            _ => null,
        };
        return wrong is null;
    }

    private CallerSays Start(ReadOnlySpan<byte> message, in TwilioFrame frame)
    {
        if (frame.StreamSid.IsEmpty || frame.CallSid.IsEmpty || frame.StreamSid.Length > MaxNameBytes || frame.CallSid.Length > MaxNameBytes)
        {
            return CallerSays.Bad("A start frame came without streamSid or callSid.");
        }

        if (frame.Codec is not [] && !frame.Codec.SequenceEqual("audio/x-mulaw"u8) || frame.Rate is not (0 or 8_000) || frame.Channels is not (0 or 1))
        {
            return CallerSays.Bad("The stream has another format than audio/x-mulaw, 8000 Hz, one channel.");
        }

        string callSid = System.Text.Encoding.UTF8.GetString(frame.CallSid);
        _streamSid = System.Text.Encoding.UTF8.GetString(frame.StreamSid);
        if (!CallWords.IsCallId(callSid) || !CallWords.IsCallId(_streamSid))
        {
            return CallerSays.Bad("A start frame came whose streamSid or callSid is none.");
        }

        _mediaHead = HeadOf("media"u8, "payload"u8);
        _markHead = HeadOf("mark"u8, "name"u8);
        TwilioFrame.ReadParameters(message, _parameters);
        return CallerSays.Introduced(new(callSid, _streamSid, _parameters));
    }

    // {"event":"media","streamSid":"MZ…","media":{"payload":"
    private byte[] HeadOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> member)
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write("{\"event\":\""u8);
        head.Write(name);
        head.Write("\",\"streamSid\":\""u8);
        head.Write(JsonEncodedText.Encode(_streamSid!).EncodedUtf8Bytes);
        head.Write("\",\""u8);
        head.Write(name);
        head.Write("\":{\""u8);
        head.Write(member);
        head.Write("\":\""u8);
        return head.WrittenSpan.ToArray();
    }

    private CallerSays Hear(ReadOnlySpan<byte> message, in TwilioFrame frame)
    {
        // What we say ourselves comes back where both tracks were asked for.
        if (frame.Track.SequenceEqual("outbound"u8))
        {
            return CallerSays.Nothing;
        }

        if (_audio.Length < Base64Text.MaxDecodedLength(frame.Payload))
        {
            _audio = new byte[Base64Text.MaxDecodedLength(frame.Payload)];
        }

        return frame.Payload.HasValue && Base64Text.TryDecode(message, frame.Payload, _audio, out int length)
            ? CallerSays.Spoke(_audio.AsMemory(0, length))
            : CallerSays.Bad("A media frame came whose payload is no base64.");
    }

    private void WriteMark(OutgoingFrames frames, int turn, long end)
    {
        (_markedTurn, _marked) = (turn, end);
        frames.Write(_markHead);
        WriteNumber(frames, "c"u8, _clears);
        WriteNumber(frames, "t"u8, turn);
        WriteNumber(frames, "b"u8, end);
        frames.Write("\"}}"u8);
        frames.EndFrame(isText: true);
    }

    private static void WriteNumber(OutgoingFrames frames, ReadOnlySpan<byte> letter, long number)
    {
        frames.Write(letter);
        Utf8Formatter.TryFormat(number, frames.GetSpan(MostDigits), out int length);
        frames.Advance(length);
    }
}

/// <summary>The keys of a telephone.</summary>
internal static class TelephoneKeys
{
    private static readonly SearchValues<char> All = SearchValues.Create("0123456789*#ABCD");

    public static bool Contains(char key) => All.Contains(key);
}

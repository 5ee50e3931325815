using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Gateway;

/// <summary>What one frame of Twilio holds that matters here, where it lies in the message. Members that are not known are passed over, at any depth that JSON readers take; what is there twice counts as it was last.</summary>
internal ref struct TwilioFrame
{
    public ReadOnlySpan<byte> Event;
    public ReadOnlySpan<byte> StreamSid;
    public ReadOnlySpan<byte> CallSid;
    public ReadOnlySpan<byte> Codec;
    public int Rate;
    public int Channels;
    public ReadOnlySpan<byte> Track;
    public Slot Payload;
    public ReadOnlySpan<byte> Digit;
    public ReadOnlySpan<byte> MarkName;

    public static TwilioEvent KindOf(ReadOnlySpan<byte> name) => name switch
    {
        [] => TwilioEvent.None,
        _ when name.SequenceEqual("media"u8) => TwilioEvent.Media,
        _ when name.SequenceEqual("mark"u8) => TwilioEvent.Mark,
        _ when name.SequenceEqual("dtmf"u8) => TwilioEvent.Dtmf,
        _ when name.SequenceEqual("connected"u8) => TwilioEvent.Connected,
        _ when name.SequenceEqual("start"u8) => TwilioEvent.Start,
        _ when name.SequenceEqual("stop"u8) => TwilioEvent.Stop,
        _ => TwilioEvent.Unknown,
    };

    /// <exception cref="JsonException">It is no JSON object, or not whole.</exception>
    public static TwilioFrame Read(ReadOnlySpan<byte> message)
    {
        var frame = default(TwilioFrame);
        var reader = new Utf8JsonReader(message);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        Part part = Part.Frame;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject)
            {
                if (reader.CurrentDepth == 0)
                {
                    break;
                }

                part = reader.CurrentDepth == 1 ? Part.Frame : part is Part.Format ? Part.Start : part;
                continue;
            }

            ReadOnlySpan<byte> name = reader.ValueSpan;
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject && InnerPart(part, name) is { } inner)
            {
                part = inner;
                continue;
            }

            frame.Take(part, name, ref reader);
            reader.Skip();
        }

        // Nothing but white space may follow.
        if (reader.Read())
        {
            throw new JsonException();
        }

        return frame;
    }

    /// <summary>The application's own parameters of the stream.</summary>
    public static void ReadParameters(ReadOnlySpan<byte> message, Dictionary<string, string> parameters)
    {
        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 2 && reader.ValueTextEquals("customParameters"u8))
            {
                reader.Read();
                while (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String && reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    if (reader.TokenType is not JsonTokenType.String)
                    {
                        return;
                    }

                    parameters[name] = reader.GetString()!;
                }
            }
        }
    }

    private static Part? InnerPart(Part part, ReadOnlySpan<byte> name) => part switch
    {
        Part.Frame when name.SequenceEqual("media"u8) => Part.Media,
        Part.Frame when name.SequenceEqual("start"u8) => Part.Start,
        Part.Frame when name.SequenceEqual("mark"u8) => Part.Mark,
        Part.Frame when name.SequenceEqual("dtmf"u8) => Part.Dtmf,
        Part.Start when name.SequenceEqual("mediaFormat"u8) => Part.Format,
        _ => null,
    };

    private void Take(Part part, ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (value.TokenType is JsonTokenType.Number)
        {
            TakeNumber(part, name, ref value);
            return;
        }

        if (value.TokenType is not JsonTokenType.String)
        {
            return;
        }

        switch (part)
        {
            case Part.Frame when name.SequenceEqual("event"u8):
                Event = value.ValueSpan;
                break;
            case Part.Frame when name.SequenceEqual("streamSid"u8):
            case Part.Start when name.SequenceEqual("streamSid"u8):
                StreamSid = value.ValueSpan;
                break;
            case Part.Start when name.SequenceEqual("callSid"u8):
                CallSid = value.ValueSpan;
                break;
            case Part.Format when name.SequenceEqual("encoding"u8):
                Codec = value.ValueSpan;
                break;
            case Part.Media when name.SequenceEqual("track"u8):
                Track = value.ValueSpan;
                break;
            case Part.Media when name.SequenceEqual("payload"u8):
                Payload = Slot.Text((int)value.TokenStartIndex + 1, value.ValueSpan.Length, value.ValueIsEscaped);
                break;
            case Part.Dtmf when name.SequenceEqual("digit"u8):
                Digit = value.ValueSpan;
                break;
            case Part.Mark when name.SequenceEqual("name"u8):
                MarkName = value.ValueSpan;
                break;
        }
    }

    private void TakeNumber(Part part, ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (part is Part.Format && value.TryGetInt32(out int number))
        {
            (Rate, Channels) = (name.SequenceEqual("sampleRate"u8) ? number : Rate, name.SequenceEqual("channels"u8) ? number : Channels);
        }
    }

    private enum Part
    {
        Frame,
        Media,
        Start,
        Format,
        Mark,
        Dtmf,
    }
}

/// <summary>What a frame of Twilio is.</summary>
internal enum TwilioEvent
{
    None,
    Unknown,
    Connected,
    Start,
    Media,
    Dtmf,
    Mark,
    Stop,
}

using System.Buffers.Binary;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// Asterisk's AudioSocket, both directions, pure: a type, a length of two bytes with the higher one first, and so many bytes. The UUID comes first; sound is 16-bit PCM, the lower byte first, whose type says its rate. What comes is played when
/// it comes, and nothing is said of it: this side keeps the pace.
/// </summary>
/// <remarks>https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/</remarks>
internal sealed class AudioSocketProtocol : ICallProtocol
{
    public const int HeadBytes = 3;
    public const byte HangUp = 0x00;
    public const byte Uuid = 0x01;
    public const byte Digit = 0x03;
    public const byte FirstSound = 0x10;
    public const byte Error = 0xFF;

    private const int UuidBytes = 16;

    // What is said of an error that is ours; Asterisk has none of its own at this bit.
    private const byte ErrorOfTheApplication = 0x80;

    /// <summary>The rates of the types from <see cref="FirstSound"/> on.</summary>
    private static readonly int[] Rates = [8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000];

    private bool _isIntroduced;
    private int _sound = FirstSound;
    private bool _hasSpoken;

    public string Name => ProtocolNames.AudioSocket;

    public CallIntroduction? Introduction => null;

    public AudioEncoding Encoding => AudioEncoding.Pcm(Rates[Volatile.Read(ref _sound) - FirstSound]);

    public AudioEncoding? SessionEncoding => null;

    public bool IsPaced => true;

    public TimeSpan Piece => TimeSpan.FromMilliseconds(20);

    /// <param name="message">The type and what follows the length.</param>
    public CallerSays Take(ReadOnlyMemory<byte> message, bool isText, OutgoingFrames replies)
    {
        byte type = message.Span[0];
        ReadOnlyMemory<byte> payload = message[1..];
        if (type is HangUp)
        {
            return CallerSays.Ended(CallEnd.HungUp);
        }

        if (type is Error)
        {
            return CallerSays.Ended(CallEnd.Lost("Asterisk said that something went wrong."));
        }

        if (_isIntroduced == (type is Uuid))
        {
            return CallerSays.Bad(_isIntroduced ? "A second UUID came." : $"A frame of type 0x{type:x2} came before the UUID.");
        }

        return type switch
        {
            Uuid => Introduce(payload.Span),
            Digit => payload.Length == 1 && TelephoneKeys.Contains((char)payload.Span[0]) ? CallerSays.Pressed((char)payload.Span[0]) : CallerSays.Bad("A DTMF frame came without a key of a telephone."),
            >= FirstSound when type - FirstSound < Rates.Length => Hear(type, payload),
            _ => CallerSays.Bad($"A frame came of type 0x{type:x2}, which this protocol does not have."),
        };
    }

    public void WriteReady(OutgoingFrames frames, in CallFacts facts)
    {
        // Asterisk is not told.
    }

    public void WriteAudio(OutgoingFrames frames, int turn, long end, ReadOnlySpan<byte> audio)
    {
        for (int most = ushort.MaxValue - 1; !audio.IsEmpty; audio = audio[Math.Min(most, audio.Length)..])
        {
            Write(frames, (byte)Volatile.Read(ref _sound), audio[..Math.Min(most, audio.Length)]);
        }
    }

    public void WriteTurnEnd(OutgoingFrames frames, int turn, long end)
    {
        // There is no frame for it.
    }

    public void WriteClear(OutgoingFrames frames, int turn)
    {
        // At most the 20 ms that play are on the other side.
    }

    public void WriteCaption(OutgoingFrames frames, in CallCaption caption)
    {
        // There is no frame for it.
    }

    // After a move, or when the call goes on elsewhere, the dialplan goes on with the lost connection.
    public void WriteEnd(OutgoingFrames frames, CallEnd end)
    {
        switch (end.Kind)
        {
            case CallEndKind.Moved or CallEndKind.HandedOver:
                break;
            case var _ when end.IsOrderly:
                Write(frames, HangUp, []);
                break;
            default:
                Write(frames, Error, [ErrorOfTheApplication]);
                break;
        }
    }

    public int CloseStatus(CallEnd end) => 0;

    internal static void Write(OutgoingFrames frames, byte type, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = frames.GetSpan(HeadBytes + payload.Length);
        frame[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(frame[1..], (ushort)payload.Length);
        payload.CopyTo(frame[HeadBytes..]);
        frames.Advance(HeadBytes + payload.Length);
        frames.EndFrame(isText: false);
    }

    private CallerSays Introduce(ReadOnlySpan<byte> uuid)
    {
        if (uuid.Length != UuidBytes)
        {
            return CallerSays.Bad($"The UUID has {uuid.Length} bytes instead of {UuidBytes}.");
        }

        _isIntroduced = true;
        return CallerSays.Introduced(new(new Guid(uuid, bigEndian: true).ToString(), null, VoiceCall.NoParameters));
    }

    private CallerSays Hear(byte type, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length % 2 != 0)
        {
            return CallerSays.Bad("A frame of sound came with half a sample.");
        }

        if (_hasSpoken && type != _sound)
        {
            return CallerSays.Bad($"Sound of type 0x{type:x2} came in a call of type 0x{_sound:x2}.");
        }

        _hasSpoken = true;
        Volatile.Write(ref _sound, type);
        return payload.IsEmpty ? CallerSays.Nothing : CallerSays.Spoke(payload);
    }
}

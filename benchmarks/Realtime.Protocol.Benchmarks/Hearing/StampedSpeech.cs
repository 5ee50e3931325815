using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>
/// Speech in which each piece says when it was sent and which one it is: the first twelve bytes of its PCM are the clock's ticks and a number that counts from 0, the rest is the same sound every time. Whoever hears a piece
/// proves with it that nothing is missing, comes twice or is damaged; so a time that was taken belongs to the right message. Ticks of two processes of one machine can be compared: they are those of its monotonic clock.
/// </summary>
public sealed class StampedSpeech
{
    private const int StampBytes = 12;

    // Twelve bytes are sixteen characters of base64, and no bit of them lies in what follows.
    private const int StampCharacters = 16;

    private static readonly byte[] Delta = "\"delta\":\""u8.ToArray();

    private readonly byte[] _sound;
    private readonly byte[] _tail;

    /// <param name="pieceBytes">Of PCM, the stamp included.</param>
    public StampedSpeech(int pieceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 2 * StampBytes);
        byte[] pcm = SeededSpeech.Pcm16(new Random(20_261_128), pieceBytes);
        _sound = pcm[StampBytes..];
        _tail = Encoding.ASCII.GetBytes(Convert.ToBase64String(_sound) + "\"}");
        PieceBytes = pieceBytes;
    }

    public int PieceBytes { get; }

    /// <summary>An event without a stamp, which one sender stamps and sends over and over. Its <c>event_id</c> changes, too.</summary>
    /// <param name="place">Where its audio belongs: the members from <c>response_id</c> to <c>content_index</c>.</param>
    public byte[] NewEvent(string place) =>
        [.. Encoding.ASCII.GetBytes($$"""{"type":"response.output_audio.delta","event_id":"event_0000000000",{{place}},"delta":"{{new string('A', StampCharacters)}}"""), .. _tail];

    /// <summary>Puts number and time into an event, in place.</summary>
    public static void Stamp(Span<byte> message, int number)
    {
        int id = message.IndexOf("event_0"u8) + 6;
        if (!number.TryFormat(message.Slice(id, 10), out _, "D10", provider: null))
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, "A number has ten digits at most.");
        }

        Span<byte> stamp = stackalloc byte[StampBytes];
        BinaryPrimitives.WriteInt32LittleEndian(stamp[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(stamp, Stopwatch.GetTimestamp());
        Base64.EncodeToUtf8(stamp, message[Place(message)..], out _, out _);
    }

    /// <summary>When this piece was sent. It has to be the next one, undamaged.</summary>
    /// <param name="way">Who hears it.</param>
    /// <param name="pcm">One piece.</param>
    /// <param name="number">How many came before it.</param>
    /// <exception cref="WrongAnswerException">It is another piece, or not as it was sent.</exception>
    public long SentAt(string way, ReadOnlySpan<byte> pcm, int number)
    {
        if (pcm.Length != PieceBytes || !pcm[StampBytes..].SequenceEqual(_sound))
        {
            throw new WrongAnswerException(way, $"piece {number} is damaged");
        }

        return ReadStamp(way, pcm[..StampBytes], number);
    }

    /// <summary>The same of a whole message, nothing of which was decoded: its text is compared.</summary>
    /// <exception cref="WrongAnswerException">It is another piece, or not as it was sent.</exception>
    public long SentAtOfMessage(string way, ReadOnlySpan<byte> message, int number)
    {
        ReadOnlySpan<byte> audio = message[Place(message)..];
        Span<byte> stamp = stackalloc byte[StampBytes];
        if (audio.Length != StampCharacters + _tail.Length || !audio[StampCharacters..].SequenceEqual(_tail) || Base64.DecodeFromUtf8(audio[..StampCharacters], stamp, out _, out _) is not OperationStatus.Done)
        {
            throw new WrongAnswerException(way, $"message {number} is damaged");
        }

        return ReadStamp(way, stamp, number);
    }

    private static long ReadStamp(string way, ReadOnlySpan<byte> stamp, int number)
    {
        int said = BinaryPrimitives.ReadInt32LittleEndian(stamp[8..]);
        return said == number ? BinaryPrimitives.ReadInt64LittleEndian(stamp) : throw new WrongAnswerException(way, $"piece {said} came where piece {number} was due");
    }

    private static int Place(ReadOnlySpan<byte> message) => message.IndexOf(Delta) + Delta.Length;
}

using System.Diagnostics;
using System.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Hearing;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>A time that was taken belongs to the right piece: whatever is missing, comes twice, out of turn or damaged is found, in sound and in text.</summary>
public class StampedSpeechTests
{
    private const string Place = "\"response_id\":\"resp_1\",\"item_id\":\"item_1\",\"output_index\":0,\"content_index\":0";

    private readonly StampedSpeech _speech = new(960);

    [Fact]
    public void APiece_SaysWhenItWasSent()
    {
        long before = Stopwatch.GetTimestamp();
        byte[] message = Stamped(7);
        long after = Stopwatch.GetTimestamp();

        Assert.InRange(_speech.SentAt("way", Heard(message), 7), before, after);
        Assert.Equal(_speech.SentAt("way", Heard(message), 7), _speech.SentAtOfMessage("way", message, 7));
    }

    [Fact]
    public void AMessage_IsAnEventThatIsStampedAnewAgainAndAgain()
    {
        byte[] message = _speech.NewEvent(Place);
        for (int number = 0; number < 3; number++)
        {
            StampedSpeech.Stamp(message, number);
            Assert.True(ServerEvent.TryRead(message, out ServerEvent read, out ReadError error), error.ToString());
            Assert.True(read.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
            Assert.Equal($"event_{number:D10}", delta.EventId.ToString());
            _speech.SentAtOfMessage("way", message, number);
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    public void APieceOutOfTurn_IsWrong(int number)
    {
        byte[] message = Stamped(number);

        Assert.Throws<WrongAnswerException>(() => _speech.SentAt("way", Heard(message), 7));
        Assert.Throws<WrongAnswerException>(() => _speech.SentAtOfMessage("way", message, 7));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(500)]
    [InlineData(959)]
    public void ADamagedByte_IsWrong(int at)
    {
        byte[] message = Stamped(7);
        byte[] pcm = Heard(message);
        pcm[at] ^= 1;
        string text = Encoding.ASCII.GetString(message).Replace(Convert.ToBase64String(Heard(message)), Convert.ToBase64String(pcm), StringComparison.Ordinal);

        Assert.Throws<WrongAnswerException>(() => _speech.SentAt("way", pcm, 7));
        Assert.Throws<WrongAnswerException>(() => _speech.SentAtOfMessage("way", Encoding.ASCII.GetBytes(text), 7));
    }

    [Fact]
    public void AShorterOrLongerPiece_IsWrong()
    {
        byte[] pcm = Heard(Stamped(7));

        Assert.Throws<WrongAnswerException>(() => _speech.SentAt("way", pcm.AsSpan(0, 958), 7));
        Assert.Throws<WrongAnswerException>(() => _speech.SentAt("way", [.. pcm, 0, 0], 7));
    }

    private static byte[] Heard(byte[] message)
    {
        string text = Encoding.ASCII.GetString(message);
        int audio = text.IndexOf("\"delta\":\"", StringComparison.Ordinal) + 9;
        return Convert.FromBase64String(text[audio..^2]);
    }

    private byte[] Stamped(int number)
    {
        byte[] message = _speech.NewEvent(Place);
        StampedSpeech.Stamp(message, number);
        return message;
    }
}

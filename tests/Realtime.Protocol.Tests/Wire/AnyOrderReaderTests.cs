using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// The reader of any order beside the strict one: whatever it says yes to, the strict one accepts, with the same members and
/// the same audio. Each message lies between pages that must not be touched.
/// </summary>
public sealed class AnyOrderReaderTests : IDisposable
{
    private const int Room = 4_096;
    private const string Audio = "\"delta\":\"\"";

    private static readonly string[] Spaces = ["", " ", "  ", "\n  ", "\r\n\t", "\t\t\t\t", "     ", "      ", "       "];

    private readonly GuardedMemory _memory = new(2 * Room);
    private readonly byte[] _audio = new byte[Room];
    private readonly byte[] _strictAudio = new byte[Room];
    private readonly Slot[] _slots = new Slot[9];
    private readonly Slot[] _strictSlots = new Slot[9];
    private readonly Random _random = new(Seeds.Next());

    public AnyOrderReaderTests() => Assert.SkipUnless(AnyOrderReader.IsSupported, "This processor, or the runtime as it was started, has no vectors.");

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void EveryOrderAndSpacing_IsReadLikeByTheStrictReader()
    {
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int idLength = _random.Next(5) == 0 ? _random.Next(80) : _random.Next(32);
            string[] members = Members(idLength, "0", _random.Next(1_000_000_000).ToString(), Noise(_random.Next(4) == 0 ? _random.Next(600) : 960));
            _random.Shuffle(members);
            string message = Compose(members, Spaces[_random.Next(Spaces.Length)], Spaces[_random.Next(Spaces.Length)], Spaces[_random.Next(4)]);
            read += IsReadAlike(Encoding.ASCII.GetBytes(message)) ? 1 : 0;
        }

        // Not read are long ids, long spaces and short messages.
        Assert.InRange(read, 5_000, 15_000);
    }

    [Fact]
    public void EveryOrder_OfUsualMessagesIsRead()
    {
        foreach (string spaces in Spaces[..6])
        {
            for (int i = 0; i < 500; i++)
            {
                string[] members = Members(26, "0", "12", Noise(960));
                _random.Shuffle(members);
                Assert.True(IsReadAlike(Encoding.ASCII.GetBytes(Compose(members, spaces[..Math.Min(2, spaces.Length)], spaces, ""))), string.Join(',', members));
            }
        }
    }

    [Fact]
    public void EveryIdLength_MovesEveryMarkOverEveryBorder()
    {
        for (int first = 0; first <= 70; first++)
        {
            for (int turn = 0; turn < 7; turn++)
            {
                string[] members = Members(first, "7", "0", Noise(960));
                members = [.. members[turn..], .. members[..turn]];
                bool read = IsReadAlike(Encoding.ASCII.GetBytes(Compose(members, " ", " ", "")));
                Assert.True(read || first > 31, $"{first} characters, {turn}");
            }
        }
    }

    [Theory]
    [InlineData(3, "", "")]
    [InlineData(0, " ", "\n ")]
    [InlineData(6, "", " ")]
    public void EveryByteAtEveryPlace_IsReadLikeByTheStrictReader(int turn, string colon, string comma)
    {
        string[] members = Members(21, "0", "10", Noise(960));
        byte[] message = Encoding.ASCII.GetBytes(Compose([.. members[turn..], .. members[..turn]], colon, comma, ""));
        Assert.True(IsReadAlike(message));
        int audio = Encoding.ASCII.GetString(message).IndexOf("\"delta\"", StringComparison.Ordinal) + 20;
        for (int place = 0; place < message.Length; place = place == audio ? place + 1_240 : place + 1)
        {
            byte before = message[place];
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                message[place] = (byte)value;
                IsReadAlike(message);
            }

            message[place] = before;
        }
    }

    [Fact]
    public void DamagedMessages_AreReadLikeByTheStrictReader()
    {
        const string marks = "\"\"\",:{}[]01 \n\\x\0";
        int tried = Thoroughness.Of(100_000);
        int read = 0;
        for (int i = 0; i < tried; i++)
        {
            string[] members = Members(_random.Next(28), "0", "31", Convert.ToBase64String(_audio.AsSpan(0, 600)));
            _random.Shuffle(members);
            var message = new StringBuilder(Compose(members, Spaces[_random.Next(4)], Spaces[_random.Next(4)], ""));
            int audio = message.ToString().IndexOf("\"delta\"", StringComparison.Ordinal) + 20;
            for (int damage = _random.Next(1, 4); damage > 0; damage--)
            {
                int place = _random.Next(message.Length - 760);
                place = place < audio ? place : place + 760;
                char mark = marks[_random.Next(marks.Length)];
                switch (_random.Next(4))
                {
                    case 0:
                        message[place] = mark;
                        break;
                    case 1:
                        message.Insert(place, mark);
                        break;
                    case 2:
                        message.Remove(place, 1);
                        break;
                    default:
                        message.Insert(place, message.ToString(place, _random.Next(Math.Min(30, message.Length - place))));
                        break;
                }
            }

            read += IsReadAlike(Encoding.Latin1.GetBytes(message.ToString())) ? 1 : 0;
        }

        Assert.InRange(read, tried / 100, tried / 2);
    }

    [Fact]
    public void MessagesCutAnywhere_AreRefused()
    {
        byte[] message = Encoding.ASCII.GetBytes(Compose(Members(21, "0", "10", Noise(960)), "", "", ""));
        for (int length = 0; length < message.Length; length++)
        {
            Assert.False(IsReadAlike(message.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("\"output_index\":0", "\"output_index\":00")]
    [InlineData("\"output_index\":0", "\"output_index\":1234567890")]
    [InlineData("\"output_index\":0", "\"output_index\":")]
    [InlineData("\"output_index\":0", "\"output_index\":-1")]
    [InlineData("\"output_index\":0", "\"output_index\":\"0\"")]
    [InlineData("\"output_index\":0", "\"content_index\":0")]
    [InlineData("\"output_index\":0", "\"output_indey\":0")]
    [InlineData("\"output_index\":0", "\"output_index\":0,\"output_index\":0")]
    [InlineData("\"item_id\":\"", "\"item_id\":\"a,b")]
    [InlineData("\"item_id\":\"", "\"item_id\":\"\\u0041")]
    [InlineData("\"item_id\":\"", "\"item_id\":\"é")]
    [InlineData("\"item_id\"", "\"item_id\" ")]
    [InlineData(",\"item_id\"", " ,\"item_id\"")]
    [InlineData(",\"item_id\"", ",\"x\":1,\"item_id\"")]
    [InlineData(",\"item_id\"", ",,\"item_id\"")]
    public void WhatIsUnusual_IsLeftToTheOthers(string usual, string unusual)
    {
        string message = Compose(Members(21, "0", "10", Noise(960)), "", "", "");
        Assert.False(IsReadAlike(Encoding.UTF8.GetBytes(message.Replace(usual, unusual, StringComparison.Ordinal))));
    }

    /// <summary>True when the message was read; then the strict reader must have read the same.</summary>
    private bool IsReadAlike(ReadOnlySpan<byte> message)
    {
        bool read = false;
        foreach (bool atEnd in (ReadOnlySpan<bool>)[true, false])
        {
            Span<byte> guarded = atEnd ? _memory.AtEnd(message.Length) : _memory.AtStart(message.Length);
            message.CopyTo(guarded);
            Array.Clear(_slots);
            read = AnyOrderReader.TryRead<ResponseOutputAudioDeltaView>(guarded, _audio, _slots, out int decoded);
            if (read)
            {
                Array.Clear(_strictSlots);
                var json = new JsonCursor(message) { IsStrict = true };
                bool strict = ResponseOutputAudioDeltaView.TryRead(ref json, _strictSlots, _strictAudio, out int strictDecoded) && json.End();
                Assert.True(strict, Encoding.Latin1.GetString(message));
                Assert.True(_slots.AsSpan().SequenceEqual(_strictSlots), Encoding.Latin1.GetString(message));
                Assert.True(_audio.AsSpan(0, decoded).SequenceEqual(_strictAudio.AsSpan(0, strictDecoded)), Encoding.Latin1.GetString(message));
            }
        }

        return read;
    }

    private string Noise(int bytes)
    {
        byte[] audio = new byte[bytes];
        _random.NextBytes(audio);
        return Convert.ToBase64String(audio);
    }

    private static string[] Members(int idLength, string outputIndex, string contentIndex, string audio) =>
    [
        "\"type\":\"response.output_audio.delta\"",
        $"\"event_id\":\"{new string('e', idLength)}\"",
        "\"response_id\":\"resp_0123456789\"",
        "\"item_id\":\"item_0123456789\"",
        $"\"output_index\":{outputIndex}",
        $"\"content_index\":{contentIndex}",
        Audio.Insert(Audio.Length - 1, audio),
    ];

    private static string Compose(string[] members, string colon, string comma, string outside) =>
        "{" + outside + string.Join("," + comma, members.Select(member => member.Replace("\":", "\":" + colon, StringComparison.Ordinal))) + outside + "}";
}

using System.Buffers;
using System.Text;
using Realtime.Protocol.Tests.Wire;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>How large a message may be: the limit counts bytes of the whole message, whether it lies in one piece or in many.</summary>
public class MessageLimitTests
{
    private const int DefaultLimit = 16 * 1024 * 1024;

    [Theory]
    [InlineData("realtime", "server")]
    [InlineData("realtime", "client")]
    [InlineData("translation", "server")]
    [InlineData("translation", "client")]
    public void MessageOf16MiB_IsReadAndOneByteMoreIsRefused(string family, string direction)
    {
        EventFamily events = EventFamily.Of(family, direction);
        byte[] largest = Message(DefaultLimit);
        byte[] tooLarge = Message(DefaultLimit + 1);
        ReadOnlySequence<byte> largestInPieces = Pieces(largest);
        ReadOnlySequence<byte> tooLargeInPieces = Pieces(tooLarge);
        var tooLargeInOnePiece = new ReadOnlySequence<byte>(tooLarge);

        Assert.True(events.TryRead(largest, default, out _, out ReadError error), error.ToString());
        Assert.False(events.TryRead(tooLarge, default, out EventFacts facts, out error));
        AssertTooLarge(facts, error, DefaultLimit);

        Assert.True(events.TryRead(in largestInPieces, default, out _, out error), error.ToString());
        Assert.False(events.TryRead(in tooLargeInPieces, default, out EventFacts inPieces, out error));
        AssertTooLarge(inPieces, error, DefaultLimit);
        Assert.False(events.TryRead(in tooLargeInOnePiece, default, out EventFacts inOnePiece, out error));
        AssertTooLarge(inOnePiece, error, DefaultLimit);
    }

    /// <summary>A peer can send more than any array holds; the pieces here share their memory.</summary>
    [Fact]
    public void SequenceBeyondWhatAnArrayHolds_IsRefusedUnread()
    {
        ReadOnlyMemory<byte> piece = new byte[DefaultLimit];
        ReadOnlySequence<byte> message = Segments.Of([.. Enumerable.Repeat(piece, 200)]);
        Assert.True(message.Length > int.MaxValue);
        Assert.False(EventFamily.Of("realtime", "server").TryRead(in message, default, out EventFacts facts, out ReadError error));
        AssertTooLarge(facts, error, DefaultLimit);
    }

    [Fact]
    public void LimitOfOnesOwn_IsHeld()
    {
        byte[] message = """{"type":"tomorrow.event"}"""u8.ToArray();
        Assert.True(new ServerEventReader(message.Length).TryRead(message, default, out _, out ReadError error), error.ToString());
        Assert.False(new ServerEventReader(message.Length - 1).TryRead(message, default, out ServerEvent value, out error));
        Assert.Equal(ServerEventKind.Unknown, value.Kind);
        Assert.Equal((ReadErrorReason.TooLarge, message.Length - 1, ""), (error.Reason, error.Offset, error.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(512 * 1024 * 1024)]
    [InlineData(int.MaxValue)]
    public void LimitThatNoReaderCanKeep_IsRefusedNamingTheLargest(int limit)
    {
        Action[] constructors = [() => new ServerEventReader(limit), () => new ClientEventReader(limit), () => new Protocol.Events.Translation.ServerEventReader(limit), () => new Protocol.Events.Translation.ClientEventReader(limit)];
        Assert.All(constructors, construct =>
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(construct);
            Assert.Equal(("maxMessageBytes", limit), (error.ParamName, error.ActualValue));
            Assert.Contains(limit < 1 ? "'1'" : $"'{EventHeader.LargestMessageBytes}'", error.Message, StringComparison.Ordinal);
        });
    }

    /// <summary>One byte more and a member's length would no longer fit where it is noted.</summary>
    [Fact]
    public void LargestMessage_IsAsLongAsASlotCanSay()
    {
        _ = new ServerEventReader(EventHeader.LargestMessageBytes);
        Assert.Equal(EventHeader.LargestMessageBytes, Slot.Value(0, EventHeader.LargestMessageBytes).Length);
        Assert.NotEqual(EventHeader.LargestMessageBytes + 1, Slot.Value(0, EventHeader.LargestMessageBytes + 1).Length);
    }

    /// <summary>The memory is asked for and never touched.</summary>
    [Fact]
    public void MessageLargerThanAnyReaderTakes_IsRefusedWhereThereIsNoOtherLimit()
    {
        byte[] message = GC.AllocateUninitializedArray<byte>(EventHeader.LargestMessageBytes + 1);
        Assert.False(ServerEvent.TryRead(message, out _, out ReadError error));
        Assert.Equal((ReadErrorReason.TooLarge, EventHeader.LargestMessageBytes), (error.Reason, error.Offset));
        Assert.False(ClientEvent.TryRead(message, out _, out error));
        Assert.Equal((ReadErrorReason.TooLarge, EventHeader.LargestMessageBytes), (error.Reason, error.Offset));
        Assert.False(Protocol.Events.Translation.ServerEvent.TryRead(message, out _, out error));
        Assert.Equal((ReadErrorReason.TooLarge, EventHeader.LargestMessageBytes), (error.Reason, error.Offset));
        Assert.False(Protocol.Events.Translation.ClientEvent.TryRead(message, out _, out error));
        Assert.Equal((ReadErrorReason.TooLarge, EventHeader.LargestMessageBytes), (error.Reason, error.Offset));
    }

    private static byte[] Message(int length)
    {
        byte[] message = new byte[length];
        Array.Fill(message, (byte)'x');
        Encoding.UTF8.GetBytes("""{"type":"tomorrow.event","x":" """).CopyTo(message, 0);
        "\"}"u8.CopyTo(message.AsSpan(length - 2));
        return message;
    }

    private static ReadOnlySequence<byte> Pieces(byte[] message) =>
        Segments.Of([.. Enumerable.Range(0, (message.Length / 65_536) + 1).Select(i => (ReadOnlyMemory<byte>)message.AsMemory(i * 65_536, Math.Min(65_536, message.Length - (i * 65_536))))]);

    private static void AssertTooLarge(in EventFacts facts, in ReadError error, int limit)
    {
        Assert.False(facts.WasRead || facts.IsKnown);
        Assert.Equal((ReadErrorReason.TooLarge, limit, "", null), (error.Reason, error.Offset, error.Path, error.Member));
    }
}

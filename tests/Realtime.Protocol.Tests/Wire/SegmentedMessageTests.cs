using System.Text;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>A message in pieces that begins like the audio before it, and is something else.</summary>
public class SegmentedMessageTests
{
    /// <summary>A first piece that ends inside the payload of every message here, and holds all that stands before it.</summary>
    private const int PieceLength = 95;

    /// <summary>The text is valid base64, and of the shape of the text before: nothing but the type behind it says that it is none.</summary>
    [Theory]
    [InlineData("moreText")]
    [InlineData("AAAA")]
    [InlineData("")]
    public void TextThatIsBase64_StaysText_WhenTheTypeComesLast(string text)
    {
        var reader = new ServerEventReader();
        byte[] room = new byte[64];
        Read(reader, "response.output_audio.delta", "AAAA", room);
        Read(reader, "response.output_audio.delta", "AAAA", room);
        Read(reader, "response.output_text.delta", "word", room);

        byte[] message = TypeLast("response.output_text.delta", text);
        Assert.True(reader.TryRead(Segments.Every(PieceLength, message), room, out ServerEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView view));
        Assert.Equal(text, view.Delta.ToString());
        Assert.True(value.Audio.IsEmpty);
        Assert.True(value.Json.SequenceEqual(message));
    }

    [Fact]
    public void Audio_IsDecodedInPieces_WhenTheTypeComesLast()
    {
        var reader = new ServerEventReader();
        byte[] room = new byte[64];
        Read(reader, "response.output_audio.delta", "AAAA", room);
        Read(reader, "response.output_audio.delta", "AAAA", room);
        Read(reader, "response.output_text.delta", "word", room);

        Assert.True(reader.TryRead(Segments.Every(PieceLength, TypeLast("response.output_audio.delta", "AQIDBAUG")), room, out ServerEvent value, out _));
        Assert.True(value.SameItemAsPrevious && value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView view) && view.Delta.IsDecoded);
        Assert.Equal([1, 2, 3, 4, 5, 6], value.Audio.ToArray());
    }

    private static void Read(ServerEventReader reader, string type, string delta, byte[] room) =>
        Assert.True(reader.TryRead(TypeLast(type, delta), room, out _, out _));

    private static byte[] TypeLast(string type, string delta) =>
        Encoding.UTF8.GetBytes($$"""{"event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"{{delta}}","type":"{{type}}"}""");
}

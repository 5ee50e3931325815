namespace Realtime.Protocol.Tests.Schema;

/// <summary>Where the audio of an event lies after reading: in the destination when it fits, in the message otherwise.</summary>
public class AudioReadingTests
{
    [Fact]
    public void AudioThatDoesNotFit_StaysEncodedAndCanBeDecodedLater()
    {
        byte[] json = """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQIDBA=="}"""u8.ToArray();
        Assert.True(new ServerEventReader().TryRead(json, new byte[2], out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.False(delta.Delta.IsDecoded);
        Assert.Equal(4, delta.Delta.DecodedLength);
        byte[] audio = new byte[4];
        Assert.True(delta.Delta.TryDecode(audio, out int written));
        Assert.Equal(4, written);
        Assert.Equal([1, 2, 3, 4], audio);
    }

    /// <summary>The reader's destination is used for the next message.</summary>
    [Fact]
    public void EventThatIsCopiedToBeWritten_KeepsItsAudio()
    {
        byte[] destination = new byte[16];
        Assert.True(new ServerEventReader().TryRead("""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQIDBA=="}"""u8, destination, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView view) && view.Delta.IsDecoded);
        ResponseOutputAudioDelta copy = view.ToWritable();
        destination.AsSpan().Fill(0xFF);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        EventWriter.Write(output, in copy);
        Assert.Contains("\"AQIDBA==\"", System.Text.Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void AudioThatFits_LiesInTheDestination()
    {
        byte[] json = """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQIDBA=="}"""u8.ToArray();
        byte[] destination = new byte[16];
        Assert.True(new ServerEventReader().TryRead(json, destination, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.True(delta.Delta.IsDecoded);
        Assert.Equal([1, 2, 3, 4], delta.Delta.Bytes.ToArray());
        Assert.True(delta.Delta.Bytes.Overlaps(destination));
    }
}

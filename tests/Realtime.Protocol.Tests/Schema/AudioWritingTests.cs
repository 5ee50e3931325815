using System.Buffers;
using System.Text;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// An event that holds nothing but audio takes a way of its own. What it writes, reserves and refuses is what any other
/// event does; here each is held against text put together by hand.
/// </summary>
public class AudioWritingTests
{
    private const int LargestSize = 700;

    [Fact]
    public void EverySize_IsWrittenIntoExactlyWhatWasReserved()
    {
        byte[] audio = Noise(LargestSize);
        for (int size = 0; size <= LargestSize; size++)
        {
            var output = new ExactOutput();
            EventWriter.Write(output, new InputAudioBufferAppend { Audio = audio.AsSpan(0, size) });
            Assert.Equal($$"""{"type":"input_audio_buffer.append","audio":"{{Convert.ToBase64String(audio, 0, size)}}"}""", output.Text);
        }
    }

    [Fact]
    public void EverythingBesideTheAudio_IsWrittenToo()
    {
        byte[] audio = Noise(LargestSize);
        string text = Convert.ToBase64String(audio);
        Assert.Equal($$"""{"type":"input_audio_buffer.append","event_id":"a\nb","audio":"{{text}}"}""", Write(new InputAudioBufferAppend { EventId = "a\nb", Audio = audio }));
        Assert.Equal($$"""{"type":"input_audio_buffer.append","audio":"{{text}}","pitch":[1]}""", Write(new InputAudioBufferAppend { Audio = audio, UnknownMembers = Pitch() }));
        Assert.Equal($$"""{"type":"input_audio_buffer.append","event_id":"e","audio":"","pitch":[1]}""", Write(new InputAudioBufferAppend { EventId = "e", Audio = default, UnknownMembers = Pitch() }));
    }

    [Fact]
    public void AnIdOfAnyLengthAndCharacter_IsWrittenAsJsonHasIt()
    {
        byte[] audio = Noise(960);
        string letters = string.Concat(Enumerable.Range(0, 130).Select(static i => (char)('!' + (i % 94)))).Replace('"', '+').Replace('\\', '-');
        string[] unusual = ["\"", "\\", "\u0000", "\u001F", "\n", "\u007F", "\u0080", "ü", "\u2028", "😀", " "];
        for (int length = 0; length <= letters.Length; length++)
        {
            RequireId(letters[..length], audio);
            for (int at = 0; at < length; at++)
            {
                RequireId(letters[..at] + unusual[(length + at) % unusual.Length] + letters[(at + 1)..length], audio);
            }
        }
    }

    [Fact]
    public void AnIdWithoutAForm_IsRefusedAndNothingIsReserved()
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 33, 63, 64, 65 })
        {
            for (int place = 0; place < length; place++)
            {
                char[] characters = [.. Enumerable.Repeat('e', length)];
                characters[place] = '\uD800';
                byte[] bytes = [.. Enumerable.Repeat((byte)'e', length)];
                bytes[place] = 0xFF;
                AssertRefused(new string(characters));
                AssertRefused(bytes);
            }
        }

        void AssertRefused(Text id)
        {
            var output = new ExactOutput();
            Assert.Throws<ArgumentException>(() => EventWriter.Write(output, new InputAudioBufferAppend { EventId = id, Audio = Noise(100) }));
            Assert.Equal(0, output.Reservations);
        }
    }

    [Fact]
    public void AudioInPieces_IsWrittenAsOne()
    {
        byte[] audio = Noise(LargestSize);
        foreach (int size in new[] { 1, 2, 3, 100, LargestSize })
        {
            Assert.Equal(Write(new InputAudioBufferAppend { Audio = audio }), Write(new InputAudioBufferAppend { Audio = Wire.Segments.Every(size, audio) }));
        }
    }

    [Fact]
    public void TranslationsHaveTheSameWay()
    {
        byte[] audio = Noise(LargestSize);
        var output = new ExactOutput();
        Events.Translation.EventWriter.Write(output, new Events.Translation.SessionInputAudioBufferAppend { Audio = audio });
        Assert.Equal($$"""{"type":"session.input_audio_buffer.append","audio":"{{Convert.ToBase64String(audio)}}"}""", output.Text);
    }

    [Fact]
    public void AnIdThatIsNull_IsRefusedAndNothingIsReserved()
    {
        var output = new ExactOutput();
        ArgumentException error = Assert.Throws<ArgumentException>(() => EventWriter.Write(output, new InputAudioBufferAppend { EventId = Text.Null, Audio = Noise(LargestSize) }));
        Assert.Contains("InputAudioBufferAppend.EventId", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.Reservations);
    }

    [Fact]
    public void NoOutput_IsRefusedByName()
    {
        byte[] audio = Noise(LargestSize);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => EventWriter.Write(null!, new InputAudioBufferAppend { Audio = audio })).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => EventWriter.Write(null!, new InputAudioBufferAppend { Audio = default })).ParamName);
    }

    [Fact]
    public void AnOutputThatGivesLessThanItWasAskedFor_IsNotWrittenBeyond()
    {
        var output = new ExactOutput { Missing = 1 };
        Assert.Throws<ArgumentOutOfRangeException>(() => EventWriter.Write(output, new InputAudioBufferAppend { Audio = Noise(LargestSize) }));
        Assert.Equal("", output.Text);
    }

    private static void RequireId(string id, byte[] audio)
    {
        foreach (Text text in new Text[] { id, Encoding.UTF8.GetBytes(id) })
        {
            string written = Write(new InputAudioBufferAppend { EventId = text, Audio = audio });
            using var parsed = System.Text.Json.JsonDocument.Parse(written);
            Assert.Equal(id, parsed.RootElement.GetProperty("event_id").GetString());
            Assert.Equal($$"""{"type":"input_audio_buffer.append","event_id":{{parsed.RootElement.GetProperty("event_id").GetRawText()}},"audio":"{{Convert.ToBase64String(audio)}}"}""", written);
        }
    }

    private static string Write(scoped in InputAudioBufferAppend value)
    {
        var output = new ExactOutput();
        EventWriter.Write(output, value);
        return output.Text;
    }

    private static UnknownMembers Pitch()
    {
        Assert.True(ClientEvent.TryRead("""{"type":"input_audio_buffer.append","audio":"","pitch":[1]}"""u8, out ClientEvent value, out _));
        Assert.True(value.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView view));
        return view.ToWritable().UnknownMembers;
    }

    private static byte[] Noise(int size)
    {
        byte[] audio = new byte[size];
        new Random(Seeds.Next()).NextBytes(audio);
        return audio;
    }

    /// <summary>Gives what it is asked for and not a byte more, once, and sees whether all of it was taken.</summary>
    private sealed class ExactOutput : IBufferWriter<byte>
    {
        private const byte Guard = 0xA5;

        private byte[] _memory = [];

        /// <summary>How many bytes less it gives.</summary>
        public int Missing { get; init; }

        public int Reservations { get; private set; }

        public string Text { get; private set; } = "";

        public void Advance(int count)
        {
            Assert.Equal(_memory.Length - 2, count);
            Assert.Equal("", Text);
            Assert.Equal((Guard, Guard), (_memory[0], _memory[^1]));
            Text = Encoding.UTF8.GetString(_memory.AsSpan(1, count));
        }

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Assert.Equal(1, ++Reservations);
            _memory = new byte[sizeHint + 2];
            _memory.AsSpan().Fill(Guard);
            return _memory.AsMemory(1, sizeHint - Missing);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}

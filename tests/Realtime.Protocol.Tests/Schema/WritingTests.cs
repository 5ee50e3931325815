using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

public class WritingTests
{
    [Fact]
    public void AbsentNullAndValue_AreThreeThings()
    {
        Assert.Equal("""{"type":"session.update","session":{}}""", Write(new SessionUpdate { Session = new Session() }));
        Assert.Equal("""{"type":"session.update","session":{"prompt":null}}""", Write(new SessionUpdate { Session = new Session { Prompt = Field<Prompt>.Null } }));
        Assert.Equal("""{"type":"session.update","session":{"tools":[]}}""", Write(new SessionUpdate { Session = new Session { Tools = [] } }));
        Assert.Equal("""{"type":"session.update","session":{"instructions":""}}""", Write(new SessionUpdate { Session = new Session { Instructions = "" } }));
    }

    [Fact]
    public void TextThatIsANullReference_IsNull()
    {
        Assert.Equal(Presence.Null, ((Text)(string?)null).Presence);
        Assert.Equal(Presence.Null, ((Text)(byte[]?)null).Presence);
        Assert.Equal("", ((Text)(byte[]?)null).ToString());
    }

    /// <summary>An event is measured before it is written, and memory that somebody else writes to may be longer or shorter by then.</summary>
    [Theory]
    [InlineData("abc", "ab\n")]
    [InlineData("aaaaaaaa", "\0\0\0\0\0\0\0\0")]
    [InlineData("\n\n", "ab")]
    [InlineData("abc", "ab")]
    [InlineData("abc", "")]
    public void TextThatChangesWhileItIsWritten_IsRefusedAndNothingIsWritten(string measured, string written)
    {
        using var memory = new ChangingMemory(Encoding.UTF8.GetBytes(measured), Encoding.UTF8.GetBytes(written));
        var output = new ArrayBufferWriter<byte>();
        var error = Assert.Throws<InvalidOperationException>(() => EventWriter.Write(output, new ResponseCancel { ResponseId = (ReadOnlyMemory<byte>)memory.Memory }));
        Assert.Contains("changed while it was being written", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    /// <summary>Each of these characters becomes six bytes, together more than an integer counts.</summary>
    [Fact]
    public void TextTooLongToBeCounted_IsRefusedInWords()
    {
        // One text of sixteen million characters, said 128 times.
        const int length = 1 << 24;
        byte[] letters = new byte[length];
        letters.AsSpan().Fill((byte)'a');
        Tool[] tools = [.. Enumerable.Repeat<Tool>(new FunctionTool { Description = letters }, 128)];
        var error = Assert.Throws<ArgumentException>(() => EventWriter.Write(new ArrayBufferWriter<byte>(), new SessionUpdate { Session = new Session { Tools = tools } }));
        long expected = (128L * length) + """{"type":"session.update","session":{"tools":[]}}""".Length + (128 * """{"type":"function","description":""},""".Length) - 1;
        Assert.Contains(expected.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [SequencerEntry]
    public void ResponseCreate_LeavesTheResponseOutAndNeverWritesNull()
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(output, new ResponseCreate { EventId = "e1" });
        Assert.Equal("""{"type":"response.create","event_id":"e1"}""", Encoding.UTF8.GetString(output.WrittenSpan));

        output.Clear();
        EventWriter.Write(output, new ResponseCreate { EventId = "e1", Response = null });
        Assert.Equal("""{"type":"response.create","event_id":"e1"}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(17, 1, 1)]
    [InlineData(1, 65, 1)]
    [InlineData(1, 1, 513)]
    [SequencerEntry]
    public void MetadataAboveItsLimits_IsRefusedAndNothingIsWritten(int pairs, int keyLength, int valueLength)
    {
        var metadata = new Dictionary<string, string>();
        for (int i = 0; i < pairs; i++)
        {
            metadata[((char)('a' + i)) + new string('k', keyLength - 1)] = new string('v', valueLength);
        }

        var output = new ArrayBufferWriter<byte>();
        ArgumentException error = Assert.Throws<ArgumentException>([SequencerEntry] () => EventWriter.Write(output, new ResponseCreate { Response = new ResponseParameters { Metadata = metadata } }));
        Assert.Contains("metadata", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("vv", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void RequiredTextLeftNull_IsRefusedByName()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Write(new ConversationItemDelete { ItemId = (string?)null }));
        Assert.Contains("ConversationItemDelete.ItemId", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KnownEnumUnknownEnumAndRawText_AreWrittenOrRefused()
    {
        Assert.Contains("\"type\":\"audio/pcmu\"", Format(AudioFormatType.AudioPcmu), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"audio/opus\"", Format("audio/opus"), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Format((AudioFormatType)99));
    }

    [Fact]
    public void Unions_WriteTheirAlternatives()
    {
        string json = Write(new SessionUpdate
        {
            Session = new Session
            {
                ToolChoice = (ToolChoice)"auto",
                MaxOutputTokens = IntegerOrInfinity.Infinity,
                Tools = [new FunctionTool { Name = "clock", Parameters = RawJson.Parse("""{"type":"object"}""") }],
                Audio = new SessionAudio { Input = new SessionAudioInput { TurnDetection = new SemanticVad { Eagerness = SemanticVadEagerness.Low } } },
            },
        });
        Assert.Equal(
            """{"type":"session.update","session":{"tools":[{"type":"function","name":"clock","parameters":{"type":"object"}}],"tool_choice":"auto","max_output_tokens":"inf","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"low"}}}}}""",
            Write(new SessionUpdate { Session = Parse(json) }));
    }

    [Fact]
    public void Append_TakesRawAudioInOnePieceOrSeveral()
    {
        byte[] audio = [1, 2, 3, 4, 5];
        const string expected = """{"type":"input_audio_buffer.append","audio":"AQIDBAU="}""";
        var whole = new ArrayBufferWriter<byte>();
        EventWriter.Write(whole, new InputAudioBufferAppend { Audio = audio });
        Assert.Equal(expected, Encoding.UTF8.GetString(whole.WrittenSpan));

        var pieces = new ArrayBufferWriter<byte>();
        EventWriter.Write(pieces, new InputAudioBufferAppend { Audio = Wire.Segments.Every(2, audio) });
        Assert.Equal(expected, Encoding.UTF8.GetString(pieces.WrittenSpan));
    }

    [Fact]
    public async Task APipe_TakesAnEventLargerThanItsSegments()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        byte[] audio = new byte[100_000];
        new Random(Seeds.Next()).NextBytes(audio);
        EventWriter.Write(pipe.Writer, new InputAudioBufferAppend { Audio = audio });
        await pipe.Writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(pipe.Reader.TryRead(out ReadResult result));
        Assert.True(new ClientEventReader().TryRead(result.Buffer, new byte[100_000], out ClientEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView append));
        Assert.True(append.Audio.Bytes.SequenceEqual(audio));
    }

    /// <summary>The writer asks an event twice and makes no copy of it, which is right as long as no event can change itself then: its method is readonly, or the whole of it.</summary>
    [Fact]
    public void EveryEvent_WritesItselfInAReadonlyMethod()
    {
        Type[] events = [.. typeof(EventWriter).Assembly.GetTypes().Where(static type => type.IsValueType && typeof(IJsonWritable).IsAssignableFrom(type))];
        Assert.Contains(typeof(InputAudioBufferAppend), events);
        Assert.All(events, static type => Assert.True(type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false) || type.GetInterfaceMap(typeof(IJsonWritable)).TargetMethods[0].IsDefined(typeof(IsReadOnlyAttribute), inherit: false), type.Name));
    }

    [Fact]
    public void Values_SayNothingAboutTheirContent()
    {
        Assert.DoesNotContain("secret", new Field<string>("secret").ToString(), StringComparison.Ordinal);
        Assert.True(ServerEvent.TryRead("""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQID"}"""u8, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.Equal("3 bytes of audio", delta.Delta.ToString());
        Assert.Equal("ResponseOutputAudioDelta", value.ToOwned().ToString());
    }

    [Fact]
    public void MembersThatNobodyKnows_SurviveACopyAtEveryDepth()
    {
        const string json = """{"type":"session.update","session":{"type":"realtime","\u0061 b":[1,{"c":null}],"audio":{"input":{"turn_detection":{"type":"server_vad","zeal":9}},"ether":{}},"tools":[{"type":"hologram","depth":3}]},"later":"x"}""";
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetSessionUpdate(out SessionUpdateView view));
        SessionUpdate copy = view.ToWritable();
        JsonEquality.AssertEqual(Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(Write(copy)));

        copy.Session.UnknownMembers = default;
        Assert.DoesNotContain("a b", Write(copy), StringComparison.Ordinal);
        Assert.DoesNotContain("later", copy.UnknownMembers.ToString(), StringComparison.Ordinal);
    }

    private static Session Parse(string json)
    {
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetSessionUpdate(out SessionUpdateView view));
        return view.ToWritable().Session;
    }

    private static string Format(OpenEnum<AudioFormatType> type) =>
        Write(new SessionUpdate { Session = new Session { Audio = new SessionAudio { Input = new SessionAudioInput { Format = new AudioFormat { Type = type } } } } });

    private static string Write(SessionUpdate value)
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(output, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Write(ConversationItemDelete value)
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(output, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Memory that holds one thing when it is looked at first and another thing afterwards.</summary>
    private sealed class ChangingMemory(byte[] first, byte[] then) : MemoryManager<byte>
    {
        private bool _wasLookedAt;

        public override Memory<byte> Memory => CreateMemory(first.Length);

        public override Span<byte> GetSpan()
        {
            byte[] now = _wasLookedAt ? then : first;
            _wasLookedAt = true;
            return now;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}

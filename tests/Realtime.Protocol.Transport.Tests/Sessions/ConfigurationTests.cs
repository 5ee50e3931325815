using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A configuration as the wire has it, and back: what is null says nothing, what is off says so, and what the server repeats is what was asked for.</summary>
public sealed class ConfigurationTests
{
    public static TheoryData<string> Names => [.. Rows.Select(static row => row.Json)];

    private static readonly (SessionConfiguration Configuration, string Json)[] Rows =
    [
        (new(), "{}"),
        (new() { Instructions = "" }, """{"instructions":""}"""),
        (new() { Voice = "marin" }, """{"audio":{"output":{"voice":"marin"}}}"""),
        (new() { Voice = VoiceName.Custom("voice_1") }, """{"audio":{"output":{"voice":{"id":"voice_1"}}}}"""),
        (new() { Speed = 1.25 }, """{"audio":{"output":{"speed":1.25}}}"""),
        (new() { Modality = OutputModality.Text }, """{"output_modalities":["text"]}"""),
        (new() { Modality = OutputModality.Audio }, """{"output_modalities":["audio"]}"""),
        (new() { TurnTaking = TurnTaking.Manual }, """{"audio":{"input":{"turn_detection":null}}}"""),
        (new() { TurnTaking = new TurnTaking.SemanticVad { Eagerness = "high", InterruptsResponse = false } },
            """{"audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"high","create_response":true,"interrupt_response":false}}}}"""),
        (new() { TurnTaking = new TurnTaking.ServerVad { Threshold = 0.5, PrefixPadding = TimeSpan.FromMilliseconds(300), Silence = TimeSpan.FromMilliseconds(400), IdleTimeout = TimeSpan.FromSeconds(10) } },
            """{"audio":{"input":{"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":400,"idle_timeout_ms":10000,"create_response":true,"interrupt_response":true}}}}"""),
        (new() { Transcription = InputTranscription.Off }, """{"audio":{"input":{"transcription":null}},"include":[]}"""),
        (new() { Transcription = "whisper-1" }, """{"audio":{"input":{"transcription":{"model":"whisper-1"}}},"include":[]}"""),
        (new() { Transcription = new("gpt-4o-transcribe") { Language = "en", Prompt = "bicycles", LogProbabilities = true } },
            """{"audio":{"input":{"transcription":{"model":"gpt-4o-transcribe","language":"en","prompt":"bicycles"}}},"include":["item.input_audio_transcription.logprobs"]}"""),
        (new() { NoiseReduction = InputNoiseReduction.Off }, """{"audio":{"input":{"noise_reduction":null}}}"""),
        (new() { NoiseReduction = InputNoiseReduction.FarField with { Strength = 0.5 } }, """{"audio":{"input":{"noise_reduction":{"type":"far_field","strength":0.5}}}}"""),
        (new() { ToolUse = ToolUse.Required }, """{"tool_choice":"required"}"""),
        (new() { ToolUse = ToolUse.Function("clock") }, """{"tool_choice":{"type":"function","name":"clock"}}"""),
        (new() { ParallelToolCalls = false }, """{"parallel_tool_calls":false}"""),
        (new() { MaxOutputTokens = 100 }, """{"max_output_tokens":100}"""),
        (new() { MaxOutputTokens = SessionConfiguration.Unlimited }, """{"max_output_tokens":"inf"}"""),
        (new() { ReasoningEffort = "low" }, """{"reasoning":{"effort":"low"}}"""),
        (new() { Truncation = ContextTruncation.Disabled }, """{"truncation":"disabled"}"""),
        (new() { Truncation = ContextTruncation.Retain(0.8, 8_000) }, """{"truncation":{"type":"retention_ratio","retention_ratio":0.8,"token_limits":{"post_instructions":8000}}}"""),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void AConfiguration_SaysWhatItStates_AndIsReadBack(string json)
    {
        SessionConfiguration configuration = Rows.Single(row => row.Json == json).Configuration;
        JsonObject written = Written(configuration);
        Assert.Equal("realtime", (string?)written["type"]);
        written.Remove("type");
        Assert.True(JsonNode.DeepEquals(written, JsonNode.Parse(json)), written.ToJsonString());

        Assert.Equal(configuration, ConfigurationReading.Over(new(), Stated(json)));
    }

    [Fact]
    public void WhatTheServerDoesNotRepeat_StaysAsItWas()
    {
        SessionConfiguration all = Rows.Aggregate(new SessionConfiguration(), static (before, row) => ConfigurationReading.Over(before, Stated(row.Json)));

        Assert.Equal(all, ConfigurationReading.Over(all, Stated("{}")));
        Assert.Equal(all with { Instructions = "New." }, ConfigurationReading.Over(all, Stated("""{"instructions":"New."}""")));
    }

    [Theory]
    [InlineData("""{"voice":"alloy","modalities":["audio","text"],"turn_detection":null}""")]
    public void TheOldFlatForm_IsReadToo(string json)
    {
        SessionConfiguration read = ConfigurationReading.Over(new(), Stated(json));
        Assert.Equal(("alloy", OutputModality.Audio, TurnTaking.Manual), (read.Voice?.Name, read.Modality, read.TurnTaking));
    }

    [Theory]
    [InlineData("""{"tool_choice":"surprise","truncation":"someday","output_modalities":[],"max_output_tokens":5000000000}""")]
    [InlineData("""{"tool_choice":{"type":"function","name":""},"voice":"","reasoning":{}}""")]
    [InlineData("""{"audio":{"input":{"turn_detection":{"type":"telepathy"},"transcription":{},"noise_reduction":{"type":"vacuum"}}},"expires_at":-1}""")]
    public void WhatNobodyKnowsYet_IsNotStated(string json)
    {
        SessionConfiguration read = ConfigurationReading.Over(new(), Stated(json));
        Assert.Equal(new SessionConfiguration(), read with { MaxOutputTokens = null });
    }

    [Fact]
    public void NumbersThatCannotBe_AreLeftOut_AndTheRestIsRead()
    {
        SessionConfiguration read = ConfigurationReading.Over(new(), Stated(
            """{"truncation":{"type":"retention_ratio","retention_ratio":0.5,"token_limits":{"post_instructions":-1}},"audio":{"input":{"turn_detection":{"type":"server_vad","silence_duration_ms":-9223372036854775808,"prefix_padding_ms":9223372036854775807}}}}"""));
        Assert.Equal(ContextTruncation.Retain(0.5), read.Truncation);
        Assert.Equal(new TurnTaking.ServerVad(), read.TurnTaking);
    }

    [Fact]
    public void WhatAServerLeavesOutOfAnObject_StaysAsItWas()
    {
        var before = new SessionConfiguration
        {
            TurnTaking = new TurnTaking.ServerVad { InterruptsResponse = false, CreatesResponse = false },
            Transcription = new("whisper-1") { LogProbabilities = true },
        };
        SessionConfiguration read = ConfigurationReading.Over(before, Stated("""{"audio":{"input":{"turn_detection":{"type":"server_vad"},"transcription":{"model":"whisper-1"}}}}"""));
        Assert.Equal(before, read);
    }

    [Fact]
    public void ItsLists_AreCopied()
    {
        List<string> words = ["wheel"];
        List<VoiceTool> tools = [VoiceTool.Create("clock", "", "{}", static _ => "")];
        var configuration = new SessionConfiguration { Tools = tools, Transcription = new("whisper-1") { Keywords = words } };
        tools.Clear();
        words.Clear();
        Assert.Equal((1, 1), (configuration.Tools.Count, configuration.Transcription.Keywords!.Count));
    }

    [Fact]
    public void Off_IsOff_WhateverElseItSays() =>
        Assert.Null(Written(new() { Transcription = InputTranscription.Off with { Language = "en" } })["audio"]!["input"]!["transcription"]);

    [Fact]
    public void ItsText_SaysWhichSettingsAreStated_AndNoneOfTheirWords()
    {
        var configuration = new SessionConfiguration { Instructions = "canary", Voice = "marin", Tools = [] };
        Assert.Equal("SessionConfiguration { Instructions, Voice, Tools }", configuration.ToString());
        Assert.DoesNotContain("canary", new InputTranscription("whisper-1") { Prompt = "canary" }.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void AShareThatCannotBe_IsRefusedWhereItIsMade(double ratio)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextTruncation.Retain(ratio));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextTruncation.Retain(0.5, -1));
    }

    private static JsonObject Written(SessionConfiguration configuration)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonWrite.Write(output, ConfigurationWriting.Changed(configuration, "configuration"));
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static Session Stated(string json)
    {
        byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"session.updated","event_id":"e","session":{{json}}}""");
        Assert.True(ServerEvent.TryRead(message, out ServerEvent e, out _));
        Assert.True(e.TryGetSessionUpdated(out SessionUpdatedView updated));
        return updated.Session.ToWritable();
    }
}

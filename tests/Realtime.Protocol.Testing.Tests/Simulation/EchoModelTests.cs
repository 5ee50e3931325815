using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>The stand-in answers by simple rules, and the same request always gets the same answer.</summary>
public class EchoModelTests
{
    private static readonly SimulatedTool Clock = new("clock", """{"type":"object","properties":{"zone":{"type":"string"},"digits":{"type":"integer"},"hint":{"type":"string"}},"required":["zone","digits"]}""");
    private static readonly SimulatedTool Dice = new("dice", "");

    [Fact]
    public void Audio_ComesBack_WithHowLongItWas()
    {
        var speech = Assert.IsType<ModelOutput.Speech>(Answer([Heard(Sound.Speech(2_400))]));

        Assert.Equal("I heard 2.4 seconds of speech.", speech.Transcript);
        Assert.Equal(Sound.Speech(2_400), speech.Audio.ToArray());
    }

    [Fact]
    public void AudioOfOneTurn_IsJoined_AndEarlierTurnsAreNot()
    {
        var speech = Assert.IsType<ModelOutput.Speech>(Answer(
            [Heard(Sound.Speech(900, seed: 3)), Message(MessageItemRole.Assistant, ContentPartType.OutputText, "Yes?"), Heard(Sound.Speech(300)), Heard(Sound.Speech(200, seed: 2))]));

        Assert.Equal([.. Sound.Speech(300), .. Sound.Speech(200, seed: 2)], speech.Audio.ToArray());
    }

    [Fact]
    public void Audio_IsDescribed_WhenTheAnswerIsWritten() =>
        Assert.Equal(new ModelOutput.Text("I heard 1.5 seconds of speech."), Answer([Heard(Sound.Speech(1_500))], spoken: false));

    [Fact]
    public void Text_IsRepeated_AndASpokenAnswerSoundsAsLongAsItIs()
    {
        var brief = Assert.IsType<ModelOutput.Speech>(Answer([Wrote("Hi")]));
        var lengthy = Assert.IsType<ModelOutput.Speech>(Answer([Wrote("Hi, and good day to you all")]));

        Assert.Equal("You wrote: Hi", brief.Transcript);
        Assert.True(lengthy.Audio.Length > brief.Audio.Length);
        Assert.Equal(0, brief.Audio.Length % Sound.BytesPerMs);
    }

    [Theory]
    [InlineData("tool:", "clock", """{"zone":"","digits":1}""")]
    [InlineData("tool: what time is it?", "clock", """{"zone":"what time is it?","digits":1}""")]
    [InlineData("tool: dice", "dice", "{}")]
    [InlineData("tool: dice{\"sides\":6}", "dice", """{"sides":6}""")]
    [InlineData("TOOL: clock {\"zone\":\"UTC\"}", "clock", """{"zone":"UTC"}""")]
    [InlineData("tool: {\"zone\":\"UTC\"}", "clock", """{"zone":"UTC"}""")]
    public void TextWithTool_CallsTheNamedFunction_OrTheFirst(string text, string name, string arguments) =>
        Assert.Equal(new ModelOutput.Call(name, arguments), Answer([Wrote(text)], tools: [Clock, Dice]));

    [Fact]
    public void TextWithTool_WithoutTools_IsAnsweredInWords() =>
        Assert.Equal(new ModelOutput.Text("No tool was declared that could be called."), Answer([Wrote("tool: clock")], spoken: false));

    [Fact]
    public void ToolsOutput_IsReported_AndTheCallersAudioComesBackWithIt()
    {
        SimulatedItem call = new("f", ItemKind.FunctionCall) { Name = "clock", CallId = "call_1", Arguments = "{}" };
        SimulatedItem output = new("o", ItemKind.FunctionCallOutput) { CallId = "call_1", Output = "noon" };

        var speech = Assert.IsType<ModelOutput.Speech>(Answer([Heard(Sound.Speech(600)), Wrote("tool: clock"), call, output], tools: [Clock]));

        Assert.Equal("The tool returned: noon", speech.Transcript);
        Assert.Equal(Sound.Speech(600), speech.Audio.ToArray());
    }

    [Theory]
    [InlineData(SpeechFormat.MuLaw)]
    [InlineData(SpeechFormat.ALaw)]
    public void OtherFormat_IsConverted_AndLastsAsLong(SpeechFormat format)
    {
        var speech = Assert.IsType<ModelOutput.Speech>(new EchoModel().Answer(new() { Conversation = [Heard(Sound.Speech(1_000))], Format = format }).Outputs[0]);

        Assert.Equal(1_000, format.Milliseconds(speech.Audio.Length));
    }

    [Theory]
    [InlineData(SpeechFormat.MuLaw)]
    [InlineData(SpeechFormat.ALaw)]
    public void G711_SurvivesTheRoundTrip(SpeechFormat format)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(static code => (byte)code)];

        byte[] back = SpeechEncoding.Encode(SpeechEncoding.Decode(codes, format), format);

        // µ-law has a zero of either sign; as samples they are the same.
        byte[] expected = [.. codes.Select(code => format == SpeechFormat.MuLaw && code == 0x7F ? (byte)0xFF : code)];
        Assert.Equal(expected, back);
    }

    private static ModelOutput Answer(SimulatedItem[] conversation, bool spoken = true, SimulatedTool[]? tools = null) =>
        Assert.Single(new EchoModel().Answer(new() { Conversation = conversation, Spoken = spoken, Tools = tools ?? [] }).Outputs);

    private static SimulatedItem Heard(byte[] audio)
    {
        var item = new SimulatedItem("u", ItemKind.Message) { Role = MessageItemRole.User };
        var part = new SimulatedPart(ContentPartType.InputAudio);
        part.Sounds(new GivenSound(audio), audio.Length);
        item.PartList.Add(part);
        return item;
    }

    private static SimulatedItem Wrote(string text) => Message(MessageItemRole.User, ContentPartType.InputText, text);

    private static SimulatedItem Message(MessageItemRole role, ContentPartType type, string text)
    {
        var item = new SimulatedItem("m", ItemKind.Message) { Role = role };
        item.PartList.Add(new(type) { Text = text });
        return item;
    }
}

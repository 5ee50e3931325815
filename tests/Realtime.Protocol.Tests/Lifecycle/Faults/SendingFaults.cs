using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>What an application gives and nobody can write: it is an error of that call, which names the member, and nothing has changed.</summary>
public class SendingFaults
{
    public static TheoryData<string, string> Requests => new()
    {
        { "instructions", "instructions cannot be written" },
        { "voice", "audio.output.voice cannot be written" },
        { "metadata", "metadata cannot be written" },
        { "metadata key", "metadata cannot be written" },
        { "metadata twice", "metadata cannot be written" },
        { "modality", "output_modalities[0] cannot be written" },
        { "second tool", "tools[1].description cannot be written" },
        { "schema of a tool", "tools[0].parameters[0] would be written as what no reader takes" },
        { "utf8", "instructions cannot be written" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void B2_F01_ARequestThatCannotBeWritten_IsAnErrorOfTheCall(string what, string expected)
    {
        ResponseParameters request = what switch
        {
            "instructions" => new() { Instructions = "x \ud83d" },
            "voice" => new() { Audio = new ResponseAudio { Output = new ResponseAudioOutput { Voice = (Voice)"\ud83d" } } },
            "metadata" => new() { Metadata = [new("k", "v\udc00")] },
            "metadata key" => new() { Metadata = [new("k\udc00", "v")] },
            "metadata twice" => new() { Metadata = [new("k", "1"), new("k", "2")] },
            "modality" => new() { OutputModalities = [(Modality)99] },
            "second tool" => new() { Tools = [new FunctionTool { Name = "a" }, new FunctionTool { Name = "b", Description = "\ud83d" }] },
            "schema of a tool" => new() { Tools = [new FunctionTool { Name = "a", Parameters = Changed() }] },
            _ => new() { Instructions = new byte[] { 0xED, 0xA0, 0x80 } },
        };
        IsRefused(() => SessionIntent.CreateResponse(request), "response", expected);
        IsRefused(() => SessionIntent.EndTurn(request), "response", expected);
        IsRefused(() => SessionIntent.TextTurn("hello", request), "response", expected);
    }

    [Fact]
    public void B2_AMessageThatCannotBeWritten_IsAnErrorOfTheCall()
    {
        IsRefused(() => SessionIntent.TextTurn("x \ud83d"), "text", "cannot be written");
        IsRefused(() => SessionIntent.AddText(ItemRole.Assistant, "\udc00 x"), "text", "cannot be written");
        IsRefused(() => SessionIntent.ToolOutput("call_1", "\ud83d"), "output", "cannot be written");
    }

    [Fact]
    public void B2_AConfigurationThatCannotBeWritten_IsAnErrorOfTheCall()
    {
        IsRefused(() => SessionIntent.Configure(new Session { Type = SessionType.Realtime, Instructions = "\ud83d" }), "configuration", "instructions cannot be written");
        var speed = new Session { Type = SessionType.Realtime, Audio = new SessionAudio { Output = new SessionAudioOutput { Speed = double.NaN } } };
        IsRefused(() => SessionIntent.Configure(speed), "configuration", "audio.output.speed cannot be written");
        var threshold = new Session { Type = SessionType.Realtime, Audio = new SessionAudio { Input = new SessionAudioInput { TurnDetection = (TurnDetection)new ServerVad { Threshold = double.PositiveInfinity } } } };
        IsRefused(() => SessionIntent.Configure(threshold), "configuration", "audio.input.turn_detection.threshold cannot be written");
    }

    /// <summary>No content leaves by an error: neither a text nor a name that is the application's own.</summary>
    [Fact]
    public void B2_TheError_QuotesNothingThatWasGiven()
    {
        var request = new ResponseParameters { Instructions = "secret \ud83d", Metadata = [new("private", "secret")] };
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(() => SessionIntent.CreateResponse(request));
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        refusal = Assert.ThrowsAny<ArgumentException>(() => SessionIntent.CreateResponse(new ResponseParameters { Metadata = [new("private", "secret \ud83d")] }));
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("private", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void B2_WhatIsChangedAfterTheCall_ChangesNothingThatWaits()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        byte[] schema = "{\"type\":\"object\"}"u8.ToArray();
        KeyValuePair<string, string>[] metadata = [new("k", "v")];
        Tool[] tools = [new FunctionTool { Name = "clock", Parameters = RawJson.FromUtf8(schema) }];
        var request = new ResponseParameters { Instructions = "first", Metadata = metadata, Tools = tools };
        talk.Create(request);
        talk.SentNothing();

        request.Instructions = "second \ud83d";
        metadata[0] = new("k", "\ud83d");
        tools[0] = new FunctionTool { Name = "other" };
        schema.AsSpan().Fill((byte)'"');
        talk.Done("A");

        talk.Sends("response.create", "response.instructions=first", "response.metadata.k=v", "response.tools.0.name=clock", "response.tools.0.parameters.type=object");
    }

    [Fact]
    public void B2_AConfiguration_IsSentAsItWasWhenItWasGiven()
    {
        var talk = Conversation.Manual();
        var session = new Session { Type = SessionType.Realtime, Instructions = "first" };
        SessionIntent intent = SessionIntent.Configure(session);
        session.Instructions = "second \ud83d";
        talk.Submit(intent);
        talk.Sends("session.update", "session.instructions=first");
    }

    [Fact]
    public void B2_ParametersThatStateNothing_AreAutomatic()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        int first = talk.Create(new ResponseParameters()).Turn;
        Assert.Equal(first, talk.Create().Turn);
        Assert.NotEqual(first, talk.CreateWith("be brief").Turn);
    }

    private static RawJson Changed()
    {
        byte[] json = "{\"a\":1}"u8.ToArray();
        RawJson parsed = RawJson.FromUtf8(json);
        json[0] = (byte)'[';
        return parsed;
    }

    private static void IsRefused(Func<SessionIntent> intent, string argument, string expected)
    {
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(() => _ = intent());
        Assert.Equal(argument, refusal.ParamName);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}

using System.Buffers;
using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The bytes of every command, and what must never be among them.</summary>
public class CommandWriterTests
{
    [Fact]
    public void RC18_NothingToSay_LeavesResponseOut_AndNeverWritesNull() =>
        Assert.Equal("""{"type":"response.create","event_id":"e"}""", Written(new SessionCommand.CreateResponse("e", null, null)));

    [Fact]
    public void RC03_Token_TravelsInTheMetadata() =>
        Assert.Equal(
            """{"type":"response.create","event_id":"e","response":{"metadata":{"realtime.token":"t"}}}""",
            Written(new SessionCommand.CreateResponse("e", "t", null)));

    [Fact]
    public void WhatARequestStates_IsWritten_WithTheTokenBehindItsMetadata()
    {
        var stated = new ResponseParameters
        {
            Instructions = "be \"brief\"",
            OutputModalities = [Modality.Text],
            MaxOutputTokens = (IntegerOrInfinity)50,
            Audio = new ResponseAudio { Output = new ResponseAudioOutput { Voice = (Voice)"cedar" } },
            Metadata = [new("k", "v")],
        };
        Assert.Equal(
            """{"type":"response.create","event_id":"e","response":{"output_modalities":["text"],"instructions":"be \"brief\"","max_output_tokens":50,"audio":{"output":{"voice":"cedar"}},"metadata":{"k":"v","realtime.token":"t"}}}""",
            Written(new SessionCommand.CreateResponse("e", "t", stated)));
        Assert.Equal(1, stated.Metadata.Pairs.Length);
    }

    [Fact]
    public void TheToken_LeavesEveryMemberOfARequestAsItIs()
    {
        const string Everything =
            """{"conversation":"auto","output_modalities":["audio"],"instructions":"x","input":[{"type":"item_reference","id":"i"}],"tools":[{"type":"function","name":"clock"}],"tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"low"},"max_output_tokens":"inf","audio":{"output":{"voice":"cedar"}},"prompt":{"id":"p"},"metadata":{"k":"v"},"added_later":1}""";
        ResponseParameters stated = Read(Everything);

        // A member that the schema gains has to be among those above.
        Assert.All(
            typeof(ResponseParameters).GetProperties(),
            property => Assert.NotEqual(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null, property.GetValue(stated)));

        Assert.Equal(
            $$"""{"type":"response.create","event_id":"e","response":{{Everything.Replace("\"k\":\"v\"", "\"k\":\"v\",\"realtime.token\":\"t\"", StringComparison.Ordinal)}}}""",
            Written(new SessionCommand.CreateResponse("e", "t", stated)));
    }

    [Fact]
    public void Cancel_NamesItsResponse_OrNone()
    {
        Assert.Equal("""{"type":"response.cancel","event_id":"e","response_id":"resp_1"}""", Written(new SessionCommand.CancelResponse("e", "resp_1")));
        Assert.Equal("""{"type":"response.cancel","event_id":"e"}""", Written(new SessionCommand.CancelResponse("e", null)));
    }

    [Fact]
    public void ItemCommands_AreWritten()
    {
        Assert.Equal(
            """{"type":"conversation.item.truncate","event_id":"e","item_id":"i","content_index":0,"audio_end_ms":1200}""",
            Written(new SessionCommand.TruncateItem("e", "i", 0, 1200)));
        Assert.Equal("""{"type":"conversation.item.delete","event_id":"e","item_id":"i"}""", Written(new SessionCommand.DeleteItem("e", "i")));
        Assert.Equal(
            """{"type":"conversation.item.create","event_id":"e","item":{"type":"message","id":"i","role":"user","content":[{"type":"input_text","text":"hi"}]}}""",
            Written(new SessionCommand.CreateMessage("e", "i", ItemRole.User, "hi")));
        Assert.Equal(
            """{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call_output","id":"i","call_id":"c","output":"{}"}}""",
            Written(new SessionCommand.CreateToolOutput("e", "i", "c", "{}")));
    }

    [Fact]
    public void IT12_MessagesCarryNoStatus() =>
        Assert.DoesNotContain("status", Written(new SessionCommand.CreateMessage("e", "i", ItemRole.User, "hi")), StringComparison.Ordinal);

    [Fact]
    public void IT11_AssistantHistory_IsOutputText() =>
        Assert.Contains("""{"type":"output_text","text":"hi"}""", Written(new SessionCommand.CreateMessage("e", "i", ItemRole.Assistant, "hi")), StringComparison.Ordinal);

    [Fact]
    public void SessionAndBufferCommands_AreWritten()
    {
        Assert.Equal("""{"type":"input_audio_buffer.commit","event_id":"e"}""", Written(new SessionCommand.CommitInput("e")));
        Assert.Equal("""{"type":"input_audio_buffer.clear","event_id":"e"}""", Written(new SessionCommand.ClearInput("e")));
        Assert.Equal(
            """{"type":"session.update","event_id":"e","session":{"type":"realtime","instructions":"hi"}}""",
            Written(new SessionCommand.UpdateSession("e", new Session { Type = SessionType.Realtime, Instructions = "hi" })));
    }

    [Fact]
    public void CommandsOfTranslations_AreEventsOfTheirOwnFamily_AndTheSessionsWriterLeavesThemAlone()
    {
        SessionCommand[] commands =
        [
            new SessionCommand.UpdateTranslation("e", new Events.Translation.SessionChanges { Audio = { Output = { Language = "de" } } }),
            new SessionCommand.CloseTranslation("e"),
        ];
        foreach (SessionCommand command in commands)
        {
            var output = new ArrayBufferWriter<byte>();
            TranslationCommandWriter.Write(output, command);
            Assert.True(Events.Translation.ClientEvent.TryRead(output.WrittenSpan, out Events.Translation.ClientEvent read, out _));
            Assert.True(read.TypeText.ValueEquals(Encoding.UTF8.GetBytes(command.EventType)));
            Assert.True(read.EventId.ValueEquals("e"));
            Assert.Equal("", Written(command));
        }

        var nothing = new ArrayBufferWriter<byte>();
        TranslationCommandWriter.Write(nothing, new SessionCommand.ClearInput("e"));
        Assert.Equal(0, nothing.WrittenCount);
    }

    [Fact]
    public void EveryCommand_IsAnEventThatTheClientReaderKnows()
    {
        SessionCommand[] commands =
        [
            new SessionCommand.CreateResponse("e", "t", null),
            new SessionCommand.CancelResponse("e", "r"),
            new SessionCommand.TruncateItem("e", "i", 0, 1),
            new SessionCommand.DeleteItem("e", "i"),
            new SessionCommand.CreateMessage("e", "i", ItemRole.System, "s"),
            new SessionCommand.CreateItem("e", "i", new FunctionCallOutputItem { Id = "i", CallId = "c", Output = "o" }, "root"),
            new SessionCommand.RetrieveItem("e", "i"),
            new SessionCommand.CreateToolOutput("e", "i", "c", "o"),
            new SessionCommand.AnswerApproval("e", "i", "q", true, "because"),
            new SessionCommand.CommitInput("e"),
            new SessionCommand.ClearInput("e"),
            new SessionCommand.ClearOutput("e"),
            new SessionCommand.UpdateSession("e", new Session { Type = SessionType.Realtime }),
        ];
        Type[] kinds = [.. typeof(SessionCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SessionCommand)) && !type.Name.EndsWith("Translation", StringComparison.Ordinal))];
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), commands.Select(command => command.GetType().Name).Order());
        foreach (SessionCommand command in commands)
        {
            Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(Written(command)), out ClientEvent read, out _));
            Assert.NotEqual(ClientEventKind.Unknown, read.Kind);
            Assert.True(read.EventId.ValueEquals("e"));
        }
    }

    [Fact]
    public void CommandsDoNotQuoteContents() =>
        Assert.Equal("CreateMessage e", new SessionCommand.CreateMessage("e", "i", ItemRole.User, "secret").ToString());

    private static ResponseParameters Read(string json)
    {
        string create = $$"""{"type":"response.create","response":{{json}} }""";
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(create), out ClientEvent read, out ReadError error), error.ToString());
        Assert.True(read.TryGetResponseCreate(out ResponseCreateView view));
        return view.Response.ToWritable();
    }

    private static string Written(SessionCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        CommandWriter.Write(output, command);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

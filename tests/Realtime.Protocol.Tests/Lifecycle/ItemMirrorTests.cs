using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The conversation as a value: its order, its words, and what an application does to it. IT-03 to IT-05, IT-09, TR-11, FC-03, BP-05.</summary>
public class ItemMirrorTests
{
    [Fact]
    public void IT03_ItemStandsBehindTheOneThatTheServerNames()
    {
        var talk = Conversation.Manual();
        Added(talk, "a", null);
        Added(talk, "b", "a");
        Added(talk, "c", "a");
        Added(talk, "d", "c");
        Assert.Equal(["a", "c", "d", "b"], Ids(talk));
    }

    [Fact]
    public void IT03_NullIsTheBeginning_OfAServerThatNamesPredecessors_AndTheEndOfOneThatNeverDoes()
    {
        var talk = Conversation.Manual();
        Added(talk, "a", null);
        Added(talk, "b", null);
        Assert.Equal(["a", "b"], Ids(talk));
        Added(talk, "c", "b");
        Added(talk, "d", null);
        Assert.Equal(["d", "a", "b", "c"], Ids(talk));
    }

    [Fact]
    public void IT03_WhereNothingIsSaid_AnItemIsWhereItWasAsked()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("a");
        talk.ItemAdded("b");
        talk.Submit(SessionIntent.AddItem(ConversationItem.User("x") with { Id = "x" }, ItemPosition.After("a")));
        talk.Submit(SessionIntent.AddItem(ConversationItem.User("y") with { Id = "y" }, ItemPosition.After("x")));
        talk.Submit(SessionIntent.AddItem(ConversationItem.User("z") with { Id = "z" }, ItemPosition.Start));
        talk.ItemAdded("x");
        talk.ItemAdded("y");
        talk.ItemAdded("z");
        Assert.Equal(["z", "a", "x", "y", "b"], Ids(talk));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("never")]
    [InlineData("asked")]
    public void IT03_NothingIsPlacedBehindWhatIsNotThere(string after)
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("gone");
        talk.ItemDeleted("gone");
        talk.ItemAdded("asked");
        talk.Submit(SessionIntent.DeleteItem("asked"));
        talk.Sent();
        Assert.Equal("IT-03", talk.Submit(SessionIntent.AddItem(ConversationItem.User("x"), ItemPosition.After(after))).Rule);
        talk.SentNothing();
    }

    [Fact]
    public void IT04_ItemBehindOneThatIsGone_IsAtTheEnd_AndTold()
    {
        var talk = Conversation.Manual();
        Added(talk, "a", null);
        Added(talk, "b", "a");
        talk.ItemDeleted("a");
        Added(talk, "c", "a");
        Added(talk, "d", "never");
        Added(talk, "e", "e"); // seen live: an item that follows itself
        Assert.Equal(["b", "c", "d", "e"], Ids(talk));
        Assert.Equal(["IT-04", "IT-04"], talk.Changes<SessionChange.ViolationTolerated>().Select(static told => told.Rule));
    }

    [Fact]
    public void IT05_ItemThatIsThere_IsAdded_AndNotSent()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        int there = talk.Submit(SessionIntent.AddItem(ConversationItem.User("x") with { Id = "m" })).Operation;
        talk.SentNothing();
        Assert.Equal([there], talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
        int first = talk.Submit(SessionIntent.AddItem(ConversationItem.User("x") with { Id = "n" })).Operation;
        Assert.Equal(first, talk.Submit(SessionIntent.AddItem(ConversationItem.User("x") with { Id = "n" })).Operation);
        Assert.Single(talk.Sent());
        talk.ItemDeleted("m");
        Assert.Equal("IT-05", talk.Submit(SessionIntent.AddItem(ConversationItem.User("x") with { Id = "m" })).Rule);
        Assert.Equal("IT-05", talk.Submit(SessionIntent.MessageTurn(ConversationItem.User("x") with { Id = "m" })).Rule);
    }

    [Fact]
    public void ItemThatNobodyAnswered_IsSentAgain_WhenItIsAddedAgain()
    {
        var talk = Conversation.Manual();
        ConversationItem item = ConversationItem.User("x") with { Id = "n" };
        int first = talk.Submit(SessionIntent.AddItem(item)).Operation;
        talk.Wait(10_000);
        Assert.Equal([first], talk.Changes<SessionChange.OperationFailed>().Select(static failed => failed.Operation));
        int second = talk.Submit(SessionIntent.AddItem(item)).Operation;
        Assert.Equal(2, talk.Sent().Length);
        talk.ItemAdded("n");
        Assert.Equal([second], talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
    }

    [Fact]
    public void IT07_RejectedItem_FailsWithTheServersError_AndIsNotThere()
    {
        var talk = Conversation.Manual();
        int added = talk.Submit(SessionIntent.AddItem(ConversationItem.User("x"))).Operation;
        talk.Error("invalid_value", talk.SentOnly<SessionCommand.CreateItem>().EventId, parameter: "item.content");
        SessionChange.OperationFailed failed = Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        Assert.Equal((added, "item.content"), (failed.Operation, failed.Error?.Parameter));
        Assert.Empty(talk.Machine.Items);
    }

    [Fact]
    public void IT09_WhoeverAsks_GetsOneCopy_WithItsSound()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        int[] handles = [.. Enumerable.Range(0, 3).Select(_ => talk.Submit(SessionIntent.RetrieveItem("m")).Operation).Distinct()];
        Assert.IsType<SessionCommand.RetrieveItem>(Assert.Single(talk.Sent()));
        talk.Hear("conversation.item.retrieved", """item:={"id":"m","type":"message","role":"user","status":"completed","content":[{"type":"input_audio","audio":"AQID","transcript":"hi"}]}""");

        SessionChange.ItemRetrieved copy = Assert.Single(talk.Changes<SessionChange.ItemRetrieved>());
        Assert.Equal(Assert.Single(handles), copy.Operation);
        var audio = Assert.IsType<ItemContent.Audio>(Assert.Single(Assert.IsType<ConversationItem.Message>(copy.Item).Content));
        Assert.Equal([1, 2, 3], audio.Bytes.ToArray());
        Assert.Equal(handles, talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
        Assert.Equal("hi", ((ConversationItem.Message)talk.Machine.Items[0]).Text);
        Assert.True(((ItemContent.Audio)((ConversationItem.Message)talk.Machine.Items[0]).Content[0]).Bytes.IsEmpty);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("deleted")]
    [InlineData("overdue")]
    [InlineData("closed")]
    public void IT09_NobodyWaitsForEver(string end)
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        int handle = talk.Submit(SessionIntent.RetrieveItem("m")).Operation;
        string eventId = talk.SentOnly<SessionCommand.RetrieveItem>().EventId;
        switch (end)
        {
            case "error":
                talk.Error("item_retrieve_invalid_item_id", eventId);
                break;
            case "deleted":
                talk.ItemDeleted("m");
                break;
            case "overdue":
                talk.Wait(10_000);
                break;
            default:
                talk.Close();
                break;
        }

        SessionChange.OperationFailed failed = Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        Assert.Equal((handle, end switch { "error" => "item_retrieve_invalid_item_id", "deleted" => "item_deleted", _ => null }), (failed.Operation, failed.Error?.Code));
        if (end is "error" or "overdue")
        {
            Assert.NotEqual(handle, talk.Submit(SessionIntent.RetrieveItem("m")).Operation);
        }
    }

    [Fact]
    public void TR11_NothingIsCutThatIsBeingDeleted()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        talk.Sent();
        talk.Submit(SessionIntent.DeleteItem("m"));
        Assert.Equal("TR-11", talk.Submit(SessionIntent.TruncateItem("m", 200)).Rule);
        Assert.Single(talk.Sent());
    }

    [Fact]
    public void TruncationThatWasAskedFor_EndsWithTheServersWord_AndTakesTheTranscript()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        talk.Hear("conversation.item.done", """item:={"id":"m","type":"message","role":"assistant","status":"completed","content":[{"type":"output_audio","transcript":"hello"}]}""");
        Assert.Equal("TR-10", talk.Submit(SessionIntent.TruncateItem("x", 200)).Rule);
        Assert.Equal("TR-02", talk.Submit(SessionIntent.TruncateItem("m", 1_001)).Rule);
        Assert.Equal("TR-07", talk.Submit(SessionIntent.TruncateItem("m", 0)).Rule);
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionIntent.TruncateItem("m", -1));
        talk.Sent();

        int handle = talk.Submit(SessionIntent.TruncateItem("m", 200)).Operation;
        Assert.Equal("hello", Text(talk, "m"));
        Assert.Equal("TR-09", talk.Submit(SessionIntent.TruncateItem("m", 100)).Rule);
        Assert.Equal(200, talk.SentOnly<SessionCommand.TruncateItem>().AudioEndMilliseconds);
        talk.Hear("conversation.item.truncated", "item_id=m", "content_index:=0", "audio_end_ms:=200");

        Assert.Contains(handle, talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
        Assert.Equal(TimeSpan.FromMilliseconds(200), ((ConversationItem.Message)talk.Machine.FindItem("m")!).TruncatedAt);
        Assert.Equal("", Text(talk, "m"));
    }

    [Fact]
    public void TR08_NothingIsCut_WhileItIsSpoken()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
        Assert.Equal("TR-08", talk.Submit(SessionIntent.TruncateItem("m", 200)).Rule);
    }

    [Fact]
    public void FC03_AddedOutput_AnswersTheModelsCall_OnceAndBeforeTheCreate()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        Assert.Equal("FC-03", talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_9", "x"))).Rule);
        int added = talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "noon"))).Operation;
        SessionCommand[] sent = talk.Sent();
        Assert.Equal([typeof(SessionCommand.CreateItem), typeof(SessionCommand.CreateResponse)], sent.Select(static command => command.GetType()));
        Assert.Equal("FC-03", talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "noon"))).Rule);
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "noon")).Rule);
        talk.ItemAdded(((SessionCommand.CreateItem)sent[0]).ItemId, ItemFactKind.FunctionCallOutput);
        Assert.Contains(added, talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
    }

    [Fact]
    public void FC03_OutputOfACallThatTheApplicationAdded_IsTakenOnce()
    {
        var talk = Conversation.Manual();
        Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionCall("call_1", "clock", "{}"))).IsAccepted);
        Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "noon"))).IsAccepted);
        Assert.Equal("FC-03", talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "noon"))).Rule);
    }

    [Fact]
    public void BP05_WhatOneEventCannotHold_IsRefused()
    {
        var talk = Conversation.Manual();
        Assert.Equal("BP-05", talk.Submit(SessionIntent.AddItem(ConversationItem.User(new ItemContent.Audio(new byte[100_000_000])))).Rule);
        Assert.Equal("BP-05", talk.Submit(SessionIntent.MessageTurn(ConversationItem.User("look", new ItemContent.Audio(new byte[12_000_000])))).Rule);
        talk.SentNothing();
    }

    [Fact]
    public void IT11_SoundOfTheModel_IsSentAsItsTranscript_OrRefused()
    {
        var talk = Conversation.Manual();
        Assert.Equal("IT-11", talk.Submit(SessionIntent.AddItem(new ConversationItem.Message(ItemRole.Assistant, [new ItemContent.Audio(new byte[2])]))).Rule);
        Assert.Equal("IT-11", talk.Submit(SessionIntent.AddItem(new ConversationItem.Message(ItemRole.System, [new ItemContent.Audio(new byte[2], "x")]))).Rule);
        talk.SendsNothing();
        talk.Submit(SessionIntent.AddItem(new ConversationItem.Message(ItemRole.Assistant, [new ItemContent.Audio(new byte[2], "hello")])));
        talk.Sends("conversation.item.create", "item.role=assistant", "item.content.0.type=output_text", "item.content.0.text=hello");
        talk.Submit(SessionIntent.AddItem(ConversationItem.User(new ItemContent.Audio(new byte[] { 1, 2, 3 }, "hi"))));
        talk.Sends("conversation.item.create", "item.role=user", "item.content.0.type=input_audio", "item.content.0.audio=AQID", "item.content.0.transcript=hi");
    }

    [Fact]
    public void PicturesGoAsDataAddresses()
    {
        var talk = Conversation.Manual();
        byte[] gif = [.. "GIF89a"u8, 1, 2, 3];
        talk.Submit(SessionIntent.AddItem(ConversationItem.User("look", new ItemContent.Image(gif, "image/gif") { Detail = "low" })));
        talk.Sends("conversation.item.create", "item.content.1.type=input_image", $"item.content.1.image_url=data:image/gif;base64,{Convert.ToBase64String(gif)}", "item.content.1.detail=low");
        Assert.Throws<ArgumentException>(() => new ItemContent.Image(gif, "image/png"));
        Assert.Throws<ArgumentException>(() => new ItemContent.Image(default, "image/png"));
        Assert.Throws<ArgumentException>(() => new ItemContent.Image(gif, "image/svg+xml"));
        Assert.Throws<ArgumentException>(() => new ItemContent.Image("iVBORw0KGgo="u8.ToArray(), "image/png"));
    }

    [Fact]
    public void WhatHasNoContentOrNoForm_IsNoIntent()
    {
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(ConversationItem.User()));
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(ConversationItem.User("")));
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(ConversationItem.User(new ItemContent.Audio(default))));
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(ConversationItem.User("\ud800")));
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(ConversationItem.User("x") with { Id = new string('x', 33) }));
        Assert.Throws<ArgumentException>(() => SessionIntent.AddItem(new ConversationItem.McpCall("s", "n", "{}", null, null)));
        Assert.Throws<ArgumentNullException>(() => SessionIntent.AddItem(null!));
    }

    [Fact]
    public void WordsOfAnAnswer_GrowWhileItIsMade_AndAreThenTheItems()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        Assert.Equal(ItemState.InProgress, talk.Machine.Items[0].State);
        Said(talk, "Good ");
        IReadOnlyList<ConversationItem> before = talk.Machine.Items;
        Said(talk, "morning");
        Assert.Equal("Good morning", Text(talk, "m"));
        Assert.Equal("Good ", ((ConversationItem.Message)before[0]).Text);
        talk.Hear("response.output_audio_transcript.done", "response_id=A", "item_id=m", "content_index:=0", "transcript=Good morning!");
        Assert.Equal("Good morning!", Text(talk, "m"));
        talk.Hear("conversation.item.done", """item:={"id":"m","type":"message","role":"assistant","status":"completed","content":[{"type":"output_audio","transcript":"Good day."}]}""");
        Said(talk, "late");
        Assert.Equal("Good day.", Text(talk, "m"));
        Assert.Equal(ItemState.Completed, talk.Machine.Items[0].State);
        Assert.Same(talk.Machine.Items, talk.Machine.Items);
    }

    [Fact]
    public void TranscriptOfTheUsersSpeech_LandsInItsItem_BeforeAndAfterItIsDone()
    {
        var talk = Conversation.Manual();
        talk.Hear("conversation.item.added", """item:={"id":"u","type":"message","role":"user","status":"completed","content":[{"type":"input_audio","transcript":null}]}""");
        talk.Machine.Core.Items.Mirror.SetTranscript(talk.Machine.Core.Items.Find("u")!, 0, "hello"u8);
        Assert.Equal("hello", Text(talk, "u"));
        talk.Hear("conversation.item.done", """item:={"id":"u","type":"message","role":"user","status":"completed","content":[{"type":"input_audio","transcript":null}]}""");
        Assert.Equal("hello", Text(talk, "u"));
        Assert.IsType<ItemContent.Audio>(((ConversationItem.Message)talk.Machine.Items[0]).Content[0]);
    }

    [Fact]
    public void ContentIsBounded_AndTheOldestWordsGoFirst()
    {
        var talk = Conversation.Manual();
        string megabyte = new('x', 500_000);
        for (int i = 0; i < 10; i++)
        {
            talk.Hear("conversation.item.added", $$"""item:={"id":"m{{i}}","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"{{megabyte}}"}]}""");
        }

        Assert.True(talk.Machine.Core.Items.Mirror.ContentBytes <= ItemMirror.MaxContentBytes);
        Assert.Equal(10, talk.Machine.Items.Count);
        Assert.Empty(((ConversationItem.Message)talk.Machine.Items[0]).Content);
        Assert.Equal(megabyte, Text(talk, "m9"));
    }

    [Fact]
    public void ItemsBeyondTheLimit_AreForgotten_TheOldestFirst()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < ItemTable.MaxItems + 2; i++)
        {
            talk.ItemAdded($"m{i}");
        }

        Assert.Equal(ItemTable.MaxItems, talk.Machine.Items.Count);
        Assert.Equal("m2", talk.Machine.Items[0].Id);
    }

    [Theory]
    [InlineData("""{"id":"m","type":"function_call","status":"completed","call_id":"c","name":"n","arguments":"{}"}""", typeof(ConversationItem.FunctionCall))]
    [InlineData("""{"id":"m","type":"function_call_output","call_id":"c","output":"o"}""", typeof(ConversationItem.FunctionOutput))]
    [InlineData("""{"id":"m","type":"mcp_call","server_label":"s","name":"n","arguments":"{}","output":"o"}""", typeof(ConversationItem.McpCall))]
    [InlineData("""{"id":"m","type":"mcp_approval_request","server_label":"s","name":"n","arguments":"{}"}""", typeof(ConversationItem.McpApproval))]
    [InlineData("""{"id":"m","type":"of_tomorrow","x":1}""", typeof(ConversationItem.Other))]
    [InlineData("""{"id":"m","type":"message","role":"of_tomorrow","content":[]}""", typeof(ConversationItem.Other))]
    [InlineData("""{"id":"m","type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"},{"type":"of_tomorrow"}]}""", typeof(ConversationItem.Message))]
    public void EveryKindOfItem_IsAValue(string item, Type kind)
    {
        var talk = Conversation.Manual();
        talk.Hear("conversation.item.added", $"item:={item}");
        Assert.IsType(kind, Assert.Single(talk.Machine.Items));
        Assert.Equal("m", talk.Machine.Items[0].Id);
    }

    /// <summary>Whatever a server does, the order is that of a plain list to which the law was applied.</summary>
    [Fact]
    public void RandomOrders_AreThoseOfAPlainList()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var talk = Conversation.Manual();
            var model = new List<string>();
            var gone = new HashSet<string>();
            bool hasNamed = false;
            for (int step = 0; step < 60; step++)
            {
                string id = $"m{random.Next(30)}";
                if (random.Next(3) == 0)
                {
                    talk.ItemDeleted(id);
                    gone.UnionWith(model.Remove(id) ? [id] : []);
                    continue;
                }

                bool isNew = !model.Contains(id) && !gone.Contains(id);
                switch (random.Next(4))
                {
                    case 0:
                        talk.ItemAdded(id);
                        Insert(model.Count);
                        break;
                    case 1:
                        Added(talk, id, null);
                        Insert(hasNamed ? 0 : model.Count);
                        break;
                    default:
                        string before = $"m{random.Next(30)}";
                        Added(talk, id, before);
                        hasNamed |= isNew;
                        Insert(model.Contains(before) ? model.IndexOf(before) + 1 : model.Count);
                        break;
                }

                Assert.Equal(model, Ids(talk));

                void Insert(int place)
                {
                    if (isNew)
                    {
                        model.Insert(place, id);
                    }
                }
            }
        }
    }

    private static void Said(Conversation talk, string words) => talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=m", "content_index:=0", $"delta={words}");

    private static void Added(Conversation talk, string id, string? before) =>
        talk.Hear("conversation.item.added", before is null ? "previous_item_id:=null" : $"previous_item_id={before}", $"item.id={id}", "item.status=completed", "item.role=user");

    private static string[] Ids(Conversation talk) => [.. talk.Machine.Items.Select(static item => item.Id)];

    private static string Text(Conversation talk, string id) => ((ConversationItem.Message)talk.Machine.FindItem(id)!).Text;

    [Fact]
    public void IT05_AnItemOfAResponseBesideTheConversation_IsAddedToItUnderANewId()
    {
        var talk = Conversation.Manual();
        talk.Create(new ResponseParameters { Conversation = ResponseParametersConversation.None });
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Created("A", token, outOfBand: true);
        talk.Message("A", "m", outOfBand: true);
        talk.Hear("response.output_item.done", "response_id=A", "item.id=m", "item.status=completed");
        talk.Done("A");
        SubmitResult added = talk.Submit(SessionIntent.AddItem(new ConversationItem.Message(ItemRole.Assistant, [new ItemContent.Text("So be it.")]) { Id = "m" }, default));
        Assert.Equal(SubmitVerdict.Accepted, added.Verdict);
        talk.Sends("conversation.item.create", $"item.id={added.ItemId}");
        Assert.NotEqual("m", added.ItemId);
    }

    [Fact]
    public void IT09_ARetrievedItemThatCannotBeRead_EndsTheOneThatWaits()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        SubmitResult asked = talk.Submit(SessionIntent.RetrieveItem("u"));
        talk.Sends("conversation.item.retrieve");
        talk.Hear("conversation.item.retrieved", "item:=5");
        Assert.Equal(asked.Operation, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
    }

    [Fact]
    public void TX02_AfterTheWholeText_APieceThatComesLate_IsAmongIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=m", "content_index:=0", "delta=one ");
        talk.Hear("response.output_audio_transcript.done", "response_id=A", "item_id=m", "content_index:=0", "transcript=one two");
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=m", "content_index:=0", "delta=two");
        var message = Assert.IsType<ConversationItem.Message>(talk.Machine.FindItem("m"));
        Assert.Equal("one two", Assert.IsType<ItemContent.Audio>(Assert.Single(message.Content)).Transcript);
    }
}

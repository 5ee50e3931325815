using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;
using static Realtime.Protocol.Tests.Lifecycle.AsideTalk;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What a response reads instead of the conversation: RC-23.</summary>
public class ChosenInputTests
{
    [Fact]
    public void RC23_Values_GoAsReferencesOrInFull()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        ConversationItem[] input =
        [
            ConversationItem.User("held") with { Id = "u1" },
            ConversationItem.User("new", new ItemContent.Audio(new byte[4])) with { Id = "unknown" },
            ConversationItem.Assistant("said"),
            ConversationItem.User(new ItemContent.Audio(default, "only its words are known")),
            ConversationItem.User(new ItemContent.Audio(default)),
            new ConversationItem.FunctionCall("call_1", "clock", "{}"),
            new ConversationItem.FunctionOutput("call_1", "noon"),
        ];
        Assert.True(talk.Submit(SessionIntent.CreateResponse(OutOfBand()).WithInput(input)).IsAccepted);
        talk.Sends(
            "response.create",
            "response.input.0.type=item_reference",
            "response.input.0.id=u1",
            "response.input.1.content.1.type=input_audio",
            "response.input.1.content.1.audio=AAAAAA==",
            "-response.input.1.id",
            "response.input.2.content.0.type=output_text",
            "response.input.3.content.0.text=only its words are known",
            "response.input.4.type=function_call",
            "response.input.5.output=noon",
            "-response.input.6");
        Assert.True(talk.Submit(SessionIntent.CreateResponse(OutOfBand()).WithInput([])).IsAccepted);
        talk.Sends("response.create", "response.input:=[]");
        Assert.Throws<ArgumentException>(() => SessionIntent.CreateResponse().WithInput([ConversationItem.User("half \ud800")]));
        Assert.Throws<ArgumentException>(() => SessionIntent.CreateResponse().WithInput([null!]));
    }

    [Fact]
    public void RC23_WhatTheConversationHolds_GoesAsAReference_AndTheRestInFullWithoutAnId()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        talk.ItemAdded("u2");
        talk.ItemDeleted("u2");
        talk.Submit(SessionIntent.AddText(ItemRole.User, "not confirmed yet"));
        talk.Sends("conversation.item.create", "item.id=$own");
        Aside(talk, OutOfBand(Message("one", "u1"), Message("two", "u2"), Message("three"), Message("four", talk.Names["$own"])));
        talk.Sends(
            "response.create",
            "response.input.0.type=item_reference",
            "response.input.0.id=u1",
            "-response.input.0.content",
            "response.input.1.content.0.text=two",
            "-response.input.1.id",
            "response.input.2.content.0.text=three",
            "response.input.3.type=item_reference",
            "-response.input.4");
    }

    [Fact]
    public void RC23_AnEmptyInput_IsSent_AndMeansNothing()
    {
        Conversation talk = Proven();
        Aside(talk, new() { Conversation = ResponseParametersConversation.None, Input = Array.Empty<Item>() });
        talk.Sends("response.create", "response.input:=[]");
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("gone")]
    [InlineData("")]
    public void RC23_AReferenceToWhatIsNotThere_IsRefused_InTheConversationAndBesideIt(string id)
    {
        Conversation talk = Proven();
        talk.ItemAdded("gone");
        talk.ItemDeleted("gone");
        Assert.Equal("RC-23", talk.Create(OutOfBand(new ItemReference { Id = id })).Rule);
        Assert.Equal("RC-23", talk.Create(new ResponseParameters { Input = new Item[] { new ItemReference { Id = id } } }).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void RC23_AnItemThatWasDeletedWhileTheRequestWaited_IsLeftOut()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        talk.ItemAdded("u2");
        talk.Answering("A");
        talk.Create(new ResponseParameters { Input = new Item[] { Message("one", "u1"), Message("two", "u2") } });
        talk.ItemDeleted("u1");
        talk.Done("A");
        talk.Sends("response.create", "response.input.0.id=u2", "-response.input.1");
    }

    [Fact]
    public void RC23_AChosenInputInTheConversation_GrowsByItsCallsAndTheirOutputs()
    {
        Conversation talk = Proven();
        talk.Create(new ResponseParameters { Input = new Item[] { Message("one") } });
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.Sends("conversation.item.create", "item.id=$o");
        talk.Sends(
            "response.create",
            "response.input.0.content.0.text=one",
            "response.input.1.type=item_reference",
            "response.input.1.id=f",
            "response.input.2.id=$o",
            "-response.input.3");
    }
}

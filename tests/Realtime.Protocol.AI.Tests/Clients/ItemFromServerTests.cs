using System.Text;
using System.Text.Json;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>What the server says wrongly of an item is missing in that item alone: nothing is thrown into the reader of all messages.</summary>
public sealed class ItemFromServerTests
{
    [Fact]
    public void AnMcpCall_IsToldWithItsArgumentsAndItsOutput()
    {
        RealtimeConversationItem item = McpCall("""{"harbour":"Husum"}""");

        McpServerToolCallContent call = Assert.IsType<McpServerToolCallContent>(item.Contents[0]);
        Assert.Equal(("tide", "almanac"), (call.Name, call.ServerName));
        Assert.Equal("Husum", Assert.Single(call.Arguments!).Value!.ToString());
        Assert.Equal("high", Assert.IsType<TextContent>(Assert.Single(Assert.IsType<McpServerToolResultContent>(item.Contents[1]).Outputs!)).Text);
        Assert.Empty(Assert.IsType<McpServerToolCallContent>(McpCall("").Contents[0]).Arguments!);
    }

    [Theory]
    [InlineData("""{"harbour":"Hus""")]
    [InlineData("""["Husum"]""")]
    [InlineData("""{"harbour":"Husum","harbour":"Emden"}""")]
    [InlineData("null")]
    public void AnMcpCallWhoseArgumentsAreNoObject_IsToldWithoutThem(string arguments)
    {
        RealtimeConversationItem item = McpCall(arguments);

        McpServerToolCallContent call = Assert.IsType<McpServerToolCallContent>(item.Contents[0]);
        Assert.Equal(("tide", "almanac"), (call.Name, call.ServerName));
        Assert.Null(call.Arguments);
        Assert.IsType<McpServerToolResultContent>(item.Contents[1]);
    }

    [Theory]
    [InlineData("""{"type":"mcp_call","id":"item_1","server_label":"almanac","name":" ","arguments":"{}","output":"high"}""")]
    [InlineData("""{"type":"mcp_call","id":"","server_label":"almanac","name":"tide","arguments":"{}","output":"high"}""")]
    [InlineData("""{"type":"message","id":"item_1","role":"","content":[]}""")]
    public void AnItemWithoutTheNamesThatAContentNeeds_IsToldWithoutContents(string json)
    {
        RealtimeConversationItem item = Read(json);

        Assert.Empty(item.Contents);
        Assert.Null(item.Role);
    }

    private static RealtimeConversationItem McpCall(string arguments) =>
        Read($$"""{"type":"mcp_call","id":"item_1","server_label":"almanac","name":"tide","arguments":"{{JsonEncodedText.Encode(arguments)}}","approval_request_id":null,"output":"high","error":null}""");

    private static RealtimeConversationItem Read(string item)
    {
        Assert.True(ServerEvent.TryRead(Encoding.UTF8.GetBytes($$"""{"type":"conversation.item.done","event_id":"event_1","previous_item_id":null,"item":{{item}}}"""), out ServerEvent e, out _));
        Assert.True(e.TryGetConversationItemDone(out ConversationItemDoneView done));
        return ItemFromServer.Of(done.Item, calls: null);
    }
}

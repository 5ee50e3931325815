using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The tools of remote MCP servers are listed by the service, some time after they were configured: MCP-01.</summary>
public class McpListTests
{
    [Fact]
    public void MCP01_AnAutomaticCreate_WaitsForTheList_AndNotLongerThanFiveSeconds()
    {
        Conversation talk = Configured("almanac");
        talk.Say();
        talk.Sends("conversation.item.create");
        talk.Wait(4_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("response.create");
        talk.McpListing("l", "almanac");
        talk.McpListed("l", "almanac", "tide");
        Assert.Equal(["tide"], Assert.Single(talk.Changes<SessionChange.McpToolsListed>()).Tools);
    }

    [Fact]
    public void MCP01_AServerThatFailsToList_HoldsNothingUp_AndIsTold()
    {
        Conversation talk = Configured("almanac");
        talk.Create();
        talk.McpListing("l", "almanac");
        talk.McpUnlisted("l");
        talk.Sends("response.create");
        SessionChange.McpToolsFailed failed = Assert.Single(talk.Changes<SessionChange.McpToolsFailed>());
        Assert.Equal(("almanac", null), (failed.Server, failed.Error));
        talk.Hear("conversation.item.done", """item:={"type":"mcp_list_tools","id":"l","server_label":"almanac","tools":[]}""");
        talk.McpUnlisted("l");
        Assert.Single(talk.Changes<SessionChange.McpToolsFailed>());
        Assert.Empty(talk.Changes<SessionChange.McpToolsListed>());
    }

    [Fact]
    public void MCP01_AFailureThatSaysWhy_IsToldWithIt()
    {
        Conversation talk = Configured("almanac");
        talk.McpListing("l", "almanac");
        talk.Hear("mcp_list_tools.failed", "item_id=l", """error:={"type":"http_error","code":401,"message":"No."}""");
        Assert.Equal(("401", "http_error"), Assert.Single(talk.Changes<SessionChange.McpToolsFailed>()).Error is { } error ? (error.Code, error.Type) : default);
    }

    [Fact]
    public void MCP01_AListWithoutItsItem_IsThatOfTheOnlyServer()
    {
        Conversation talk = Configured("almanac");
        talk.Create();
        talk.Hear("mcp_list_tools.completed", "item_id=never_seen");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP01_AListWithoutItsItem_IsNobodys_WhereTwoServersWait()
    {
        Conversation talk = Configured("almanac", "shop");
        talk.Create();
        talk.Hear("mcp_list_tools.completed", "item_id=never_seen");
        talk.SendsNothing();
    }

    [Fact]
    public void MCP01_ToolsThatComeWithTheItemAlone_AreThere()
    {
        Conversation talk = Configured("almanac");
        talk.Create();
        talk.Hear("conversation.item.done", """item:={"type":"mcp_list_tools","id":"l","server_label":"almanac","tools":[{"name":"tide","input_schema":{}},{"name":"moon","input_schema":{}}]}""");
        talk.Sends("response.create");
        talk.Hear("mcp_list_tools.completed", "item_id=l");
        Assert.Equal(["tide", "moon"], Assert.Single(talk.Changes<SessionChange.McpToolsListed>()).Tools);
    }

    [Fact]
    public void MCP01_AListThatComesBeforeTheAcknowledgement_Counts()
    {
        var talk = Conversation.Manual();
        talk.Submit(Servers("almanac"));
        talk.Sends("session.update");
        talk.McpListing("l", "almanac");
        talk.McpListed("l", "almanac", "tide");
        talk.Updated();
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP01_AServerThatStays_IsNotWaitedForAgain_AndOneWithAnotherAddressIs()
    {
        Conversation talk = Configured("almanac");
        talk.McpListing("l", "almanac");
        talk.McpListed("l", "almanac", "tide");
        talk.Submit(Servers("almanac"));
        talk.Updated();
        talk.Sends("session.update");
        talk.Whole("A", "m", 4_800);
        talk.Submit(SessionIntent.Configure(new Session { Tools = [new McpTool { ServerLabel = "almanac", ServerUrl = "https://other.example/mcp" }] }));
        talk.Sends("session.update");
        talk.Create();
        talk.SendsNothing();
        talk.McpListing("k", "almanac");
        talk.McpListed("k", "almanac", "moon");
        talk.Sends("response.create");
        Assert.Equal(2, talk.Changes<SessionChange.McpToolsListed>().Length);
    }

    [Fact]
    public void MCP01_AConfigurationThatTheServerRefuses_IsNotWaitedFor()
    {
        var talk = Conversation.Manual();
        talk.Submit(Servers("almanac"));
        talk.Sends("session.update", "event_id=$e1");
        talk.Create();
        talk.SendsNothing();
        talk.Error("invalid_value", talk.Names["$e1"]);
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP01_AServerThatIsTakenAway_IsNotWaitedFor()
    {
        Conversation talk = Configured("almanac");
        talk.Submit(SessionIntent.Configure(new Session { Tools = [] }));
        talk.Sends("session.update");
        talk.Create();
        talk.SendsNothing();
        talk.Updated();
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP01_AServiceThatNamesAThousandServers_FillsNoMemory()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < 1_000; i++)
        {
            talk.McpListing($"l{i}", $"server{i}");
            talk.McpListed($"l{i}", $"server{i}", "tide");
        }

        Assert.InRange(talk.Changes<SessionChange.McpToolsListed>().Length, 1, 64);
    }

    private static Conversation Configured(params string[] servers)
    {
        var talk = Conversation.Manual();
        talk.Submit(Servers(servers));
        talk.Sends("session.update");
        talk.Updated();
        return talk;
    }

    private static SessionIntent Servers(params string[] labels) =>
        SessionIntent.Configure(new Session { Tools = labels.Select(static Tool (label) => new McpTool { ServerLabel = label, ServerUrl = "https://almanac.example/mcp" }).ToArray() });

    [Fact]
    public void MCP01_AServerThatALaterUpdateNamesAgain_IsNotForgottenByTheOneBetween()
    {
        var talk = Conversation.Manual();
        var almanac = new McpTool { ServerLabel = "almanac", ServerUrl = "https://almanac.example/mcp" };
        talk.Submit(SessionIntent.Configure(new Session { Tools = [almanac] }));
        talk.Submit(SessionIntent.Configure(new Session { Tools = Array.Empty<Tool>() }));
        talk.Submit(SessionIntent.Configure(new Session { Tools = [almanac] }));
        talk.Sent();
        talk.Updated();
        talk.Updated();
        talk.Updated();
        talk.Create();
        talk.SendsNothing();
        talk.Wait(5_000);
        talk.Sends("response.create");
    }
}

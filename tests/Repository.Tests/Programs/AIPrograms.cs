using Microsoft.Extensions.AI;
using Realtime.Protocol;
using Realtime.Protocol.AI;

namespace Repository.Tests.Programs;

/// <summary>The programs of the README of the bridge to Microsoft.Extensions.AI. What stands in a region is shown there, word for word.</summary>
internal static class AIPrograms
{
    public static async Task ToolsAsync(VoiceSession session, Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> askOperatorAsync)
    {
        ValueTask<bool> AskOperatorAsync(McpApprovalRequest request, CancellationToken ct) => askOperatorAsync(request, ct);
        #region Program 12
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static call => $"{DateTime.Now:t}");
        VoiceTool weather = VoiceTool.Create("weather", "Tells the weather.", static async (place, ct) => await Weather.OfAsync(place.City, ct), ToolJson.Default.Place, ToolJson.Default.Weather) with { Timeout = TimeSpan.FromSeconds(5) };
        VoiceTool note = VoiceTool.Create("note", "Takes a note.", """{"type":"object"}""", call => ToolCallOutput.WithoutResponse("noted"));
        VoiceTool shop = new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = McpApprovalPolicy.Ask(async (request, ct) => await AskOperatorAsync(request, ct)).ExceptReadOnly() };
        VoiceTool stock = AIFunctionFactory.Create((string part) => 21, "stock", "Counts a part.").AsVoiceTool();
        await session.UpdateAsync(new() { Tools = [clock, weather, note, shop, stock] });
        #endregion
    }

    public static async Task MiddlewareAsync(VoiceSessionOptions options, string question, TextWriter output, CancellationToken ct)
    {
#pragma warning disable MEAI001 // Experimental, as every user of it has to say.
        #region Program 13
        using var client = options.AsRealtimeClient().AsBuilder().UseFunctionInvocation().Build();
        var stock = AIFunctionFactory.Create((string part) => 21, "stock", "Counts a part.");
        await using var session = await client.CreateSessionAsync(new() { OutputModalities = ["text"], Tools = [stock] }, ct);
        await session.SendAsync(new CreateConversationItemRealtimeClientMessage(new([new TextContent(question)], role: ChatRole.User)), ct);
        await session.SendAsync(new CreateResponseRealtimeClientMessage(), ct);
        await foreach (var message in session.GetStreamingResponseAsync(ct))
        {
            if (message is OutputTextAudioRealtimeServerMessage { Text: { } text } && message.Type == RealtimeServerMessageType.OutputTextDone)
            {
                output.WriteLine(text);
                break;
            }
        }
        #endregion
#pragma warning restore MEAI001
    }
}

using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1030 reports. What it leaves alone is in <see cref="RT1030SilenceTests"/>.</summary>
public class RT1030DecidedByErrorTextTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.OpenAIBeta | Knows.VoiceLive | Knows.NewtonsoftJson;

    internal const string Usings = """
        using System; using System.Collections.Generic; using System.Text.Json; using System.Text.Json.Nodes; using System.Text.RegularExpressions; using System.Threading; using System.Threading.Tasks;
        using Azure.AI.VoiceLive; using OpenAI.Realtime; using ConversationErrorUpdate = OpenAI.RealtimeConversation.ConversationErrorUpdate; using Newtonsoft.Json.Linq; using Realtime.Protocol;

        #pragma warning disable OPENAI002, CS8602, CS8604

        """;

    [Theory]
    [InlineData("""if ({|RT1030:ours.Message.Contains("no active response")|}) return;""")]
    [InlineData("""if ({|RT1030:sdk.Message.StartsWith("Cancellation failed")|}) return;""")]
    [InlineData("""if ({|RT1030:live.Error.Message.Contains("no active response")|}) return;""")]
    [InlineData("""if ({|RT1030:beta.Message == "Cancellation failed: no active response found"|}) return;""")]
    [InlineData("""if ("x" == "y" || {|RT1030:"Session expired" != sdk.Message|}) return;""")]
    [InlineData("""if ({|RT1030:sdk.Message is "Session expired" or "Gone"|}) return;""")]
    [InlineData("""if ({|RT1030:sdk.Message.ToLowerInvariant().Contains("active response")|}) return;""")]
    [InlineData("""if ({|RT1030:sdk.Message.IndexOf("active", StringComparison.OrdinalIgnoreCase)|} >= 0) return;""")]
    [InlineData("""if ({|RT1030:string.Equals(sdk.Message, "Gone", StringComparison.Ordinal)|}) return;""")]
    [InlineData("""if ({|RT1030:Regex.IsMatch(sdk.Message, "active")|}) return;""")]
    [InlineData("""if (sdk.Message?{|RT1030:.Contains("active")|} == true) return;""")]
    [InlineData("""var text = sdk.Message; Console.WriteLine(text); if ({|RT1030:text.Contains("active")|}) return;""")]
    [InlineData("""var text = $"server: {sdk.Message}"; var busy = {|RT1030:text.Contains("active")|};""")]
    [InlineData("""var text = ""; if (sdk.Code is null) text = sdk.Message; if ({|RT1030:text.EndsWith("found")|}) return;""")]
    [InlineData("""Func<bool> busy = () => {|RT1030:sdk.Message.Contains("active")|};""")]
    public Task TextOfAnError_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("""if ({|RT1030:json.GetProperty("error").GetProperty("message").GetString().Contains("active")|}) return;""")]
    [InlineData("""var error = json.GetProperty("error"); var text = error.GetProperty("message").GetString() ?? ""; if ({|RT1030:text.Contains("active")|}) return;""")]
    [InlineData("""var node = JsonNode.Parse("{}")!; if (node["error"]?["message"]?{|RT1030:.ToString().Contains("active")|} == true) return;""")]
    [InlineData("""var token = JObject.Parse("{}"); if ({|RT1030:token["error"]!["message"]!.ToString().Contains("active")|}) return;""")]
    public Task TextOfAnErrorInJson_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) when ({|RT1030:e.Message.Contains("no active response")|}) { }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) when (e.Message?{|RT1030:.Contains("no active response")|} == true) { }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) { if (!{|RT1030:e.Message.Contains("active")|}) throw; }""")]
    [InlineData("""try { await client.StartResponseAsync(); } catch (InvalidOperationException e) when ({|RT1030:e.Message == "busy"|}) { }""")]
    [InlineData("""try { Console.WriteLine(); } catch (RealtimeRefusedException e) when ({|RT1030:e.Message.Contains("TD-03")|}) { }""")]
    public Task TextOfAnExceptionOfASession_IsReported(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1030DecidedByErrorText>(
        $$"""{{Usings}}class Caller { async Task Talk(ServerError ours, RealtimeError sdk, SessionUpdateError live, ConversationErrorUpdate beta, VoiceLiveSession session, RealtimeSessionClient client, JsonElement json) { {{statements}} await Task.Yield(); } }""",
        Libraries);
}

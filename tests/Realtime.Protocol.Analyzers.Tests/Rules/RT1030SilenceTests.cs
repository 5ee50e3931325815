using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1030 leaves alone.</summary>
public class RT1030SilenceTests
{
    [Theory]
    [InlineData("""if (ours.Code == "response_cancel_not_active") return;""")]
    [InlineData("""if (sdk.Code.Contains("active")) return;""")]
    [InlineData("""if (ours.Code is null or "invalid_value" && ours.Message.Contains("already shorter than")) return;""")]
    [InlineData("""var isShorter = sdk.Code == "invalid_value" && sdk.Message is { } message && message.Contains("already shorter than");""")]
    [InlineData("""if (sdk.Kind is "invalid_request_error") return;""")]
    [InlineData("""if (live.Error.Code == "x") Console.WriteLine(live.Error.Message);""")]
    [InlineData("""if (beta.ErrorCode is "x" or "y") return;""")]
    [InlineData("""if (json.GetProperty("error").GetProperty("code").GetString() == "x") return;""")]
    public Task Code_IsTheWay(string statements) => Verify(statements);

    [Theory]
    [InlineData("""Console.WriteLine(sdk.Message);""")]
    [InlineData("""Console.WriteLine($"{sdk.Code}: {sdk.Message}");""")]
    [InlineData("""throw new InvalidOperationException(sdk.Message);""")]
    [InlineData("""if (sdk.Message == null) return;""")]
    [InlineData("""if (sdk.Message is null or "") return;""")]
    [InlineData("""if (sdk.Message != "") return;""")]
    [InlineData("""if (string.IsNullOrEmpty(sdk.Message)) return;""")]
    [InlineData("""if (sdk.Message.Length > 100) Console.WriteLine(sdk.Message.Substring(0, 100));""")]
    [InlineData("""if ("a long text".Contains(sdk.Message)) return;""")]
    [InlineData("""var seen = new HashSet<string>(); if (seen.Contains(sdk.Message)) return;""")]
    [InlineData("""if (IsKnown(sdk.Message)) return; bool IsKnown(string s) => s.Length > 3;""")]
    [InlineData("""var text = sdk.Message; text = sdk.Code; if (text.Contains("active")) return;""")]
    [InlineData("""var length = sdk.Message.Replace("a", "b").Length; if (length == 3) return;""")]
    [InlineData("""var other = sdk.Message == ours.Message;""")]
    public Task TextForPeople_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""try { Console.ReadLine(); } catch (Exception e) when (e.Message.Contains("no active response")) { }""")]
    [InlineData("""try { Console.ReadLine(); } catch (Exception e) { Console.WriteLine(e.Message.Contains("a")); } try { await session.CancelResponseAsync(); } catch (Exception) { }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) { Console.WriteLine(e.Message); }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) when (e is TimeoutException) { }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) when (e.GetType().Name.Contains("Timeout")) { }""")]
    [InlineData("""var e = new Exception(); if (e.Message.Contains("active")) return; await session.CancelResponseAsync();""")]
    [InlineData("""var chat = new Chat(); if (chat.Message.Contains("hello")) return; var error = 1;""")]
    [InlineData("""if (json.GetProperty("message").GetString() == "hello") return; var error = 1;""")]
    [InlineData("""if (json.GetProperty("chat").GetProperty("message").GetString() == "hello") return; var error = 1;""")]
    [InlineData("""var node = JsonNode.Parse("{}")!; if (node["item"]!["message"]!.ToString() == "error") return;""")]
    [InlineData("""var error = new Look.RealtimeError(); if (error.Message.Contains("active")) return;""")]
    public Task OtherMessages_AreSilent(string statements) => Verify(statements);

    [Fact]
    public Task TextOfAnError_AsAssertionInATest_IsSilent() => Verify("""Check.Contains("active", sdk.Message); Check.Equal("active", sdk.Message);""");

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1030DecidedByErrorText>(
        RT1030DecidedByErrorTextTests.Usings + """class C { bool M(RealtimeError error) => error.Message.Contains("active"); }""", RT1030DecidedByErrorTextTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1030DecidedByErrorText>(
        $$"""
        {{RT1030DecidedByErrorTextTests.Usings}}
        class Chat { public string Message => ""; }
        static class Check { public static void Contains(string a, string b) { } public static void Equal(string a, string b) { } }
        class Caller { async Task Talk(ServerError ours, RealtimeError sdk, SessionUpdateError live, ConversationErrorUpdate beta, VoiceLiveSession session, JsonElement json) { {{statements}} await Task.Yield(); } }
        namespace Look { class RealtimeError { public string Message => ""; } }
        """,
        RT1030DecidedByErrorTextTests.Libraries);
}

using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1030 beside programs of the field that are right: they log, show and count the text, decide by the code, or decide by another text.</summary>
public class RT1030NeighbourTests
{
    [Theory]
    [InlineData("""var shown = sdk.Message.Length > 80 ? sdk.Message[..80] + "…" : sdk.Message; Console.WriteLine(shown);""")]
    [InlineData("""Console.WriteLine(sdk.Message.Replace("\n", " ").Trim());""")]
    [InlineData("""var secret = sdk.Message; foreach (var word in new[] { "sk-1" }) { secret = secret.Replace(word, "***"); } Console.WriteLine(secret);""")]
    [InlineData("""var counts = new Dictionary<string, int>(); counts[sdk.Message] = counts.TryGetValue(sdk.Message, out var n) ? n + 1 : 1;""")]
    [InlineData("""var last = ""; if (sdk.Message != last) { last = sdk.Message; Console.WriteLine(last); }""")]
    [InlineData("""throw new InvalidOperationException($"{ours.Code}: {ours.Message}");""")]
    [InlineData("""var told = sdk.Code switch { "rate_limit_exceeded" => "Please wait.", null => sdk.Message, _ => "Something went wrong." }; Console.WriteLine(told);""")]
    [InlineData("""if (string.IsNullOrWhiteSpace(live.Error.Message)) { Console.WriteLine("no text"); }""")]
    [InlineData("""var text = sdk.Message ?? "unknown"; if (text == sdk.Code) { return; }""")]
    [InlineData("""await Task.Run(() => Console.Error.WriteLine(beta.Message));""")]
    public Task TextThatIsShownOrCounted(string statements) => Verify(statements);

    [Theory]
    [InlineData("""if (ours.Code is "rate_limit_exceeded" or "session_expired") { Console.WriteLine(ours.Message); }""")]
    [InlineData("""switch (sdk.Code) { case "response_cancel_not_active": break; default: throw new InvalidOperationException(sdk.Message); }""")]
    [InlineData("""if (ours is { Code: "response_cancel_not_active", Message: var text }) { Console.WriteLine(text); }""")]
    [InlineData("""if (sdk.Code?.StartsWith("response_") == true || sdk.Kind == "invalid_request_error") { return; }""")]
    [InlineData("""if (json.GetProperty("error").GetProperty("code").GetString() is "response_cancel_not_active") { return; } Console.WriteLine(json.GetProperty("error").GetProperty("message").GetString());""")]
    [InlineData("""try { Console.WriteLine(); } catch (RealtimeRefusedException e) when (e.Rule == "SE-05") { Console.WriteLine(e.Message); }""")]
    [InlineData("""try { Console.WriteLine(); } catch (RealtimeRejectedException e) when (e.Error.Code == "invalid_value") { Console.WriteLine(e.Error.Message); }""")]
    public Task CodeThatDecides(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var said = json.GetProperty("item").GetProperty("content")[0].GetProperty("transcript").GetString()!; if (said.Contains("error")) { return; }""")]
    [InlineData("""var chat = new Chat(); try { await session.CancelResponseAsync(); } catch (Exception) { if (chat.Message.Contains("bye")) { return; } }""")]
    [InlineData("""try { var port = int.Parse("x"); } catch (FormatException e) when (e.Message.Contains("x")) { }""")]
    [InlineData("""var reply = new HttpError(); if (reply.Message.Contains("not found")) { return; }""")]
    [InlineData("""if (Environment.GetEnvironmentVariable("ERROR") is { } message && message.Contains("active")) { return; }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (Exception e) { if (e.InnerException is TimeoutException) { Console.WriteLine(e.Message); } }""")]
    [InlineData("""try { await session.CancelResponseAsync(); } catch (OperationCanceledException e) when (e.CancellationToken.IsCancellationRequested) { Console.WriteLine(e.Message); }""")]
    public Task OtherText_ThatDecides(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var error = new Look.ServerError(); if (error.Message.StartsWith("Session expired")) { return; }""")]
    [InlineData("""var error = new Look.SessionUpdateErrorDetails(); if (error.Message is "gone") { return; }""")]
    [InlineData("""try { new Look.VoiceLiveSession().CancelResponse(); } catch (Exception e) when (e.Message.Contains("no active response")) { }""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1030DecidedByErrorText>(
        $$"""
        {{RT1030DecidedByErrorTextTests.Usings}}
        class Chat { public string Message => ""; }
        class HttpError { public string Message => ""; }
        class Caller { async Task Talk(ServerError ours, RealtimeError sdk, SessionUpdateError live, ConversationErrorUpdate beta, VoiceLiveSession session, JsonElement json) { {{statements}} await Task.Yield(); } }
        namespace Look { class ServerError { public string Message => ""; } class SessionUpdateErrorDetails { public string Message => ""; } class VoiceLiveSession { public void CancelResponse() { } } }
        """,
        RT1030DecidedByErrorTextTests.Libraries);
}

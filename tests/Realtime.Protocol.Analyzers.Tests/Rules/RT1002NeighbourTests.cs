using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1002 beside programs of the field that are right: relays that look at what passes, doubles in tests, telemetry, schemas and help texts.</summary>
public class RT1002NeighbourTests
{
    [Theory]
    [InlineData("""var handlers = new Dictionary<string, Action<JsonElement>> { ["session.update"] = e => { }, ["response.create"] = e => Send(e) }; if (handlers.TryGetValue(Id, out var handler)) { handler(Element); }""")]
    [InlineData("""var handlers = new Dictionary<string, Func<object>>(); handlers.Add("response.create", () => Id); handlers["response.create"]();""")]
    [InlineData("""var allowed = new[] { "session.update", "response.create" }; if (Array.IndexOf(allowed, Id) < 0) { throw new InvalidOperationException(Id); }""")]
    [InlineData("""var type = Id.Length switch { 1 => "response.create", 2 => "response.cancel", _ => "session.update" }; Console.WriteLine(type);""")]
    [InlineData("""if (Element.TryGetProperty("type", out var type) && type.GetString() is "response.create" or "response.cancel") { Send(Element); }""")]
    [InlineData("""var reader = new Utf8JsonReader(Bytes); while (reader.Read()) { if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("response.create"u8)) { return; } }""")]
    [InlineData("""var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes("{\"type\":\"response.create\"}")); reader.Read();""")]
    [InlineData("""if (JObject.Parse(Id)["type"]?.ToString() == "response.create") { Send(Id); }""")]
    [InlineData("""if (JsonNode.Parse(Id)?["type"]?.GetValue<string>() is "response.create") { Send(Id); }""")]
    [InlineData("""var pattern = new System.Text.RegularExpressions.Regex("\"type\"\\s*:\\s*\"response\\.create\""); if (pattern.IsMatch(Id)) { Send(Id); }""")]
    [InlineData("""var asked = new List<string> { Id }.FindAll(line => line.Contains("\"type\":\"response.create\"", StringComparison.Ordinal)); Send(asked.Count);""")]
    [InlineData("""var (type, rest) = ("response.create", Id); if (type == rest) { Send(rest); }""")]
    [InlineData("""foreach (var line in Id.Split('\n')) { if (line.Length == 0 || !line.StartsWith("{\"type\":\"response.create\"", StringComparison.Ordinal)) { continue; } Send(line); }""")]
    public Task RelayOrRecorder_ThatLooksAtWhatPasses(string statements) => RT1002ResponseCreateByHandTests.Verify(statements);

    [Theory]
    [InlineData("""Assert.Equal("{\"type\":\"response.create\"}", Id);""")]
    [InlineData("""Assert.Contains("\"type\":\"response.create\"", Id);""")]
    [InlineData("""Assert.Equal("response.create", Element.GetProperty("type").GetString());""")]
    [InlineData("""Assert.True(JsonNode.DeepEquals(JsonNode.Parse("{\"type\":\"response.create\"}"), JsonNode.Parse(Id)));""")]
    [InlineData("""Assert.True(JToken.DeepEquals(JObject.Parse("{\"type\":\"response.create\"}"), JObject.Parse(Id)));""")]
    [InlineData("""Assert.Equal(Encoding.UTF8.GetBytes("{\"type\":\"response.create\"}"), Bytes);""")]
    [InlineData("""Id.ShouldBe("{\"type\":\"response.create\"}");""")]
    [InlineData("""Id.Should().Be("{\"type\":\"response.create\"}");""")]
    [InlineData("""Verify(wire => wire.Send("{\"type\":\"response.create\"}")); void Verify(System.Linq.Expressions.Expression<Action<IWire>> call) { }""")]
    [InlineData("""new Wire().Received().Send("{\"type\":\"response.create\"}");""")]
    public Task TestThatSaysWhatItExpects(string statements) => Verify(statements);

    [Theory]
    [InlineData("""[Xunit.InlineData("{\"type\":\"response.create\"}")] void N(string json) { }""")]
    [InlineData("""[System.ComponentModel.Description("Sends {\"type\":\"response.create\"} once.")] void N() { }""")]
    [InlineData("""enum Kind { Create } static readonly Dictionary<Kind, string> Names = new() { [Kind.Create] = "response.create" };""")]
    [InlineData("""static readonly object Schema = new { type = "object", properties = new { type = new { @const = "response.create" } } };""")]
    [InlineData("""static readonly string Schema = "{\"type\":\"object\",\"properties\":{\"type\":{\"enum\":[\"response.create\"]}}}";""")]
    [InlineData("""static readonly JsonObject Schema = new() { ["type"] = "string", ["const"] = "response.create" };""")]
    [InlineData("""const string Help = "To make the model answer, send {\"type\":\"response.create\"} on the socket.";""")]
    [InlineData("""Exception Early() => new InvalidOperationException("You sent {\"type\":\"response.create\"} while a response is active.");""")]
    [InlineData("""object Error() => new { type = "error", error = new { message = "response.create is not allowed here", param = "type" } };""")]
    [InlineData("""record Command(string Type); Command Make() => new("response.create");""")]
    [InlineData("""string Name => "response.create"; bool Is(string type) => string.Equals(type, Name, StringComparison.Ordinal);""")]
    public Task DataSchemaOrHelp_ThatIsRead(string members) => VerifyMembers(members);

    [Theory]
    [InlineData("""Sent.Add(1, new KeyValuePair<string, object?>("type", "response.create"));""")]
    [InlineData("""Sent.Add(1, new KeyValuePair<string, object?>("event.type", "response.create"));""")]
    [InlineData("""Sent.Add(1, new TagList { { "type", "response.create" } });""")]
    [InlineData("""Activity.Current?.SetTag("type", "response.create");""")]
    [InlineData("""Activity.Current?.AddEvent(new ActivityEvent("sent", tags: new ActivityTagsCollection { ["type"] = "response.create" }));""")]
    [InlineData("""Activity.Current?.AddEvent(new ActivityEvent("sent", tags: new ActivityTagsCollection { { "type", "response.create" } }));""")]
    [InlineData("""using var scope = Log.BeginScope(new Dictionary<string, object> { ["type"] = "response.create" });""")]
    [InlineData("""Log.LogDebug("sent {Json}", "{\"type\":\"response.create\"}");""")]
    [InlineData("""System.IO.File.AppendAllText("wire.jsonl", "{\"type\":\"response.create\"}\n");""")]
    public Task TelemetryLogOrFile(string statements) => Verify(statements);

    [Theory]
    [InlineData("""class C { void M(VoiceSession s) { s.Respond(); System.Console.WriteLine("response.create"); } }""")]
    [InlineData("""class C { object M() => new Realtime.Protocol.Events.InputAudioBufferCommit(); /* response.create */ }""")]
    [InlineData("""class C { [SequencerEntry] C() => Made = new { type = "response.create" }; object Made; }""")]
    [InlineData("""class C { object? Made { get; [SequencerEntry] set => field = new { type = "response.create" }; } }""")]
    [InlineData("""[SequencerEntry] record Relay { public object Create => new { type = "response.create" }; }""")]
    [InlineData("""[SequencerEntry] interface IRelay { object Create() => "{\"type\":\"response.create\"}"; }""")]
    public Task OurSessionOrAnEntry(string source) => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>("using Realtime.Protocol;\n" + source, Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M(RealtimeSessionClient s) { await s.StartResponseAsync(); await Console.Out.WriteLineAsync("response.create"); }""")]
    [InlineData("""Task M(RealtimeSessionClient s) => s.SendCommandAsync(new RealtimeClientCommandResponseCreate()); // response.create""" + "\n")]
    public Task LibraryThatWritesItItself(string members) => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        "#pragma warning disable OPENAI002\nusing System; using System.Threading.Tasks; using OpenAI.Realtime; class C { " + members + " }", Knows.Ours | Knows.OpenAI);

    private static Task Verify(string statements) => VerifyMembers("JsonElement Element; byte[] Bytes = []; Counter<int> Sent = null!; Logging.ILogger Log = null!; void M() { " + statements + " }");

    private static Task VerifyMembers(string members) => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        "using System; using System.Collections.Generic; using System.Diagnostics; using System.Diagnostics.Metrics; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using Newtonsoft.Json.Linq; using Xunit; using Shouldly; using FluentAssertions; using NSubstitute; using Microsoft.Extensions.Logging; using Logging = Microsoft.Extensions.Logging;\n"
        + "class C { string Id = \"\"; void Send(object o) { } " + members + " }\n"
        + """
        public interface IWire { void Send(string json); } public class Wire : IWire { public void Send(string json) { } }
        namespace Xunit { static class Assert { public static void Equal<T>(T a, T b) { } public static void Contains(string a, string b) { } public static void True(bool a) { } } class InlineDataAttribute(string json) : System.Attribute { public string Json => json; } }
        namespace Shouldly { static class Should { public static void ShouldBe(this string a, string b) { } } }
        namespace FluentAssertions { static class Assertions { public static StringAssertions Should(this string a) => null!; } class StringAssertions { public void Be(string b) { } } }
        namespace NSubstitute { static class Extensions { public static T Received<T>(this T a) => a; } }
        namespace Microsoft.Extensions.Logging { interface ILogger { System.IDisposable? BeginScope<T>(T state); } static class LoggerExtensions { public static void LogDebug(this ILogger log, string message, params object?[] args) { } } }
        """,
        Knows.Ours | Knows.Session | Knows.NewtonsoftJson);
}

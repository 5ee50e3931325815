using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1002 reports. What it leaves alone is in <see cref="RT1002SilenceTests"/>.</summary>
public class RT1002ResponseCreateByHandTests
{
    [Theory]
    [InlineData("""Send({|RT1002:"{\"type\":\"response.create\"}"|});""")]
    [InlineData("""Send({|RT1002:@"{ ""type"" : ""response.create"" }"|});""")]
    [InlineData("Send({|RT1002:\"\"\"{\"type\":\"response.create\",\"response\":{}}\"\"\"|});")]
    [InlineData("Send({|RT1002:\"\"\"\n    {\n      \"event_id\": \"e1\",\n      \"type\": \"response.create\"\n    }\n    \"\"\"|});")]
    [InlineData("""SendBytes({|RT1002:"{\"type\":\"response.create\"}"u8|});""")]
    [InlineData("""SendBytes({|RT1002:"{\"type\":\"response.create\"}"u8|}.ToArray());""")]
    [InlineData("""Send({|RT1002:"{\"type\":" + "\"response.create\"}"|});""")]
    [InlineData("""const string Type = "response.create"; Send({|RT1002:"{\"type\":\"" + Type + "\"}"|});""")]
    [InlineData("""Send({|RT1002:"{\"type\":\"response.create\",\"event_id\":\""|} + Id + "\"}");""")]
    [InlineData("""Send({|RT1002:$"{{\"type\":\"response.create\",\"event_id\":\"{Id}\"}}"|});""")]
    [InlineData("""const string Type = "response.create"; Send({|RT1002:$"{{\"type\":\"{Type}\",\"event_id\":\"{Id}\"}}"|});""")]
    [InlineData("""Send(Encoding.UTF8.GetBytes({|RT1002:"{'type':'response.create'}"|}));""")]
    [InlineData("""var text = {|RT1002:"{\"type\":\"response.create\"}"|}; Send(text);""")]
    [InlineData("""Send(Id.Length > 0 ? {|RT1002:"{\"type\":\"response.create\"}"|} : "");""")]
    public Task Text(string statements) => Verify(statements);

    [Theory]
    [InlineData("""Send({|RT1002:new { type = "response.create" }|});""")]
    [InlineData("""Send({|RT1002:new { event_id = Id, type = "response.create", response = new { modalities = new[] { "audio" } } }|});""")]
    [InlineData("""Send({|RT1002:new { Type = "response.create" }|});""")]
    [InlineData("""Send(BinaryData.FromObjectAsJson({|RT1002:new { type = "response.create" }|}));""")]
    [InlineData("""Send(JsonSerializer.Serialize({|RT1002:new { type = "response.create" }|}));""")]
    [InlineData("""const string Type = "response.create"; Send({|RT1002:new { type = Type }|});""")]
    [InlineData("""Send(new Dictionary<string, object> { {|RT1002:["type"] = "response.create"|} });""")]
    [InlineData("""Send(new Dictionary<string, object?> { {|RT1002:{ "type", "response.create" }|} });""")]
    [InlineData("""IDictionary<string, object> d = new SortedDictionary<string, object>(); {|RT1002:d["type"] = "response.create"|};""")]
    [InlineData("""var d = new Dictionary<string, string>(); {|RT1002:d.Add("type", "response.create")|}; {|RT1002:d.TryAdd("type", "response.create")|};""")]
    [InlineData("""Send(new JsonObject { {|RT1002:["type"] = "response.create"|} });""")]
    [InlineData("""Send(new JsonObject { {|RT1002:["type"] = JsonValue.Create("response.create")|} });""")]
    [InlineData("""Send(new JsonObject { {|RT1002:{ "type", "response.create" }|} });""")]
    [InlineData("""JsonNode n = new JsonObject(); {|RT1002:n["type"] = "response.create"|};""")]
    [InlineData("""Send(new JObject { {|RT1002:["type"] = "response.create"|} });""")]
    [InlineData("""Send(new JObject({|RT1002:new JProperty("type", "response.create")|}));""")]
    [InlineData("""var o = new JObject(); {|RT1002:o.Add("type", "response.create")|}; {|RT1002:o["type"] = new JValue("response.create")|};""")]
    [InlineData("""Send(JObject.FromObject({|RT1002:new { type = "response.create" }|}));""")]
    [InlineData("""using var w = new Utf8JsonWriter(new System.IO.MemoryStream()); {|RT1002:w.WriteString("type", "response.create")|}; {|RT1002:w.WriteString("type"u8, "response.create"u8)|};""")]
    [InlineData("""using var w = new Utf8JsonWriter(new System.IO.MemoryStream()); w.WritePropertyName("type"); {|RT1002:w.WriteStringValue("response.create")|};""")]
    [InlineData("""Send(new KeyValuePair<string, object>[] { {|RT1002:new("type", "response.create")|} });""")]
    public Task Objects(string statements) => Verify(statements);

    [Fact]
    public Task OutsideOfAMethod() => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        """
        class C
        {
            static readonly byte[] Create = {|RT1002:"{\"type\":\"response.create\"}"u8|}.ToArray();
            public const string Text = {|RT1002:"{\"type\":\"response.create\"}"|};
            object Message => {|RT1002:new { type = "response.create" }|};
            System.Func<object> Make = () => {|RT1002:new { type = "response.create" }|};
        }
        """);

    [Theory]
    [InlineData("class C { VoiceSession? _s; object M() => new { type = \"response.create\" }; }", DiagnosticSeverity.Warning)]
    [InlineData("class B { protected VoiceSession S => null!; } class C : B { object M() => new { type = \"response.create\" }; }", DiagnosticSeverity.Warning)]
    [InlineData("class C(VoiceSession s) { object M() { s.Interrupt(); return new { type = \"response.create\" }; } }", DiagnosticSeverity.Warning)]
    [InlineData("class C { object M(VoiceSession s) => new { type = \"response.create\" }; }", DiagnosticSeverity.Warning)]
    [InlineData("class C { async System.Threading.Tasks.Task M(VoiceSessionOptions o) { await using var s = await VoiceSession.ConnectAsync(o); await s.SendRawAsync(RawJson.Parse(\"{\\\"type\\\":\\\"response.create\\\"}\")); } }", DiagnosticSeverity.Warning)]
    [InlineData("class A { VoiceSession? S; } class C { object M() => new { type = \"response.create\" }; }", DiagnosticSeverity.Info)]
    [InlineData("class C { object M() => new { type = \"response.create\" }; }", DiagnosticSeverity.Info)]
    public async Task Severity_IsAWarning_WhereASessionOfOursIsInScope(string source, DiagnosticSeverity severity)
    {
        var compilation = TestProject.Compile("using Realtime.Protocol;\n" + source, Knows.Ours | Knows.Session);

        var finding = Assert.Single(await AnalyzerVerifier.RunOnWhatCompiles(compilation, new RealtimeAnalyzer([new RT1002ResponseCreateByHand()])));

        Assert.Equal(severity, finding.Severity);
    }

    internal static Task Verify(string statements) => VerifyMembers("JsonElement Element; byte[] Bytes = []; void M() { " + statements + " }");

    internal static Task VerifyMembers(string members) => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        "using System; using System.Collections.Generic; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using Newtonsoft.Json.Linq;\n"
        + "class C { string Id = \"\"; void Send(object o) { } void SendBytes(ReadOnlySpan<byte> o) { } " + members + " }",
        Knows.Ours | Knows.NewtonsoftJson);
}

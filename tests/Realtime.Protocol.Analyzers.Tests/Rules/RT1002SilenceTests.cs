using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1002 leaves alone: the word where it is read, other events, other members, and code that answers for itself.</summary>
public class RT1002SilenceTests
{
    [Theory]
    [InlineData("""if (Id == "response.create") { }""")]
    [InlineData("""if (Id != "response.create" || "response.create".Equals(Id, StringComparison.Ordinal)) { }""")]
    [InlineData("""switch (Id) { case "response.create": break; case "a" or "response.create.x": break; }""")]
    [InlineData("""_ = Id switch { "response.create" => 1, _ => 2 };""")]
    [InlineData("""if (Id is "response.create") { }""")]
    [InlineData("""_ = Id.Contains("response.create"); _ = Id.StartsWith("response.create"); _ = Id.IndexOf("response.create");""")]
    [InlineData("""_ = Id == "{\"type\":\"response.create\"}";""")]
    [InlineData("""_ = Id.Contains("\"type\":\"response.create\"");""")]
    [InlineData("""_ = Id is "{\"type\":\"response.create\"}";""")]
    [InlineData("""_ = Bytes.AsSpan().SequenceEqual("{\"type\":\"response.create\"}"u8);""")]
    [InlineData("""_ = Element.GetProperty("type").ValueEquals("response.create"); _ = Element.GetProperty("type").ValueEquals("response.create"u8);""")]
    [InlineData("""const string Create = "response.create"; Send(Create);""")]
    [InlineData("""Console.WriteLine("sending {\"type\":\"response.create\"}"); System.Diagnostics.Debug.WriteLine($"> {{\"type\":\"response.create\"}} {Id}");""")]
    [InlineData("""using var d = JsonDocument.Parse("{\"type\":\"response.create\"}");""")]
    [InlineData("""_ = JsonSerializer.Deserialize<JsonElement>("{\"type\":\"response.create\"}");""")]
    [InlineData("""throw new InvalidOperationException("a response.create came too early");""")]
    [InlineData("""var known = new HashSet<string> { "response.create", "response.cancel" }; _ = known.Contains(Id);""")]
    [InlineData("""var counts = new Dictionary<string, int> { ["response.create"] = 1 }; counts["response.create"]++;""")]
    public Task WordThatIsRead(string statements) => RT1002ResponseCreateByHandTests.Verify(statements);

    [Theory]
    [InlineData("""Send(new { type = "response.created" });""")]
    [InlineData("""Send(new { type = "response.cancel" });""")]
    [InlineData("""Send("{\"type\":\"response.created\"}");""")]
    [InlineData("""Send("{\"type\":\"my.response.create\"}");""")]
    [InlineData("""Send("{\"type\":\"response.create.batch\"}");""")]
    [InlineData("""Send("{\"kind\":\"response.create\"}");""")]
    [InlineData("""Send("{\"type\":\"log\",\"text\":\"response.create\"}");""")]
    [InlineData("""Send(new { name = "response.create" });""")]
    [InlineData("""Send(new { type = "log", text = "response.create" });""")]
    [InlineData("""Send(new Dictionary<string, object> { ["name"] = "response.create" });""")]
    [InlineData("""Send(new JsonObject { ["about"] = "response.create" });""")]
    [InlineData("""var names = new List<string>(); names.Add("response.create"); Send(new[] { "type", "response.create" });""")]
    [InlineData("""Send(("type", "response.create"));""")]
    [InlineData("""Send($"response.create {Id}"); Send("type response.create");""")]
    [InlineData("""var text = new StringBuilder(); text.Append("type").Append("response.create");""")]
    [InlineData("""/* {"type":"response.create"} */ Send(Id); // new { type = "response.create" }""" + "\n")]
    public Task OtherThings(string statements) => RT1002ResponseCreateByHandTests.Verify(statements);

    [Theory]
    [InlineData("""const string ResponseCreate = "response.create";""")]
    [InlineData("""static readonly string[] Known = ["session.update", "response.create"];""")]
    [InlineData("""[Obsolete("use response.create")] void N() { }""")]
    [InlineData("""void N(string type = "response.create") { }""")]
    [InlineData("""enum Kind { [System.Runtime.Serialization.EnumMember(Value = "response.create")] Create }""")]
    [InlineData("""class Event { public string Type { get; init; } = "response.create"; } void N() => Send(new Event { Type = "response.create" });""")]
    public Task DeclarationsOfTheWord(string members) => RT1002ResponseCreateByHandTests.VerifyMembers(members);

    [Theory]
    [InlineData("""class C { [SequencerEntry] object M() => new { type = "response.create" }; }""")]
    [InlineData("""[SequencerEntry] class C { static readonly string Create = "{\"type\":\"response.create\"}"; class Inner { object M() => new { type = "response.create" }; } }""")]
    [InlineData("""class C { [SequencerEntry] object M { get { return new { type = "response.create" }; } } }""")]
    [InlineData("""class C { object M() { [SequencerEntry] object Make() => new { type = "response.create" }; return Make(); } }""")]
    [InlineData("""class C { System.Func<object> M() => [SequencerEntry] () => new { type = "response.create" }; }""")]
    [InlineData("""[assembly: SequencerEntry] class C { object M() => new { type = "response.create" }; }""")]
    public Task AnsweredFor(string source) => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>("using Realtime.Protocol;\n" + source);

    [Fact]
    public Task LookAlikeTypes_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        """
        using Other;
        namespace Other
        {
            class JsonObject { public object this[string name] { set { } } public void Add(string name, string value) { } }
            class Utf8JsonWriter { public void WriteString(string name, string value) { } public void WriteStringValue(string value) { } }
            class Dictionary<K, V> { public V this[K key] { set { } } }
            class JProperty(string name, string value) { public string Text => name + value; }
        }
        class C
        {
            void M()
            {
                _ = new JsonObject { ["type"] = "response.create" };
                new JsonObject().Add("type", "response.create");
                new Utf8JsonWriter().WriteString("type", "response.create");
                new Utf8JsonWriter().WriteStringValue("response.create");
                _ = new Dictionary<string, string> { ["type"] = "response.create" };
                _ = new JProperty("type", "response.create");
            }
        }
        """);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        """class C { object M() => new { type = "response.create" }; }""", fileName: "Caller.g.cs");

    [Fact]
    public Task CompilationWithoutAnyLibrary() => AnalyzerVerifier.Verify<RT1002ResponseCreateByHand>(
        """class C { object M() => new { type = "response.create" }; }""", Knows.Nothing);
}

using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1021 reports. What it leaves alone is in <see cref="RT1021SilenceTests"/>.</summary>
public class RT1021MetadataThatIsRefusedTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.NewtonsoftJson;

    internal const string Usings = """
        using System; using System.Collections.Generic; using System.Net.WebSockets; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using System.Threading; using System.Threading.Tasks;
        using OpenAI.Realtime; using Newtonsoft.Json.Linq; using Realtime.Protocol; using ResponseParameters = Realtime.Protocol.Events.ResponseParameters;

        #pragma warning disable OPENAI002

        """;

    internal static readonly string Key64 = new('k', 64);
    internal static readonly string Key65 = new('k', 65);
    internal static readonly string Value512 = new('v', 512);
    internal static readonly string Value513 = new('v', 513);

    [Theory]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { [{|RT1021:"KEY"|}] = "a", ["b"] = {|RT1021:"VALUE"|} } };""")]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { { {|RT1021:"KEY"|}, "a" }, { "b", {|RT1021:"VALUE"|} } } };""")]
    [InlineData("""_ = new ResponseParameters { Metadata = new Dictionary<string, string> { ["b"] = {|RT1021:"VALUE"|} } };""")]
    [InlineData("""_ = new ResponseParameters { Metadata = new[] { new KeyValuePair<string, string>("b", {|RT1021:"VALUE"|}) } };""")]
    [InlineData("""_ = new ResponseParameters { Metadata = [new("b", {|RT1021:"VALUE"|})] };""")]
    [InlineData("""const string Long = "VALUE"; var map = new Dictionary<string, string> { ["b"] = {|RT1021:Long|} }; _ = session.Respond(new ResponseRequest { Metadata = map });""")]
    public Task LongKeyOrValueOfOurs_IsReported(string statements) => Verify(statements.Replace("KEY", Key65, StringComparison.Ordinal).Replace("VALUE", Value513, StringComparison.Ordinal));

    [Fact]
    public Task SeventeenPairs_AreReported() => Verify(
        $$"""
        _ = new ResponseRequest { Metadata = {|RT1021:new Dictionary<string, string> { {{Pairs(17, "[\"k{0}\"] = \"v\"")}} }|} };
        _ = new { type = "response.create", response = new { metadata = {|RT1021:new { {{Pairs(17, "k{0} = \"v\"")}} }|} } };
        """);

    [Fact]
    public Task NullValueOfOurs_IsReported() => Verify("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { ["a"] = {|RT1021:null|}! } };""");

    [Fact]
    public Task ValueOfTheSdkThatIsNoText_IsReported() => Verify(
        """
        _ = new RealtimeResponseOptions { Metadata = { ["attempt"] = {|RT1021:BinaryData.FromObjectAsJson(3)|}, ["last"] = {|RT1021:BinaryData.FromObjectAsJson(attempt)|} } };
        var options = new RealtimeResponseOptions(); options.Metadata["topic"] = {|RT1021:BinaryData.FromString("billing")|}; options.Metadata.Add("n", {|RT1021:new BinaryData("3")|});
        options.Metadata["o"] = {|RT1021:BinaryData.FromObjectAsJson(new { a = 1 })|};
        """);

    [Theory]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = new { attempt = {|RT1021:3|} } } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = new { attempt = {|RT1021:attempt|}, final = {|RT1021:true|}, who = new[] { "a" }[0] } } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = new Dictionary<string, object> { ["attempt"] = {|RT1021:attempt|} } } };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "response.create", ["response"] = new JsonObject { ["metadata"] = new JsonObject { ["attempt"] = {|RT1021:attempt|}, ["tags"] = {|RT1021:new JsonArray()|} } } };""")]
    [InlineData("""_ = new JObject { ["type"] = "response.create", ["response"] = new JObject { ["metadata"] = new JObject { ["attempt"] = {|RT1021:3|} } } };""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse({|RT1021:"{\"type\":\"response.create\",\"response\":{\"metadata\":{\"attempt\":3}}}"|}));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse($"{{\"type\":\"response.create\",\"response\":{{\"metadata\":{{\"attempt\":{ {|RT1021:attempt|} }}}}}}}"));""")]
    public Task RawMetadataThatIsNoText_IsReported(string statements) => Verify(statements);

    internal static string Pairs(int count, string format) => string.Join(", ", Enumerable.Range(0, count).Select(i => string.Format(null, format, i)));

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1021MetadataThatIsRefused>(
        $$"""{{Usings}}class Caller { async Task Talk(VoiceSession session, WebSocket socket, int attempt) { {{statements}} await Task.Yield(); } }""", Libraries);
}

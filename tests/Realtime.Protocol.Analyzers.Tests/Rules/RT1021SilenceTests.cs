using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1021 leaves alone.</summary>
public class RT1021SilenceTests
{
    [Fact]
    public Task WhatJustFits_IsSilent() => Verify(
        $$"""
        _ = new ResponseRequest { Metadata = new Dictionary<string, string> { ["{{RT1021MetadataThatIsRefusedTests.Key64}}"] = "{{RT1021MetadataThatIsRefusedTests.Value512}}" } };
        _ = new ResponseRequest { Metadata = new Dictionary<string, string> { {{RT1021MetadataThatIsRefusedTests.Pairs(16, "[\"k{0}\"] = \"v\"")}} } };
        _ = new ResponseRequest { Metadata = new Dictionary<string, string> { {{RT1021MetadataThatIsRefusedTests.Pairs(17, "[\"same\"] = \"v{0}\"")}} } };
        _ = new ResponseParameters { Metadata = [new("a", "{{RT1021MetadataThatIsRefusedTests.Value512}}")] };
        """);

    [Fact]
    public Task EmojiOfTwoUnits_IsOneCharacter() => Verify(
        $$"""_ = new { type = "response.create", response = new { metadata = new { face = "{{string.Concat(Enumerable.Repeat("😀", 512))}}" } } };""");

    [Theory]
    [InlineData("_ = new ResponseRequest();")]
    [InlineData("_ = new ResponseRequest { Metadata = null };")]
    [InlineData("_ = new ResponseRequest { Metadata = map };")]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { ["a"] = text, [text] = "b" } };""")]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string>(map) };""")]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { ["a"] = attempt.ToString() } };""")]
    [InlineData("""var some = new Dictionary<string, string>(); some["a"] = null!; _ = some;""")]
    [InlineData("""_ = new RealtimeResponseOptions { Metadata = { ["topic"] = BinaryData.FromObjectAsJson("billing") } };""")]
    [InlineData("""_ = new RealtimeResponseOptions { Metadata = { ["topic"] = BinaryData.FromString("\"billing\"") } };""")]
    [InlineData("""_ = new RealtimeResponseOptions { Metadata = { ["topic"] = BinaryData.FromObjectAsJson(text) } };""")]
    [InlineData("""_ = new RealtimeResponseOptions { Metadata = { ["topic"] = BinaryData.FromString(text), ["b"] = BinaryData.FromBytes(new byte[2]) } };""")]
    [InlineData("""_ = new Chat { Metadata = new Dictionary<string, string> { ["a"] = null! } }; _ = new Chat { Metadata = { ["b"] = null! } };""")]
    public Task TypedMetadata_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = new { topic = "billing" } } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = new { topic = text, at = attempt.ToString(), id = Guid.NewGuid(), day = DayOfWeek.Monday } } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { metadata = (object?)null } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { max_output_tokens = 3, metadata = map } };""")]
    [InlineData("""_ = new { type = "response.create", metadata = new { attempt = 3 } };""")]
    [InlineData("""_ = new { type = "response.done", response = new { metadata = new { attempt = 3 } } };""")]
    [InlineData("""_ = new { model = "m", metadata = new { attempt = 3 } };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "response.create", ["response"] = new JsonObject { ["metadata"] = new JsonObject { ["attempt"] = attempt.ToString() } } };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "response.create", ["response"] = new JsonObject { ["metadata"] = new JsonObject { ["attempt"] = JsonValue.Create("3") } } };""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse($"{{\"type\":\"response.create\",\"response\":{{\"metadata\":{{\"attempt\":\"{attempt}\"}}}}}}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse($"{{\"type\":\"response.create\",\"response\":{{\"metadata\":{{\"attempt\":{text}}}}}}}"));""")]
    [InlineData("""_ = JsonDocument.Parse("{\"type\":\"response.create\",\"response\":{\"metadata\":{\"attempt\":3}}}");""")]
    public Task RawMetadata_IsSilent(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1021MetadataThatIsRefused>(
        RT1021MetadataThatIsRefusedTests.Usings + """class C { object M() => new ResponseRequest { Metadata = new Dictionary<string, string> { ["a"] = null! } }; }""",
        RT1021MetadataThatIsRefusedTests.Libraries,
        "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1021MetadataThatIsRefused>(
        $$"""
        {{RT1021MetadataThatIsRefusedTests.Usings}}
        class Chat { public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>(); }
        class Caller { async Task Talk(VoiceSession session, string text, int attempt, IReadOnlyDictionary<string, string> map) { {{statements}} await Task.Yield(); } }
        """,
        RT1021MetadataThatIsRefusedTests.Libraries);
}

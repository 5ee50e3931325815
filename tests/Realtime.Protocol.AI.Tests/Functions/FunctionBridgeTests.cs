using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Realtime.Protocol.AI.Tests.Functions;

/// <summary>What goes over the bridge, in both directions, and what is refused on it.</summary>
public sealed partial class FunctionBridgeTests
{
    private const string Unfit = """{"error":"The arguments do not fit the schema."}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void NameDescriptionAndSchema_GoAlong()
    {
        AIFunction stock = AIFunctionFactory.Create(static (string part, int most = 3) => most, "stock", "Counts a part.");

        VoiceTool.Function tool = stock.AsVoiceTool();

        Assert.Equal(("stock", "Counts a part."), (tool.Name, tool.Description));
        Assert.True(JsonElement.DeepEquals(stock.JsonSchema, JsonElement.Parse(tool.Parameters.Utf8)));
        Assert.NotNull(tool.Run);
        Assert.Null(stock.AsDeclarationOnly().AsVoiceTool().Run);
    }

    [Fact]
    public void ASchemaWithReferences_GoesAlongAsItIs()
    {
        const string Schema = """{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":{"next":{"$ref":"#/$defs/A"}}}}}""";
        VoiceTool.Function tool = AIFunctionFactory.CreateDeclaration("walk", "Walks.", JsonElement.Parse(Schema)).AsVoiceTool();

        Assert.Equal(Schema, System.Text.Encoding.UTF8.GetString(tool.Parameters.Utf8));
    }

    [Theory]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("true", """{"type":"object","properties":{}}""")]
    [InlineData("""{"properties":{}}""", """{"properties":{}}""")]
    public void ASchemaThatSaysNothing_IsThatOfAnObject(string schema, string told) =>
        Assert.Equal(told, System.Text.Encoding.UTF8.GetString(AIFunctionFactory.CreateDeclaration("f", "F.", JsonElement.Parse(schema)).AsVoiceTool().Parameters.Utf8));

    [Theory]
    [InlineData("""{"type":"string"}""")]
    [InlineData("""{"type":["object","null"]}""")]
    [InlineData("false")]
    [InlineData("3")]
    public void ASchemaOfNoObject_IsRefused(string schema) =>
        Assert.Contains("\"f\"", Assert.Throws<ArgumentException>(() => AIFunctionFactory.CreateDeclaration("f", "F.", JsonElement.Parse(schema)).AsVoiceTool()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"part":"wheel"} """ + "x")]
    [InlineData("""{"part":"wheel","part":"bell"}""")]
    [InlineData("{}")]
    [InlineData("""{"part":null}""")]
    [InlineData("""{"part":3}""")]
    [InlineData("""{"part":"wheel","most":"many"}""")]
    public async Task ArgumentsThatDoNotFit_AreToldToTheModel_AndNothingRuns(string arguments)
    {
        bool ran = false;
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General) { TypeInfoResolver = AIJsonUtilities.DefaultOptions.TypeInfoResolver };
        VoiceTool.Function tool = AIFunctionFactory.Create((string part, int most = 3) => ran = part.Length + most > 0, "stock", "Counts.", options).AsVoiceTool();

        Assert.Equal(Unfit, (await RunAsync(tool, arguments)).Text);
        Assert.False(ran);
    }

    [Fact]
    public async Task AFunctionWithoutParameters_Runs() =>
        Assert.Equal("3", (await RunAsync(AIFunctionFactory.Create(static () => 3, "three", "Three.").AsVoiceTool(), "{}")).Text);

    public static TheoryData<Func<object?>, string> Results => new()
    {
        { static () => null, "" },
        { static () => "as it is \"€\"", "as it is \"€\"" },
        { static () => new TextContent("content"), "content" },
        { static () => 21, "21" },
        { static () => true, "true" },
        { static () => JsonElement.Parse("""{"a":[1]}"""), """{"a":[1]}""" },
        { static () => JsonElement.Parse("\"text\""), "text" },
        { static () => JsonElement.Parse("null"), "" },
        { static () => new JsonObject { ["a"] = 1 }, """{"a":1}""" },
        { static () => (string[])["a", "b"], """["a","b"]""" },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public async Task AResult_IsTextAsItIs_AndAllElseAsJson(Func<object?> result, string told)
    {
        AIFunction given = AIFunctionFactory.Create(() => result(), new AIFunctionFactoryOptions { Name = "f", MarshalResult = static (value, _, _) => new(value) });

        Assert.Equal(told, (await RunAsync(given.AsVoiceTool(), "{}")).Text);
    }

    [Fact]
    public async Task AResult_IsWrittenByTheFunctionsOwnOptions()
    {
        AIFunction place = AIFunctionFactory.Create(static () => new Place("Ulm"), "place", "A place.", ToolJson.Default.Options);

        Assert.Equal("""{"the_city":"Ulm"}""", (await RunAsync(place.AsVoiceTool(), "{}")).Text);
    }

    [Fact]
    public async Task AMegabyte_GoesThrough() =>
        Assert.Equal(1 << 20, (await RunAsync(AIFunctionFactory.Create(static () => new string('a', 1 << 20), "long", "Long.").AsVoiceTool(), "{}")).Text.Length);

    [Fact]
    public async Task WhatAFunctionThrows_IsTheRunnersToTell() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await RunAsync(AIFunctionFactory.Create(static int () => throw new InvalidOperationException(), "f", "F.").AsVoiceTool(), "{}"));

    [Fact]
    public async Task Cancellation_Passes()
    {
        using var cancelled = new CancellationTokenSource();
        VoiceTool.Function tool = AIFunctionFactory.Create(static (CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, ct), "f", "F.").AsVoiceTool();
        ValueTask<ToolCallOutput> running = tool.Run!(new("f", "call_1", "{}"), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await running);
    }

    [Fact]
    public async Task AFunction_FindsItsServicesAndItsCall()
    {
        var services = new Services();
        AIFunctionArguments? seen = null;
        VoiceTool.Function tool = AIFunctionFactory.Create((AIFunctionArguments arguments) => seen = arguments, new AIFunctionFactoryOptions { Name = "f", MarshalResult = static (_, _, _) => new("") }).AsVoiceTool(services);

        await RunAsync(tool, "{}");

        Assert.Same(services, seen!.Services);
        Assert.Equal("call_1", ((ToolCall)seen.Context![typeof(ToolCall)]!).CallId);
    }

    [Theory]
    [InlineData("idempotent")]
    [InlineData("idempotentHint")]
    [InlineData("IsIdempotent")]
    public void NoAdditionalProperty_MeansThatACallMayRunTwice(string key)
    {
        AIFunction function = AIFunctionFactory.Create(static () => 1, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = new Dictionary<string, object?> { [key] = true } });

        Assert.False(function.AsVoiceTool().IsIdempotent);
        Assert.True((function.AsVoiceTool() with { IsIdempotent = true }).IsIdempotent);
    }

    [Fact]
    public void AFunctionThatNeedsAnApproval_IsRefused()
    {
        AIFunction function = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(static () => 1, "order", "Orders."));

        Assert.Contains("order", Assert.Throws<NotSupportedException>(() => function.AsVoiceTool()).Message, StringComparison.Ordinal);
        Assert.Null(function.AsDeclarationOnly().AsVoiceTool().Run);
    }

    [Fact]
    public void WhatIsMissing_IsNamed()
    {
        Assert.Throws<ArgumentNullException>(() => ((AIFunction)null!).AsVoiceTool());
        Assert.Throws<ArgumentNullException>(() => ((VoiceTool.Function)null!).AsAIFunction());
        Assert.Throws<ArgumentException>(() => AIFunctionFactory.Create(static () => 1, new string('n', 65), "F.").AsVoiceTool());
        Assert.Contains("declared only", Assert.Throws<ArgumentException>(() => VoiceTool.Declare("f", "F.", """{"type":"object"}""").AsAIFunction()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATool_IsAFunctionOfAnyClient()
    {
        VoiceTool.Function tool = VoiceTool.Create("weather", "Tells the weather.", static (Place place, CancellationToken _) => new ValueTask<string>($"windy in {place.City}"), ToolJson.Default.Place, ToolJson.Default.String);
        AIFunction function = tool.AsAIFunction();

        Assert.Equal(("weather", "Tells the weather."), (function.Name, function.Description));
        Assert.Equal("object", function.JsonSchema.GetProperty("type").GetString());
        Assert.Equal("windy in Ulm", await function.InvokeAsync(new() { ["the_city"] = "Ulm" }, Stop));
        Assert.Equal("windy in Husum", await function.InvokeAsync(new() { ["the_city"] = JsonElement.Parse("\"Husum\"") }, Stop));
        Assert.Equal(Unfit, await function.InvokeAsync([], Stop));
        Assert.Same(tool, function.GetService(typeof(VoiceTool.Function)));
    }

    [Fact]
    public async Task ThereAndBack_ItIsTheSameFunction()
    {
        AIFunction back = AIFunctionFactory.Create(static (string part) => part.Length, "stock", "Counts.").AsVoiceTool().AsAIFunction();

        Assert.Equal("5", await back.InvokeAsync(new() { ["part"] = "wheel" }, Stop));
    }

    private static ValueTask<ToolCallOutput> RunAsync(VoiceTool.Function tool, string arguments) => tool.Run!(new(tool.Name, "call_1", arguments), Stop);

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    public sealed record Place([property: JsonPropertyName("the_city")] string City);

    [JsonSerializable(typeof(Place))]
    [JsonSerializable(typeof(string))]
    private sealed partial class ToolJson : JsonSerializerContext;
}

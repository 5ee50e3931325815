using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Tools with types: their schema, what reaches the function, and what the model is told.</summary>
public sealed partial class VoiceToolTests
{
    [Fact]
    public void TheSchema_IsThatOfTheType()
    {
        VoiceTool.Function weather = VoiceTool.Create("weather", "Tells the weather.", static (Place place, CancellationToken _) => new ValueTask<Weather>(new Weather(place.City, 21)), Json.Default.Place, Json.Default.Weather);

        JsonNode schema = JsonNode.Parse(weather.Parameters.Utf8)!;
        Assert.Equal("object", (string?)schema["type"]);
        Assert.Equal("Where to look.", (string?)schema["properties"]!["City"]!["description"]);
        Assert.Equal("City", (string?)Assert.Single(schema["required"]!.AsArray()));
    }

    [Theory]
    [InlineData("""{"City":"Oslo"}""", """{"City":"Oslo","Degrees":21}""")]
    [InlineData("""{"City":7}""", """{"error":"The arguments do not fit the schema."}""")]
    [InlineData("{}", """{"error":"The arguments do not fit the schema."}""")]
    [InlineData("""{"City":null}""", """{"error":"The arguments do not fit the schema."}""")]
    [InlineData("null", """{"error":"The arguments do not fit the schema."}""")]
    [InlineData("not json", """{"error":"The arguments do not fit the schema."}""")]
    public async Task ArgumentsAreRead_AndTheResultIsWritten(string arguments, string output)
    {
        VoiceTool.Function weather = VoiceTool.Create("weather", "", static (Place place, CancellationToken _) => new ValueTask<Weather>(new Weather(place.City, 21)), Json.Default.Place, Json.Default.Weather);

        Assert.Equal(output, (await weather.Run!(new("weather", "call_1", arguments), default)).Text);
    }

    [Fact]
    public async Task AText_IsToldAsItIs()
    {
        VoiceTool.Function echo = VoiceTool.Create("echo", "", static (Place place, CancellationToken _) => new ValueTask<string>(place.City), Json.Default.Place, Json.Default.String);

        Assert.Equal("Oslo", (await echo.Run!(new("echo", "call_1", """{"City":"Oslo"}"""), default)).Text);
    }

    [Fact]
    public async Task NoText_IsNothingToSay()
    {
        VoiceTool.Function mute = VoiceTool.Create("mute", "", static (Place _, CancellationToken _) => new ValueTask<string?>((string?)null), Json.Default.Place, Json.Default.String!);

        Assert.Equal("", (await mute.Run!(new("mute", "call_1", """{"City":"Oslo"}"""), default)).Text);
    }

    [Fact]
    public void ArgumentsThatAreNoObject_AreRefused() =>
        Assert.Equal("arguments", Assert.Throws<ArgumentException>(() => VoiceTool.Create("echo", "", static (string text, CancellationToken _) => new ValueTask<string>(text), Json.Default.String, Json.Default.String)).ParamName);

    [Theory]
    [InlineData("""{"City":"Oslo"}""", "Oslo")]
    [InlineData("""{"City":"Oslo","Country":"Norway"}""", "Oslo")]
    [InlineData("{}", null)]
    [InlineData("""{"City":null}""", null)]
    public void ACallThatIsRead_IsAsForgivingAsItsType(string arguments, string? city) =>
        Assert.Equal(city, new ToolCall("weather", "call_1", arguments).Read(Json.Default.Place)!.City);

    [Fact]
    public void ACallWhoseArgumentsAreNull_IsReadAsNull() => Assert.Null(new ToolCall("weather", "call_1", "null").Read(Json.Default.Place));

    [Theory]
    [InlineData("")]
    [InlineData("canary")]
    [InlineData("""{"City":"Os""")]
    [InlineData("""{"City":7}""")]
    [InlineData("""["canary"]""")]
    [InlineData("""{"City":"Oslo"} canary""")]
    public void ACallThatDoesNotFit_IsAJsonException_WithoutTheModelsWords(string arguments) =>
        Assert.DoesNotContain("canary", Assert.ThrowsAny<JsonException>(() => new ToolCall("weather", "call_1", arguments).Read(Json.Default.Place)).Message);

    [Fact]
    public void ItsTexts_HoldNothingThatWasSaid()
    {
        Assert.Equal("clock", VoiceTool.Create("clock", "canary", "{}", static _ => "").ToString());
        Assert.Equal("6 characters", ((ToolCallOutput)"canary").ToString());
    }

    internal sealed record Place([property: Description("Where to look.")] string City);

    internal sealed record Weather(string City, int Degrees);

    [JsonSerializable(typeof(Place))]
    [JsonSerializable(typeof(Weather))]
    [JsonSerializable(typeof(string))]
    private sealed partial class Json : JsonSerializerContext;
}

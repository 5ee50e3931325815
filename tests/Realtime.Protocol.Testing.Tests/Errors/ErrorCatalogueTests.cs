namespace Realtime.Protocol.Testing.Tests.Errors;

/// <summary>The error catalogue as data: every error that a client can meet, how it is met, and how it is known.</summary>
public class ErrorCatalogueTests
{
    private static readonly string[] Evidence = ["recorded", "reported", "published", "never seen"];

    /// <summary>What a session over a WebSocket is known to be told by the service, whatever the simulator does.</summary>
    private static readonly string[] KnownCodes =
    [
        "conversation_already_has_active_response", "response_cancel_not_active", "invalid_value", "unsupported_content_type", "item_truncate_invalid_item_id",
        "item_delete_invalid_item_id", "item_retrieve_invalid_item_id", "item_create_invalid_previous_item_id", "item_create_duplicate_item_id", "invalid_tool_call_id",
        "input_audio_buffer_commit_empty", "cannot_update_voice", "unknown_parameter", "missing_required_parameter", "invalid_event", "session_expired", "beta_api_shape_disabled",
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, ErrorCatalogue.Rows.Length)];

    public static TheoryData<string> Refusals => [.. ErrorCatalogue.Refusals.Select(static refusal => refusal.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Rows))]
    public void ThisError_AndNothingElse_IsSaid(int row)
    {
        ErrorRow error = ErrorCatalogue.Rows[row];

        string? difference = error.Difference();

        Assert.True(difference is null, $"expected {error.Code}, {error.Param ?? "no param"}: {error.Message}\nsaid {difference}\nwhen {error.When?.ToJsonString() ?? "connecting"}");
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void EveryRefusal_HasARow(string name) => Assert.All(ErrorCatalogue.Refusals.Where(refusal => refusal.Name == name), static refusal =>
        Assert.True(ErrorCatalogue.Rows.Any(row => ErrorCatalogue.Matches(refusal, row.Code, row.Message)), $"No row of the catalogue says {refusal.Code}: {refusal.Message}"));

    [Fact]
    public void EveryRow_IsARefusal_AndSaysHowItIsKnown() => Assert.All(ErrorCatalogue.Rows, static row =>
    {
        Assert.Contains(ErrorCatalogue.Refusals, refusal => ErrorCatalogue.Matches(refusal, row.Code, row.Message));
        Assert.Contains(Evidence, known => row.Evidence.StartsWith(known, StringComparison.Ordinal));
    });

    [Fact]
    public void EveryCodeThatIsKnownOfTheService_HasARow() => Assert.Empty(KnownCodes.Except(ErrorCatalogue.Rows.Select(static row => row.Code)));

    /// <summary>The play of a row can fail: another code, other words, another parameter, another event and no error at all are told.</summary>
    [Fact]
    public void ADifference_IsTold()
    {
        ErrorRow row = ErrorCatalogue.Rows.First(static row => row is { Param: not null, EventId: not null });

        Assert.Null(row.Difference());
        Assert.NotNull((row with { Code = "invalid" }).Difference());
        Assert.NotNull((row with { Message = "No." }).Difference());
        Assert.NotNull((row with { Param = null }).Difference());
        Assert.NotNull((row with { EventId = null }).Difference());
        Assert.NotNull((row with { Close = 1000 }).Difference());
        Assert.NotNull((row with { When = """{"type":"input_audio_buffer.clear"}""" }).Difference());
    }
}

using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// When a turn of a scenario answers: everything that is given has to hold. What the user did and what tools returned counts since the
/// model last said or called something. A response outside the conversation is answered only by a turn that says <see cref="OutOfBand()"/>.
/// </summary>
public sealed record Cue
{
    internal static Cue Any { get; } = new();

    internal IReadOnlyList<int> Turns { get; init; } = [];

    internal int? Number { get; init; }

    internal ResponseCause? Cause { get; init; }

    internal Wording? User { get; init; }

    internal bool? Spoke { get; init; }

    internal bool? Image { get; init; }

    internal Wording? Prompt { get; init; }

    internal IReadOnlyList<KeyValuePair<string, Wording?>> ToolOutputs { get; init; } = [];

    internal string? McpResult { get; init; }

    internal string? McpRefusal { get; init; }

    internal IReadOnlyList<KeyValuePair<string, Wording>> Metadata { get; init; } = [];

    internal bool? Outside { get; init; }

    /// <summary>It is one of these responses of the conversation, counted on each connection from 1.</summary>
    public static Cue Turn(params IReadOnlyList<int> numbers) => new() { Turns = numbers };

    /// <summary>It is this connection of the server, from 1.</summary>
    public static Cue Connection(int number) => new() { Number = number };

    /// <summary>The client asked for the response, or the server began it after speech, or because nobody said anything.</summary>
    public static Cue CausedBy(ResponseCause cause) => new() { Cause = cause };

    /// <summary>The user wrote these words, or the spoken turn was one that <see cref="Scenario.Hears(string, int?, Simulation.Moment?, Simulation.Delay?, bool)"/> says they were.</summary>
    public static Cue UserSays(Wording words) => new() { User = words };

    /// <summary>The user spoke, or did not.</summary>
    public static Cue UserSpoke(bool spoke = true) => new() { Spoke = spoke };

    /// <summary>The user showed a picture, or did not.</summary>
    public static Cue UserShows(bool image = true) => new() { Image = image };

    /// <summary>The instructions of the session or of this response have these words.</summary>
    public static Cue Instructions(Wording words) => new() { Prompt = words };

    /// <summary>A function returned.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="output">What it returned; null for anything.</param>
    public static Cue ToolReturned(string function, Wording? output = null) => new() { ToolOutputs = [new(function, output)] };

    /// <summary>An MCP tool returned, or failed.</summary>
    /// <param name="tool">The label of the server and the name of the tool, as <c>docs.search</c>.</param>
    public static Cue McpReturned(string tool) => new() { McpResult = tool };

    /// <summary>The user did not allow a call of an MCP tool.</summary>
    /// <inheritdoc cref="McpReturned" path="/param"/>
    public static Cue McpDenied(string tool) => new() { McpRefusal = tool };

    /// <summary>It is a response outside the conversation.</summary>
    public static Cue OutOfBand() => new() { Outside = true };

    /// <summary>It is a response outside the conversation, and its metadata has a value.</summary>
    public static Cue OutOfBand(string key, Wording value) => new() { Outside = true, Metadata = [new(key, value)] };

    /// <summary>The metadata of the response has a value.</summary>
    public static Cue HasMetadata(string key, Wording value) => new() { Metadata = [new(key, value)] };

    /// <summary>Both have to hold. What both say, the other says.</summary>
    public Cue And(Cue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Turns = other.Turns.Count > 0 ? other.Turns : Turns,
            Number = other.Number ?? Number,
            Cause = other.Cause ?? Cause,
            User = other.User ?? User,
            Spoke = other.Spoke ?? Spoke,
            Image = other.Image ?? Image,
            Prompt = other.Prompt ?? Prompt,
            ToolOutputs = [.. ToolOutputs, .. other.ToolOutputs],
            McpResult = other.McpResult ?? McpResult,
            McpRefusal = other.McpRefusal ?? McpRefusal,
            Metadata = [.. Metadata, .. other.Metadata],
            Outside = other.Outside ?? Outside,
        };
    }

    /// <summary>Nothing of what the words are.</summary>
    public override string ToString() => "cue";

    /// <summary>What it looks at, with the names of functions, tools and metadata and without words.</summary>
    internal string Label => string.Join(", ", ((IReadOnlyList<string?>)
    [
        Turns.Count > 0 ? $"turn {string.Join(' ', Turns.Select(static turn => turn.ToString(CultureInfo.InvariantCulture)))}" : null,
        Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"connection {number}") : null,
        Cause is { } cause ? $"cause {cause.ToString().ToLowerInvariant()}" : null,
        User is null ? null : "user",
        Spoke is null ? null : "spoke",
        Image is null ? null : "image",
        Prompt is null ? null : "instructions",
        .. ToolOutputs.Select(static output => $"toolOutput {output.Key}"),
        McpResult is null ? null : $"mcpResult {McpResult}",
        McpRefusal is null ? null : $"mcpDenied {McpRefusal}",
        .. Metadata.Select(static pair => $"metadata {pair.Key}"),
        Outside is true ? "outOfBand" : null,
    ]).OfType<string>());

    internal bool Holds(Situation situation)
    {
        ModelRequest request = situation.Request;
        return request.OutOfBand == (Outside ?? false)
            && (Turns.Count == 0 || Turns.Contains(request.Turn))
            && (Number is null || Number == situation.Connection)
            && (Cause is null || Cause == request.Cause)
            && (Spoke is null || Spoke == situation.Spoke)
            && (Image is null || Image == situation.Image)
            && (User is null || (situation.UserWords.Length > 0 && User.Match(situation.UserWords)))
            && (Prompt is null || Prompt.Match(request.Instructions))
            && ToolOutputs.All(wanted => situation.ToolOutputs.Any(output => output.Key == wanted.Key && (wanted.Value?.Match(output.Value) ?? true)))
            && (McpResult is null || situation.McpResults.Contains(McpResult))
            && (McpRefusal is null || situation.McpDenied.Contains(McpRefusal))
            && Metadata.All(wanted => request.Metadata.TryGetValue(wanted.Key, out string? value) && wanted.Value.Match(value));
    }
}

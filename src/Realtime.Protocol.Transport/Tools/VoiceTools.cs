using System.Collections;
using System.Text.RegularExpressions;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// The tools of a session: a name, a description, a JSON Schema and a delegate each. No reflection: the schema is the text one writes.
/// </summary>
public sealed partial class VoiceTools : IEnumerable<VoiceTool>
{
    private readonly Dictionary<string, VoiceTool> _tools;

    /// <summary>No tools yet.</summary>
    public VoiceTools()
        : this(new(StringComparer.Ordinal))
    {
    }

    private VoiceTools(Dictionary<string, VoiceTool> tools) => _tools = tools;

    /// <summary>How long a call may take, unless its tool says otherwise: 60 s.</summary>
    public static TimeSpan DefaultTimeout => TimeSpan.FromSeconds(60);

    /// <summary>How many there are.</summary>
    public int Count => _tools.Count;

    /// <summary>
    /// Whether the model is told the message of an exception that a tool threw. The default is false: it is told
    /// <c>{"error":"The tool failed."}</c>, since the model repeats to the user what it is told.
    /// </summary>
    public bool TellsExceptionMessages { get; set; }

    /// <summary>Adds a tool.</summary>
    /// <param name="name">1 to 64 letters, digits, <c>_</c> and <c>-</c>; unlike the other names.</param>
    /// <param name="description">For the model: what it does and when to call it.</param>
    /// <param name="parametersSchema">JSON Schema of the arguments, for instance <c>{"type":"object"}</c>.</param>
    /// <param name="run">
    /// Makes the output, which the model reads as text. It runs off the receiving path, several calls at a time; its token is cancelled
    /// when the turn is interrupted, the call's time is up or the session ends.
    /// </param>
    /// <param name="timeout">
    /// How long one call may take, <see cref="DefaultTimeout"/> if null. Then its token is cancelled, the model is told <c>{"error":"The tool did not answer in time."}</c>, the turn goes
    /// on, and what the tool gives later is dropped (FC-08); both are told as a <see cref="SessionProblem"/>.
    /// </param>
    /// <exception cref="ArgumentException">The name is unusable or taken, the description holds half a character, or the schema is not one JSON object.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not between a millisecond and 24 days.</exception>
    public void Add(string name, string description, string parametersSchema, Func<ToolCall, CancellationToken, ValueTask<string>> run, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(parametersSchema);
        ArgumentNullException.ThrowIfNull(run);
        TimeSpan limit = timeout ?? DefaultTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.FromMilliseconds(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(24), nameof(timeout));
        Writable.Text(description, nameof(description));
        if (!ToolName().IsMatch(name))
        {
            throw new ArgumentException($"The tool name \"{name}\" is unusable; the service takes 1 to 64 letters, digits, _ and -.", nameof(name));
        }

        if (!_tools.TryAdd(name, new(name, description, ParseSchema(name, parametersSchema), run, limit)))
        {
            throw new ArgumentException($"There is already a tool named \"{name}\".", nameof(name));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<VoiceTool> GetEnumerator() => _tools.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal VoiceTools Copy() => new(new(_tools, StringComparer.Ordinal)) { TellsExceptionMessages = TellsExceptionMessages };

    private static RawJson ParseSchema(string name, string schema)
    {
        try
        {
            RawJson parsed = RawJson.Parse(schema);
            return schema.AsSpan().TrimStart().StartsWith('{') ? parsed : throw new FormatException("It is not a JSON object.");
        }
        catch (FormatException failure)
        {
            throw new ArgumentException($"The schema of the tool \"{name}\" is unusable. {failure.Message}", "parametersSchema", failure);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex ToolName();
}

/// <summary>One tool of a session.</summary>
public sealed class VoiceTool
{
    internal VoiceTool(string name, string description, RawJson parameters, Func<ToolCall, CancellationToken, ValueTask<string>> run, TimeSpan timeout) =>
        (Name, Description, Parameters, Run, Timeout) = (name, description, parameters, run, timeout);

    /// <summary>The name that the model calls it by.</summary>
    public string Name { get; }

    /// <summary>What the model is told about it.</summary>
    public string Description { get; }

    /// <summary>The JSON Schema of its arguments.</summary>
    public RawJson Parameters { get; }

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; }

    internal Func<ToolCall, CancellationToken, ValueTask<string>> Run { get; }
}

using Realtime.Protocol.Testing.Scenarios.Json;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// What stands in for the model and for the user's words: what the user says, which turn answers, and what it does. A file and this builder
/// say the same, and each becomes the other. It never changes; every verb gives a longer one, and a verb of a step adds to the last turn.
/// </summary>
/// <remarks>
/// One rule decides which turn answers: the first in order whose cue holds and whose times are not used up. A turn without a cue answers
/// once, so a plain list is played in its order; a turn with a cue answers as often as the cue holds. Where none does,
/// <see cref="Otherwise"/> answers, which is the echo unless it is told otherwise.
/// </remarks>
/// <example><code>
/// Scenario shop = Scenario.When(Cue.UserSays("blue")).Call("stock", """{"sku":"B-7"}""").Next.Say("Two are left.");
/// </code></example>
public sealed record Scenario
{
    private Scenario()
    {
    }

    /// <summary>Nothing is said, so that everything is echoed.</summary>
    public static Scenario Empty { get; } = new();

    /// <summary>The JSON Schema of scenario files, for editors: draft 7.</summary>
    public static string JsonSchema => ScenarioJson.Schema();

    /// <summary>A connection chooses the scenario by it; null for none.</summary>
    public string? Name { get; internal init; }

    /// <summary>Decides every id, and what is drawn from ranges; null for the simulator's own.</summary>
    public ulong? Seed { get; internal init; }

    /// <summary>How many turns it has.</summary>
    public int TurnCount => Turns.Count;

    /// <summary>Begins the next turn, without a cue.</summary>
    public Scenario Next => this with { Turns = [.. Turns, new ScenarioTurn()], IsInRest = false };

    /// <summary>The steps that follow answer what no turn answers, in place of the echo.</summary>
    public Scenario Otherwise => this with { Rest = Scenarios.Otherwise.Nothing, IsInRest = true };

    /// <summary>What could not be done as the scenario says, such as a voice without its program: a line each. Known once it was loaded or played.</summary>
    public IReadOnlyList<string> Notes => Shelf.Notes;

    /// <summary>The files of its sounds.</summary>
    internal IReadOnlyList<string> Files => Shelf.Files;

    /// <summary>The step that follows runs beside the one before it, delta by delta in turn.</summary>
    public Scenario Beside => this with { IsBeside = true };

    internal bool IsBeside { get; init; }

    internal string? About { get; init; }

    internal SessionWish Wish { get; init; } = new();

    internal Pace? Pace { get; init; }

    internal ServiceSwitches Service { get; init; } = ServiceSwitches.Default;

    /// <summary>The switches that a file sets to what they are by default, as a command line names them, with commas between: they mean something where another value stands already.</summary>
    internal string Usual { get; init; } = "";

    internal FaultPlan Faults { get; init; } = FaultPlan.None;

    internal IReadOnlyList<SimulatedTranscript> Heard { get; init; } = [];

    internal IReadOnlyList<SimulatedMcpServer> McpServers { get; init; } = [];

    internal IReadOnlyList<ScenarioTurn> Turns { get; init; } = [];

    internal Otherwise Rest { get; init; } = Scenarios.Otherwise.Echo;

    /// <summary>True while steps are added to what answers when no turn does.</summary>
    internal bool IsInRest { get; init; }

    /// <summary>Its sounds.</summary>
    internal SoundShelf Shelf { get; init; } = new("");

    /// <summary>A simulated server that plays it, as <see cref="ToOptions"/> gives it.</summary>
    /// <inheritdoc cref="ToOptions" path="/exception"/>
    public static implicit operator SimulatorOptions(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.ToOptions();
    }

    /// <summary>Reads a file, and the sounds that it names.</summary>
    /// <exception cref="ScenarioException">The file, or something in it, cannot be used.</exception>
    public static Scenario Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(ScenarioFiles.Read(path), path, Path.GetDirectoryName(path) ?? "");
    }

    /// <summary>Reads a text, and the sounds that it names, from the current folder on.</summary>
    /// <param name="json">The scenario.</param>
    /// <param name="name">What stands before the place of a fault, in place of a file's name.</param>
    /// <exception cref="ScenarioException">Something in it cannot be used.</exception>
    public static Scenario Parse(string json, string name = "scenario")
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(System.Text.Encoding.UTF8.GetBytes(json), name, "");
    }

    /// <summary>A scenario in which code answers what no turn answers.</summary>
    public static Scenario From(ISimulatedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Empty with { Rest = new() { Model = model } };
    }

    /// <summary>The same as a file.</summary>
    /// <exception cref="InvalidOperationException">It has a model that is code (<see cref="From"/>).</exception>
    public string ToJson() => Rest.Model is null ? ScenarioJson.Write(this)
        : throw new InvalidOperationException("This scenario has a model that is code, which no file can hold.");

    /// <summary>A simulated server that plays it; its sounds are read now, where they were not before.</summary>
    /// <param name="basis">How fast answers come where the scenario does not say it; as recorded when null.</param>
    /// <exception cref="InvalidOperationException">What was built cannot be played; the message says why.</exception>
    /// <exception cref="ScenarioException">A sound cannot be used.</exception>
    public SimulatorOptions ToOptions(ResponsePace? basis = null)
    {
        if (!Shelf.IsFilledFor(this))
        {
            Check();
        }

        ResponsePace pace = basis ?? ResponsePace.Default;
        var options = new SimulatorOptions
        {
            Speaker = new ScriptedModel(this),
            Pace = Pace?.Over(pace) ?? pace,
            Transcripts = Heard,
            McpServers = McpServers,
            Scenario = Name,
            Service = Service,
            Faults = Faults,
            Kind = Wish.Kind ?? SimulatedSessionKind.Realtime,
            TurnDetection = Wish.Vad ?? SimulatedTurnDetection.Server,
            KeptAudioBytes = Wish.KeptAudioBytes,
        };
        options = Wish.Model is { } model ? options with { Model = model } : options;
        options = Wish.Lifetime is { } lifetime ? options with { SessionLifetime = lifetime.Least } : options;
        return Seed is { } seed ? options with { Seed = seed } : options;
    }

    /// <summary>A name, by which a connection chooses it.</summary>
    /// <param name="name">Small letters, digits and dashes, at most 40.</param>
    public Scenario Named(string name) => this with { Name = name };

    /// <summary>Decides every id, and what is drawn from ranges.</summary>
    public Scenario Seeded(ulong seed) => this with { Seed = seed };

    /// <summary>What the sessions are.</summary>
    /// <param name="kind">What a session is for.</param>
    /// <param name="model">The model's name, where the client names none.</param>
    /// <param name="lifetime">How long a session may last; one span, no range.</param>
    public Scenario Session(SimulatedSessionKind kind, string? model = null, Delay? lifetime = null) => this with { Wish = Wish with { Kind = kind, Model = model, Lifetime = lifetime } };

    /// <summary>How turns are found: with which detection a session begins, or that they are where <see cref="SimulatedTranscript.Spoken"/> says of each.</summary>
    public Scenario With(SimulatedTurnDetection detection) => this with { Wish = Wish with { Vad = detection } };

    /// <summary>How much of the user's sound a session keeps for whoever retrieves it.</summary>
    /// <param name="bytes">So many bytes, which is all when they are more than 2 GiB; null for all in memory, and on a host 256 KiB, or less when it has many sessions.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public Scenario KeepsAudio(long? bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes ?? 0, nameof(bytes));
        return this with { Wish = Wish with { KeptAudioBytes = bytes } };
    }

    /// <summary>How fast all answers come, where it is not as recorded.</summary>
    public Scenario With(Pace pace) => this with { Pace = pace };

    /// <summary>How the service decides, where it is not as usual.</summary>
    public Scenario With(ServiceSwitches service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return this with { Service = service };
    }

    /// <summary>What goes wrong on the way. Faults of the wire need a host.</summary>
    public Scenario With(FaultPlan faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return this with { Faults = faults };
    }

    /// <summary>What the next spoken turn is: the nth turn was the nth that was told.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="pieces">Into how many deltas the text is cut; 0 for none at all, null for words.</param>
    /// <param name="after">When the first event of its transcription comes, counted from the commit.</param>
    /// <param name="every">From one delta to the next.</param>
    /// <param name="early">It comes whole with the commit, before its item is in the conversation.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer characters than pieces.</exception>
    public Scenario Hears(string text, int? pieces = null, Moment? after = null, Delay? every = null, bool early = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieces ?? 0, text.Length, nameof(pieces));
        ArgumentOutOfRangeException.ThrowIfNegative(pieces ?? 0, nameof(pieces));
        return Hears(new SimulatedTranscript(text) { Pieces = pieces is { } count ? PiecesCodec.Cut(text, count) : null, After = after, Every = every, Early = early });
    }

    /// <summary>What the next spoken turn is: the nth turn was the nth that was told.</summary>
    public Scenario Hears(SimulatedTranscript heard) => this with { Heard = [.. Heard, heard] };

    /// <summary>An MCP server that can be reached.</summary>
    public Scenario McpServer(SimulatedMcpServer server) => this with { McpServers = [.. McpServers, server] };

    /// <summary>Begins the next turn, which answers when the cue holds.</summary>
    public Scenario When(Cue cue)
    {
        ArgumentNullException.ThrowIfNull(cue);
        return this with { Turns = [.. Turns, new ScenarioTurn { When = cue }], IsInRest = false };
    }

    /// <summary>How often the last turn answers on a connection.</summary>
    public Scenario Times(int times) => Change(turn => turn with { Times = times });

    /// <summary>Where the last turn is faster or slower than the scenario.</summary>
    public Scenario At(Pace pace) => Change(turn => turn with { Pace = pace });

    /// <summary>Speaks; where the session wants text, writes.</summary>
    /// <param name="words">What is said.</param>
    /// <param name="sound">What it sounds like; a tone when null.</param>
    /// <param name="pace">When; as the scenario's pace says when null.</param>
    public Scenario Say(string words, Sound? sound = null, StepPace? pace = null) => Do(new() { Say = words, Audio = sound }, pace);

    /// <summary>Writes, whatever the session wants.</summary>
    /// <inheritdoc cref="Say" path="/param"/>
    public Scenario Write(string words, StepPace? pace = null) => Do(new() { Write = words }, pace);

    /// <summary>Makes one message of several parts.</summary>
    /// <param name="parts">What it has, one after another.</param>
    /// <param name="pace">When; as the scenario's pace says when null.</param>
    public Scenario Message(IReadOnlyList<MessagePart> parts, StepPace? pace = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Do(new() { Parts = [.. parts.Select(static part => new ScenarioStep { Say = part.Spoken, Audio = part.Sound, Write = part.Written })] }, pace);
    }

    /// <summary>Calls a function.</summary>
    /// <param name="name">Which.</param>
    /// <param name="arguments">The text of its arguments, which need not be JSON; <c>{}</c> when null.</param>
    /// <param name="callId">The id of the call; one is made when null.</param>
    /// <param name="pace">When; as the scenario's pace says when null.</param>
    public Scenario Call(string name, string? arguments = null, string? callId = null, StepPace? pace = null) => Do(new() { Call = name, Arguments = arguments, CallId = callId }, pace);

    /// <summary>Calls a tool of an MCP server; where the session asks for an approval, asks for it.</summary>
    /// <param name="tool">The label of the server and the name of the tool, as <c>docs.search</c>.</param>
    /// <param name="arguments">The text of its arguments; <c>{}</c> when null.</param>
    /// <param name="output">What this call returns; what the tool says when null.</param>
    /// <param name="error">The message of the error with which this call fails.</param>
    /// <param name="runsFor">How long this call takes.</param>
    /// <param name="pace">When; as the scenario's pace says when null.</param>
    public Scenario Mcp(string tool, string? arguments = null, string? output = null, string? error = null, Delay? runsFor = null, StepPace? pace = null) =>
        Do(new() { Mcp = tool, Arguments = arguments, Output = output, Error = error, RunsFor = runsFor }, pace);

    /// <summary>Does nothing, for so long.</summary>
    public Scenario Wait(Delay length) => Do(new() { Wait = length }, null);

    /// <summary>The response fails; the item before stays incomplete.</summary>
    /// <param name="code">The error, such as <c>inference_rate_limit_exceeded</c>.</param>
    /// <param name="message">A sentence; null leaves it out, as the service does.</param>
    /// <param name="type">The class of the error.</param>
    /// <param name="after">When; at once when null.</param>
    public Scenario Fail(string code, string? message = null, string type = "server_error", Moment? after = null) => Do(new() { Fail = new(type, code, message) }, After(after));

    /// <summary>The last turn makes no response: the request is refused with an <c>error</c>, and there is no <c>response.created</c>.</summary>
    /// <param name="code">The error, such as <c>rate_limit_exceeded</c>.</param>
    /// <param name="message">A sentence; one of the simulator's own when null.</param>
    /// <param name="type">The class of the error; with <c>invalid_request_error</c> the client is to blame.</param>
    /// <param name="param">The path of the member that is to blame; null names none.</param>
    public Scenario Refuse(string code, string? message = null, string type = "server_error", string? param = null) =>
        (Turns.Count == 0 ? Next : this).Change(turn => turn.Do.Count > 0
            ? throw new InvalidOperationException("The last turn has steps already: begin another one with When or Next.")
            : turn with { Refuse = new(type, code, message) { Param = param } });

    /// <summary>The response ends before it is whole; the item before stays incomplete.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="after">When; at once when null.</param>
    public Scenario Incomplete(IncompleteReason reason, Moment? after = null) => Do(new() { Incomplete = reason }, After(after));

    /// <summary>Sends an event as it stands.</summary>
    /// <param name="json">One JSON object with a <c>type</c>.</param>
    /// <param name="after">When; at once when null.</param>
    public Scenario Send(string json, Moment? after = null) => Do(new() { Send = json }, After(after));

    /// <summary>Ends the connection.</summary>
    /// <param name="status">A WebSocket status; 1006 drops it without a goodbye.</param>
    /// <param name="reason">One sentence for the client.</param>
    /// <param name="after">When; at once when null.</param>
    public Scenario Close(int status, string? reason = null, Moment? after = null) => Do(new() { Close = status, Reason = reason }, After(after));

    /// <summary>Its name and sizes; nothing of what is said.</summary>
    public override string ToString() => $"scenario {Name ?? "without a name"}: {Size}";

    /// <summary>How many turns it has, and how many it hears, in words.</summary>
    internal string Size => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(Turns.Count == 1 ? "1 turn" : $"{Turns.Count} turns")}, {Heard.Count} heard");

    private static StepPace? After(Moment? after) => after is null ? null : new() { After = after };

    /// <param name="folder">Where the paths of sounds begin; empty for the current one.</param>
    internal static Scenario Read(byte[] utf8, string name, string folder)
    {
        (Scenario scenario, Located at) = ScenarioJson.Read(utf8, name);
        scenario = scenario with { Shelf = new(folder) };
        scenario.Shelf.Fill(scenario, at);
        return scenario;
    }

    /// <summary>Looks at what was built with the eyes of the file's reader, the only place that knows what can be played.</summary>
    private void Check()
    {
        try
        {
            (Scenario _, Located at) = ScenarioJson.Read(System.Text.Encoding.UTF8.GetBytes(ScenarioJson.Write(this)), "scenario");
            Shelf.Fill(this, at);
        }
        catch (ScenarioException fault) when (fault.InnerException is null)
        {
            throw new InvalidOperationException($"This scenario cannot be played: {fault.Sentence}", fault);
        }
    }

    private Scenario Do(ScenarioStep step, StepPace? pace)
    {
        step = step with { Pace = pace ?? ScenarioStep.Untimed, Overlap = IsBeside };
        return (IsInRest ? this with { Rest = new() { Do = [.. Rest.Do!, step] } }
            : (Turns.Count == 0 ? Next : this).Change(turn => turn.Refuse is not null
                ? throw new InvalidOperationException("The last turn refuses already: begin another one with When or Next.")
                : turn with { Do = [.. turn.Do, step] })) with
        { IsBeside = false };
    }

    private Scenario Change(Func<ScenarioTurn, ScenarioTurn> change) => Turns.Count == 0
        ? throw new InvalidOperationException("There is no turn yet: begin one with When or Next.")
        : this with { Turns = [.. Turns.SkipLast(1), change(Turns[^1])] };
}

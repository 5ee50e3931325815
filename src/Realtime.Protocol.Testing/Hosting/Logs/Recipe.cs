using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Scenarios.Json;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// The first line of a log: everything that made a connection's server this one and no other. Who has it can serve the same again, with the same ids, the same delays and
/// the same faults at the same events, from a host that bears the same. Where the server listens and for whom is no part of it.
/// </summary>
internal sealed record Recipe
{
    private static readonly TextCodec Words = new();

    private static readonly ObjectCodec<Recipe> Members = new ObjectCodec<Recipe>("recipe", "a recipe", new())
        .With("version", "Of the package that wrote it.", Words, static recipe => recipe.Version, static (recipe, version) => recipe with { Version = version })
        .With("connection", "Which connection of the host it was.", new WholeCodec(1, int.MaxValue), static recipe => recipe.Connection, static (recipe, number) => recipe with { Connection = number })
        .With("seed", "Of this connection.", new SeedCodec(), static recipe => recipe.Seed, static (recipe, seed) => recipe with { Seed = seed })
        .With("kind", "What the session was for.", Choice<SimulatedSessionKind>(), static recipe => recipe.Kind, static (recipe, kind) => recipe with { Kind = kind })
        .With("model", "The model that the client asked for, or the server's own.", Words, static recipe => recipe.Model, static (recipe, model) => recipe with { Model = model })
        .With("lifetime_ms", "How long the session could have lasted.", new WholeCodec(1, int.MaxValue), static recipe => recipe.LifetimeMs, static (recipe, span) => recipe with { LifetimeMs = span })
        .With("vad", "How turns were detected at the beginning.", Choice<SimulatedTurnDetection>(), static recipe => recipe.TurnDetection, static (recipe, detection) => recipe with { TurnDetection = detection })
        .With("session", "The settings that a client secret, or the host, began it with.", new RawCodec("a session"), static recipe => recipe.Session, static (recipe, session) => recipe with { Session = session })
        .With("faults", "What went wrong and what was decided differently, on every connection of the host.", new ListCodec<string>(Words, "a list of faults"), static recipe => recipe.Faults, static (recipe, faults) => recipe with { Faults = faults })
        .With("pace", "How fast answers came.", ScenarioShapes.Pace, static recipe => recipe.Pace, static (recipe, pace) => recipe with { Pace = pace })
        .With("keep_audio", "How much of the user's sound it kept for whoever retrieves it.", new KeptAudioCodec(), static recipe => recipe.KeptAudioBytes, static (recipe, bytes) => recipe with { KeptAudioBytes = bytes })
        .With("input_bytes", "What its input buffer held.", new WholeCodec(0, int.MaxValue), static recipe => recipe.InputBytes, static (recipe, bytes) => recipe with { InputBytes = bytes })
        .With("limits", "What the host bore, where it was not as usual.", LimitShapes.Limits, static recipe => recipe.Limits == new SimulatorHostLimits() ? null : recipe.Limits, static (recipe, limits) => recipe with { Limits = limits })
        .With("answers", "What answered.", Choice<AnsweredBy>(), static recipe => recipe.Answers, static (recipe, by) => recipe with { Answers = by })
        .With("sounds", "Where the sounds of the scenario were, as its file was named.", Words, static recipe => recipe.Sounds, static (recipe, folder) => recipe with { Sounds = folder })
        .With("scenario", "What was answered when.", new RawCodec("a scenario"), static recipe => recipe.Scenario, static (recipe, scenario) => recipe with { Scenario = scenario })
        .Check(static (recipe, at) => recipe with { At = at });

    private static readonly ObjectCodec<Line> Whole = new ObjectCodec<Line>("line", "the first line of a log of the simulator", new())
        .With("recipe", "The recipe.", Members, static line => line.Recipe, static (line, recipe) => line with { Recipe = recipe });

    /// <summary>The version of this package.</summary>
    public static string OwnVersion { get; } = typeof(Recipe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public string? Version { get; init; }

    public int? Connection { get; init; }

    public ulong? Seed { get; init; }

    public SimulatedSessionKind? Kind { get; init; }

    public string? Model { get; init; }

    public int? LifetimeMs { get; init; }

    public SimulatedTurnDetection? TurnDetection { get; init; }

    /// <summary>An object of settings.</summary>
    public string? Session { get; init; }

    public IReadOnlyList<string> Faults { get; init; } = [];

    public Pace? Pace { get; init; }

    public long? KeptAudioBytes { get; init; }

    public int? InputBytes { get; init; }

    public SimulatorHostLimits Limits { get; init; } = new();

    public AnsweredBy? Answers { get; init; }

    public string? Sounds { get; init; }

    /// <summary>The text of a scenario.</summary>
    public string? Scenario { get; init; }

    /// <summary>Where it stands, if it was read.</summary>
    private Located? At { get; init; }

    /// <summary>The recipe of one connection.</summary>
    /// <param name="options">What its server is like.</param>
    /// <param name="faults">What goes wrong on every connection of the host.</param>
    /// <param name="limits">What the host bears.</param>
    public static Recipe Of(SimulatorOptions options, FaultPlan faults, SimulatorHostLimits limits)
    {
        Scenario? scenario = ScenarioOf(options);
        return new()
        {
            Version = OwnVersion,
            Connection = options.Connection,
            Seed = options.Seed,
            Kind = options.Kind,
            Model = options.Model,
            LifetimeMs = (int)Math.Clamp(options.SessionLifetime.TotalMilliseconds, 1, int.MaxValue),
            TurnDetection = options.TurnDetection,
            Session = options.InitialSession is { } session ? EventLogLine.WithoutSecrets(session) : null,
            Faults = [.. FaultCatalogue.Wishes(options with { Faults = faults })],
            Pace = Simulation.Responses.Pace.Of(options.Pace),
            KeptAudioBytes = options.KeptAudioBytes,
            InputBytes = options.MaxInputAudioBytes,
            Limits = limits,
            Answers = scenario is null ? AnsweredBy.Code : options.Speaker is EchoModel ? AnsweredBy.Echo : AnsweredBy.Scenario,
            Sounds = scenario is { Shelf.Folder.Length: > 0 } ? scenario.Shelf.Folder : null,
            Scenario = scenario?.ToJson(),
        };
    }

    /// <summary>The recipe of a log.</summary>
    /// <exception cref="ScenarioException">The file cannot be read, or its first line is no recipe.</exception>
    public static Recipe Load(string path)
    {
        try
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            string first = file.ReadLine() ?? "";
            Recipe? recipe = JsonNode.Parse(first) is JsonObject line && line.ContainsKey("recipe") ? Whole.Read(Located.Parse(Encoding.UTF8.GetBytes(first), path), "A log").Recipe : null;
            return recipe ?? throw NoRecipe(path);
        }
        catch (JsonException)
        {
            throw NoRecipe(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScenarioException(path, 0, 0, ScenarioFiles.Why(failure), failure);
        }
    }

    /// <summary>The line, without its line feed.</summary>
    public byte[] Write() => LogNote.Line(json =>
    {
        json.WritePropertyName("recipe");
        Members.Write(json, this);
    });

    /// <summary>
    /// The server again. The first connection of a host that counts from <see cref="Connection"/> gets it. What the scenario says itself stands in place of what the recipe
    /// says: each member of its session, each switch of its service, also one that it sets to its default, and its faults as one list.
    /// </summary>
    /// <param name="scenario">What answers, in place of what answered; null for the recipe's own.</param>
    /// <param name="detection">How turns are found, in place of what both say; null for what they say.</param>
    /// <exception cref="ScenarioException">The recipe cannot be followed.</exception>
    public SimulatorOptions ToOptions(Scenario? scenario = null, SimulatedTurnDetection? detection = null)
    {
        if (scenario is null && Answers == AnsweredBy.Code)
        {
            throw Fault("answers", "Code of a program answered, which no log can hold. Name a scenario that answers in its place.");
        }

        scenario ??= Scenario is { } text ? Scenarios.Scenario.Read(Encoding.UTF8.GetBytes(text), $"{At?.Name ?? "recipe"} (scenario)", Sounds ?? "") : Scenarios.Scenario.Empty;
        SimulatorOptions said = scenario.ToOptions(Pace?.Over(ResponsePace.Default));
        SimulatorOptions options = said with
        {
            Seed = scenario.Seed ?? Seed ?? said.Seed,
            Kind = scenario.Wish.Kind ?? Kind ?? said.Kind,
            Model = scenario.Wish.Model ?? Model ?? said.Model,
            SessionLifetime = scenario.Wish.Lifetime is null && LifetimeMs is { } lifetime ? TimeSpan.FromMilliseconds(lifetime) : said.SessionLifetime,
            TurnDetection = detection ?? scenario.Wish.Vad ?? TurnDetection ?? said.TurnDetection,
            InitialSession = Session,
            KeptAudioBytes = scenario.Wish.KeptAudioBytes ?? KeptAudioBytes,
            MaxInputAudioBytes = InputBytes ?? said.MaxInputAudioBytes,
            Service = ServiceSwitches.Default,
            Faults = FaultPlan.None,
        };
        if (options.TurnDetection == SimulatedTurnDetection.Scripted && scenario.Wish.Vad != SimulatedTurnDetection.Scripted)
        {
            throw Fault("vad", "The turns of this log were scripted, and the scenario that answers scripts none. Say \"vad\" in its session: \"scripted\", with \"spoken\" of each turn, or another detection.");
        }

        options = Faults.Aggregate(options, With);
        options = scenario.Usual.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(options, static (options, name) => FaultCatalogue.Reset(options, name));
        options = FaultCatalogue.Wishes(said with { Faults = FaultPlan.None }).Aggregate(options, With);
        return scenario.Faults.Wishes.Any() ? options with { Faults = scenario.Faults } : options;
    }

    private SimulatorOptions With(SimulatorOptions options, string wish)
    {
        try
        {
            return options.WithFault(wish);
        }
        catch (FormatException wrong)
        {
            throw Fault("faults", wrong.Message);
        }
    }

    // What the recipe says by itself is not said twice. Where nothing is scripted, there are the user's words and the remote tools all the same.
    private static Scenario? ScenarioOf(SimulatorOptions options)
    {
        Scenario? scenario = options.Speaker switch
        {
            ScriptedModel played => played.Scenario,
            EchoModel => Scenarios.Scenario.Empty,
            _ => null,
        };
        bool isScripted = options.TurnDetection == SimulatedTurnDetection.Scripted;
        return scenario is not { Rest.Model: null or EchoModel } ? null : scenario with
        {
            Seed = null,
            Pace = null,
            Wish = new SessionWish { Vad = isScripted ? SimulatedTurnDetection.Scripted : null },
            Service = ServiceSwitches.Default,
            Faults = FaultPlan.None,
            Heard = isScripted ? options.Transcripts : [.. options.Transcripts.Select(static turn => turn with { Spoken = null })],
            McpServers = options.McpServers,
            Rest = scenario.Rest.Model is null ? scenario.Rest : Otherwise.Echo,
        };
    }

    private static ChoiceCodec<T> Choice<T>()
        where T : struct, Enum => new([.. Enum.GetValues<T>().Select(static value => (value.ToString().ToLowerInvariant(), value))]);

    private static ScenarioException NoRecipe(string path) => new(path, 1, 1, "This is no log of the simulator: its first line holds no recipe. A log has one that realtime serve --log wrote.");

    private ScenarioException Fault(string member, string sentence) => At?.Find(member) is { } place ? place.Fault(sentence) : new("recipe", 0, 0, sentence);

    private sealed record Line
    {
        public Recipe? Recipe { get; init; }
    }
}

/// <summary>What answered.</summary>
internal enum AnsweredBy
{
    Echo,
    Scenario,
    Code,
}

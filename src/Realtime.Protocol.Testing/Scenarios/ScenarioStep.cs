using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>One turn: when it answers, and what it does.</summary>
internal sealed record ScenarioTurn
{
    /// <summary>Null holds always.</summary>
    public Cue? When { get; init; }

    /// <summary>How often it answers; null for once without a cue, and for any number of times with one.</summary>
    public int? Times { get; init; }

    public Pace? Pace { get; init; }

    public IReadOnlyList<ScenarioStep> Do { get; init; } = [];

    /// <summary>In place of steps: the response is refused.</summary>
    public ModelFailure? Refuse { get; init; }

    public int? Most => Times ?? (When is null ? 1 : null);
}

/// <summary>One step of a turn. Exactly one of the verbs is given; the other members belong to some of them.</summary>
internal sealed record ScenarioStep
{
    public string? Say { get; init; }

    public string? Write { get; init; }

    /// <summary>A message of several parts, each a step that says or writes.</summary>
    public IReadOnlyList<ScenarioStep>? Parts { get; init; }

    public string? Call { get; init; }

    public string? Mcp { get; init; }

    public Delay? Wait { get; init; }

    public ModelFailure? Fail { get; init; }

    public IncompleteReason? Incomplete { get; init; }

    public string? Send { get; init; }

    public int? Close { get; init; }

    public Sound? Audio { get; init; }

    public string? Arguments { get; init; }

    public string? CallId { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public Delay? RunsFor { get; init; }

    public string? Reason { get; init; }

    /// <summary>Runs beside the step before it.</summary>
    public bool Overlap { get; init; }

    public StepPace Pace { get; init; } = Untimed;

    internal static StepPace Untimed { get; } = new();

    /// <summary>True when nothing can follow.</summary>
    public bool IsLast => Fail is not null || Incomplete is not null || Close is not null;
}

/// <summary>What answers when no turn does.</summary>
internal sealed record Otherwise
{
    public static Otherwise Echo { get; } = new();

    public static Otherwise Nothing { get; } = new() { Do = [] };

    /// <summary>Steps; null for a model.</summary>
    public IReadOnlyList<ScenarioStep>? Do { get; init; }

    /// <summary>A model that somebody wrote; null for the echo.</summary>
    public ISimulatedModel? Model { get; init; }
}

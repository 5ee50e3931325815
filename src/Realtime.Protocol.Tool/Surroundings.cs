namespace Realtime.Protocol.CommandLine;

/// <summary>
/// Everything of the world that a command touches besides files and sockets: its streams, whether a person looks at them, its environment, its clock. Nothing else in this
/// program asks <see cref="Console"/>, so that a test can be the world.
/// </summary>
internal sealed record Surroundings
{
    /// <summary>Standard input as bytes: raw audio, or events to decode.</summary>
    public required Stream AudioIn { get; init; }

    /// <summary>Standard output as bytes: raw audio, or what was decoded.</summary>
    public required Stream AudioOut { get; init; }

    /// <summary>Standard output, for text.</summary>
    public required TextOutput Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextOutput Error { get; init; }

    /// <summary>True when standard output is a terminal.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>True when standard error is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>An environment variable; null when it is not set.</summary>
    public Func<string, string?> GetVariable { get; init; } = static _ => null;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The process's own.</summary>
    public static Surroundings OfProcess() => new()
    {
        AudioIn = StandardInput.Open(),
        AudioOut = StandardOutput.Open(),
        Output = new TextOutput(Console.Out),
        Error = new TextOutput(Console.Error),
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        GetVariable = Environment.GetEnvironmentVariable,
    };
}

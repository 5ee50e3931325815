namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>What goes wrong.</summary>
internal enum Deed
{
    /// <summary>The gateway that has the calls is killed with -9.</summary>
    Kill,

    /// <summary>It stands still (SIGSTOP), and goes on when its calls are elsewhere.</summary>
    Stop,

    /// <summary>It is asked to end (SIGTERM).</summary>
    Drain,

    /// <summary>The store is gone for a while.</summary>
    Store,
}

/// <summary>What the command line of <c>realtime chaos</c> says.</summary>
internal sealed record ChaosSettings
{
    /// <summary><c>file</c>, <c>postgresql</c> or <c>redis</c> for a store of our own, or one that is there.</summary>
    public string Journal { get; init; } = "file";

    /// <summary>The environment variable that names a store; null for none.</summary>
    public string? JournalVariable { get; init; }

    public int Calls { get; init; } = 8;

    /// <summary>How many questions each phone asks in each deed; the deed falls into the first.</summary>
    public int Turns { get; init; } = 2;

    /// <summary>Decides when who speaks, and when what is done.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What is done, in order; null for all that can be.</summary>
    public IReadOnlyList<Deed>? Deeds { get; init; }

    public bool Json { get; init; }
}

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>What a parameter may hold.</summary>
internal enum ParameterKind
{
    /// <summary>An object whose members are parameters themselves; an update merges into it.</summary>
    Group,

    /// <summary>An object that starts from a template chosen by its <c>type</c>; its members are parameters themselves.</summary>
    Templated,
    Text,
    Number,
    Integer,
    IntegerOrInfinity,
    Boolean,
    Modalities,
    Tools,
    ToolChoice,
    Voice,
    Language,
    Metadata,

    /// <summary>Kept and shown, and without effect here.</summary>
    Anything,
}

/// <summary>One row of the table of parameters.</summary>
/// <param name="Path">Where it lies, from <c>session</c> or <c>response</c> on.</param>
/// <param name="Kind">What it may hold.</param>
internal sealed record Parameter(string Path, ParameterKind Kind)
{
    /// <summary>Whether null clears it.</summary>
    public bool Nullable { get; init; }

    /// <summary>The only texts allowed; empty allows all.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>The smallest number allowed.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number allowed.</summary>
    public double Most { get; init; } = double.PositiveInfinity;
}

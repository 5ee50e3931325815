namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>One row of the tables: one path of one client event, and what may stand there.</summary>
/// <param name="Path">
/// From the event on: names with dots between them, <c>[]</c> for an element, <c>.*</c> for a value under any name, and
/// <c>&lt;type&gt;</c> for an object of that type.
/// </param>
/// <param name="Forms">What it may be.</param>
internal sealed record Shape(string Path, ShapeForms Forms)
{
    /// <summary>The only texts allowed; empty allows all.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>The smallest number allowed.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number allowed.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>How many characters a text may have.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>How many members a map may have.</summary>
    public int MaxMembers { get; init; } = int.MaxValue;

    /// <summary>How many characters a name in a map may have.</summary>
    public int MaxNameLength { get; init; } = int.MaxValue;

    /// <summary>Whether it has to be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether a text has to have at least one character.</summary>
    public bool IsNeverEmpty { get; init; }

    /// <summary>Of these members one has to be there; a refusal names the first.</summary>
    public string[] NeedsOneOf { get; init; } = [];

    /// <summary>Whether an object without a <c>type</c> keeps the one it has: which members it may have is seen when it is merged.</summary>
    public bool KeepsItsType { get; init; }

    /// <summary>Whether an array is a combination, which allows exactly one of its values.</summary>
    public bool IsCombination { get; init; }

    /// <summary>Whether a text names a language.</summary>
    public bool IsLanguage { get; init; }

    public ShapeMerging Merging { get; init; }

    /// <summary>Which sessions take it; null for all that take what it lies in.</summary>
    public ShapeSessions? Sessions { get; init; }

    /// <summary>Why it differs from the schema; null when it does not.</summary>
    public string? Otherwise { get; init; }

    /// <summary>What belongs here, in the words of a refusal.</summary>
    public string Expected => (Forms & ~ShapeForms.Null) switch
    {
        ShapeForms.Text when Values.Length > 1 => $"one of {Refusal.Quoted(Values, "or")}",
        ShapeForms.Text or ShapeForms.Audio => "a string",
        ShapeForms.Boolean => "a boolean",
        ShapeForms.Integer => "an integer",
        ShapeForms.Integer | ShapeForms.Text => $"an integer or {Refusal.Quoted(Values, "or")}",
        ShapeForms.Number => "a number",
        ShapeForms.Array => "an array",
        var forms when (forms & ShapeForms.Array) != 0 => "an array or an object",
        var forms when (forms & ShapeForms.Text) != 0 => "a string or an object",
        _ => "an object",
    };
}

/// <summary>One client event: its type, which sessions take it, and the rows of its members.</summary>
internal sealed record EventShape(string Type, ShapeSessions Sessions, Shape[] Rows);

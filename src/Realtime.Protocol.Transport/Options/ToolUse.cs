namespace Realtime.Protocol;

/// <summary>Whether the model may, must or must not call a tool.</summary>
public sealed record ToolUse
{
    private ToolUse(string kind, string? name = null) => (Kind, Name) = (kind, name);

    /// <summary>The model decides.</summary>
    public static ToolUse Auto { get; } = new("auto");

    /// <summary>No tool is called.</summary>
    public static ToolUse None { get; } = new("none");

    /// <summary>Some tool is called in every response. Use it for one response: for a whole session the rounds never end.</summary>
    public static ToolUse Required { get; } = new("required");

    internal string Kind { get; }

    internal string? Name { get; }

    /// <summary>This tool is called in every response.</summary>
    /// <param name="name">The name of a tool of the session or of the request.</param>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public static ToolUse Function(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new("function", name);
    }

    /// <summary>The choice, with the tool's name.</summary>
    public override string ToString() => Name is null ? Kind : $"{Kind} {Name}";
}

namespace Realtime.Protocol;

/// <summary>A voice of the service, by its name, or one of your own, by its id. A text converts: <c>Voice = "marin"</c>.</summary>
public readonly record struct VoiceName
{
    private readonly string? _name;

    /// <summary>A voice of the service.</summary>
    /// <param name="name">For instance <c>marin</c> or <c>cedar</c>.</param>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public VoiceName(string name)
        : this(name, isCustom: false)
    {
    }

    private VoiceName(string name, bool isCustom)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (_name, IsCustom) = (name, isCustom);
    }

    /// <summary>The name, or the id of a voice of your own.</summary>
    public string Name => _name ?? "";

    /// <summary>True for a voice of your own.</summary>
    public bool IsCustom { get; }

    /// <summary>A voice of your own.</summary>
    /// <param name="id">As the service gave it when the voice was made, for instance <c>voice_123</c>.</param>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static VoiceName Custom(string id) => new(id, isCustom: true);

    /// <summary>A voice of the service.</summary>
    /// <param name="name">As for the constructor.</param>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public static implicit operator VoiceName(string name) => new(name);

    /// <summary>The name or the id.</summary>
    public override string ToString() => Name;
}

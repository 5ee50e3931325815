namespace Realtime.Protocol;

/// <summary>Whether noise is taken out of the user's sound before anybody listens to it, and for which kind of microphone.</summary>
public sealed record InputNoiseReduction
{
    private InputNoiseReduction(string type) => Type = type;

    /// <summary>The sound is left as it is.</summary>
    public static InputNoiseReduction Off { get; } = new("");

    /// <summary>A microphone close to the mouth: a headset, a telephone.</summary>
    public static InputNoiseReduction NearField { get; } = new("near_field");

    /// <summary>A microphone across the room: a laptop, a conference table.</summary>
    public static InputNoiseReduction FarField { get; } = new("far_field");

    /// <summary>How much noise is taken away, where a compatible service lets one say so, in its own measure; OpenAI knows no such number. Null leaves it out. Infinity is an <see cref="ArgumentException"/> of whoever sends it.</summary>
    public double? Strength { get; init; }

    internal string Type { get; }

    /// <summary>The kind, or that it is off.</summary>
    public override string ToString() => Type.Length == 0 ? "off" : Type;
}

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>What is different from a <see cref="ResponsePace"/>; what is null stays as it is there.</summary>
public sealed record Pace
{
    /// <inheritdoc cref="ResponsePace.Acknowledgement"/>
    public Delay? Created { get; init; }

    /// <inheritdoc cref="ResponsePace.Item"/>
    public Delay? Item { get; init; }

    /// <inheritdoc cref="ResponsePace.FirstDelta"/>
    public Delay? FirstDelta { get; init; }

    /// <inheritdoc cref="ResponsePace.Chunk"/>
    public Delay? Chunk { get; init; }

    /// <inheritdoc cref="ResponsePace.AudioSpeed"/>
    public double? Speed { get; init; }

    /// <inheritdoc cref="ResponsePace.TextDelta"/>
    public Delay? TextDelta { get; init; }

    /// <inheritdoc cref="ResponsePace.Closers"/>
    public Delay? Closers { get; init; }

    /// <inheritdoc cref="ResponsePace.AutomaticResponse"/>
    public Delay? Auto { get; init; }

    /// <inheritdoc cref="ResponsePace.Transcription"/>
    public Delay? Transcription { get; init; }

    /// <summary>Everything that a pace says.</summary>
    internal static Pace Of(ResponsePace pace) => new()
    {
        Created = pace.Acknowledgement,
        Item = pace.Item,
        FirstDelta = pace.FirstDelta,
        Chunk = pace.Chunk,
        Speed = pace.AudioSpeed,
        TextDelta = pace.TextDelta,
        Closers = pace.Closers,
        Auto = pace.AutomaticResponse,
        Transcription = pace.Transcription,
    };

    /// <summary>The whole pace.</summary>
    internal ResponsePace Over(ResponsePace basis) => basis with
    {
        Acknowledgement = Created ?? basis.Acknowledgement,
        Item = Item ?? basis.Item,
        FirstDelta = FirstDelta ?? basis.FirstDelta,
        Chunk = Chunk ?? basis.Chunk,
        AudioSpeed = Speed ?? basis.AudioSpeed,
        TextDelta = TextDelta ?? basis.TextDelta,
        Closers = Closers ?? basis.Closers,
        AutomaticResponse = Auto ?? basis.AutomaticResponse,
        Transcription = Transcription ?? basis.Transcription,
    };
}

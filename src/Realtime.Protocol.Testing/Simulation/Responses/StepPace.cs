namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>When one step of an answer happens. Every span counts from the end of the step before, for the first one from <c>response.created</c>; what is null is as the response's pace says.</summary>
public sealed record StepPace
{
    /// <summary>Before the step begins; everything below counts from then.</summary>
    public Moment? After { get; init; }

    /// <summary>To the item; null lets it come with its first delta.</summary>
    public Delay? Item { get; init; }

    /// <summary>To the first delta.</summary>
    public Delay? FirstDelta { get; init; }

    /// <summary>How much speech one delta carries.</summary>
    public Delay? Chunk { get; init; }

    /// <summary>From one delta to the next, whatever it carries.</summary>
    public Delay? Every { get; init; }
}

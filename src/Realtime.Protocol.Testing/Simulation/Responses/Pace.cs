namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>What is different from a <see cref="ResponsePace"/>; what is null stays as it is there.</summary>
public sealed record Pace
{
    private static readonly Member[] Members =
    [
        Row(static pace => pace.Created, static (pace, said) => pace with { Created = said }, static whole => whole.Acknowledgement, static (whole, said) => whole with { Acknowledgement = said }),
        Row(static pace => pace.Item, static (pace, said) => pace with { Item = said }, static whole => whole.Item, static (whole, said) => whole with { Item = said }),
        Row(static pace => pace.FirstDelta, static (pace, said) => pace with { FirstDelta = said }, static whole => whole.FirstDelta, static (whole, said) => whole with { FirstDelta = said }),
        Row(static pace => pace.Chunk, static (pace, said) => pace with { Chunk = said }, static whole => whole.Chunk, static (whole, said) => whole with { Chunk = said }),
        Row(static pace => pace.Speed, static (pace, said) => pace with { Speed = said }, static whole => whole.AudioSpeed, static (whole, said) => whole with { AudioSpeed = said }),
        Row(static pace => pace.TextDelta, static (pace, said) => pace with { TextDelta = said }, static whole => whole.TextDelta, static (whole, said) => whole with { TextDelta = said }),
        Row(static pace => pace.Closers, static (pace, said) => pace with { Closers = said }, static whole => whole.Closers, static (whole, said) => whole with { Closers = said }),
        Row(static pace => pace.Auto, static (pace, said) => pace with { Auto = said }, static whole => whole.AutomaticResponse, static (whole, said) => whole with { AutomaticResponse = said }),
        Row(static pace => pace.Transcription, static (pace, said) => pace with { Transcription = said }, static whole => whole.Transcription, static (whole, said) => whole with { Transcription = said }),
    ];

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
    internal static Pace Of(ResponsePace pace) => Members.Aggregate(new Pace(), (all, member) => member.Take(all, pace));

    /// <summary>The whole pace.</summary>
    internal ResponsePace Over(ResponsePace basis) => Members.Aggregate(basis, (whole, member) => member.Put(whole, this));

    private static Member Row<T>(Func<Pace, T?> get, Func<Pace, T?, Pace> set, Func<ResponsePace, T?> whole, Func<ResponsePace, T, ResponsePace> with)
        where T : struct => new((pace, from) => set(pace, whole(from)), (into, pace) => get(pace) is { } said ? with(into, said) : into);

    /// <summary>One member, here and there.</summary>
    private sealed record Member(Func<Pace, ResponsePace, Pace> Take, Func<ResponsePace, Pace, ResponsePace> Put);
}

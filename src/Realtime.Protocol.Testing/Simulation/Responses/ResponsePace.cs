namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>
/// How fast a response comes. The service makes speech faster than it is played, but not all at once; that a response can be cancelled in
/// its middle depends on it.
/// </summary>
public sealed record ResponsePace
{
    /// <summary>As recorded: 100 ms until <c>response.created</c>, 200 ms more until the first delta, then speech at twice its own speed.</summary>
    public static ResponsePace Default { get; } = new();

    /// <summary>Everything at once, in the same order.</summary>
    public static ResponsePace Immediate { get; } = new() { Acknowledgement = TimeSpan.Zero, FirstDelta = TimeSpan.Zero, AudioSpeed = double.PositiveInfinity, TextDelta = TimeSpan.Zero, AutomaticResponse = TimeSpan.Zero, Transcription = TimeSpan.Zero };

    /// <summary>From <c>response.create</c> to <c>response.created</c>.</summary>
    public TimeSpan Acknowledgement { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From <c>response.created</c> to the first delta.</summary>
    public TimeSpan FirstDelta { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How much faster than real time speech is made; infinity makes it at once.</summary>
    public double AudioSpeed { get; init; } = 2;

    /// <summary>Between two deltas of a text or of the arguments of a call.</summary>
    public TimeSpan TextDelta { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>From the end of the user's speech, where the server detects it, to the response that the server starts by itself.</summary>
    public TimeSpan AutomaticResponse { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From the commit of the user's speech to the first event of its transcription, where the session asks for one.</summary>
    public TimeSpan Transcription { get; init; } = TimeSpan.FromMilliseconds(400);
}

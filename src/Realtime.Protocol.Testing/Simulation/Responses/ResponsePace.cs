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
    public static ResponsePace Immediate { get; } = new() { Acknowledgement = 0, FirstDelta = 0, AudioSpeed = double.PositiveInfinity, TextDelta = 0, AutomaticResponse = 0, Transcription = 0 };

    /// <summary>From <c>response.create</c> to <c>response.created</c>.</summary>
    public Delay Acknowledgement { get; init; } = 100;

    /// <summary>From <c>response.created</c> to the first item; null, the default, lets it come with its first delta. Of an item that comes later than its first delta was to come, the delta waits.</summary>
    public Delay? Item { get; init; }

    /// <summary>From <c>response.created</c> to the first delta.</summary>
    public Delay FirstDelta { get; init; } = 200;

    /// <summary>How much speech one delta carries. Recorded deltas of PCM16 have 19,200 bytes, which is 400 ms.</summary>
    public Delay Chunk { get; init; } = 400;

    /// <summary>How much faster than real time speech is made; infinity makes it at once.</summary>
    public double AudioSpeed { get; init; } = 2;

    /// <summary>Between two deltas of a text or of the arguments of a call.</summary>
    public Delay TextDelta { get; init; } = 10;

    /// <summary>From the last delta of an item to the events that close it.</summary>
    public Delay Closers { get; init; }

    /// <summary>From the end of the user's speech, where the server detects it, to the response that the server starts by itself.</summary>
    public Delay AutomaticResponse { get; init; } = 100;

    /// <summary>From the commit of the user's speech to the first event of its transcription, where the session asks for one.</summary>
    public Delay Transcription { get; init; } = 400;
}

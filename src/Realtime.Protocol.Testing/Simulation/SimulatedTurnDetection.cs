namespace Realtime.Protocol.Testing.Simulation;

/// <summary>How a simulated server finds the turns of the user.</summary>
public enum SimulatedTurnDetection
{
    /// <summary>A session begins with <c>server_vad</c>, as the service's own do.</summary>
    Server,

    /// <summary>A session begins with <c>semantic_vad</c>.</summary>
    Semantic,

    /// <summary>A session begins without detection: the client commits.</summary>
    None,

    /// <summary>
    /// As <see cref="Server"/>, but nobody listens: turns are where <see cref="Model.SimulatedTranscript.Spoken"/> says, whatever the client sends. For clients that
    /// send silence or noise.
    /// </summary>
    Scripted,
}

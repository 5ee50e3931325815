using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing;

/// <summary>
/// Where the words of a simulated server go: a client, as whoever carries messages to it sees it. It is called under the session's lock,
/// never waits and never throws.
/// </summary>
internal interface IOutlet
{
    /// <summary>Something will be said. An outlet whose client has left too much unread gives it up here, and not within an answer that came at once.</summary>
    /// <returns>False when the client is gone or given up: it is told nothing more.</returns>
    bool Begin();

    /// <summary>Takes a message; it is copied.</summary>
    /// <param name="marks">What goes wrong with it on the wire; null when nothing does.</param>
    void Send(ReadOnlySpan<byte> message, FrameMarks? marks);

    /// <summary>Something goes wrong on the wire behind what was said, without a message.</summary>
    void Happen(FrameMarks marks);

    /// <summary>The server says goodbye; nothing follows.</summary>
    void End(int status, string reason);
}

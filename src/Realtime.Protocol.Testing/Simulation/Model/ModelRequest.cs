using System.Collections.ObjectModel;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>What a model is asked to answer, with the settings of the session and of this response already joined.</summary>
public sealed record ModelRequest
{
    /// <summary>What was said so far, in order; for a request with an <c>input</c> of its own, that. Valid during the call.</summary>
    public required IReadOnlyList<SimulatedItem> Conversation { get; init; }

    /// <summary>Which response of the conversation it is on this connection, from 1; for a response outside it, which one that would be.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>Who asked for the answer.</summary>
    public ResponseCause Cause { get; init; }

    /// <summary>True for a response outside the conversation: nothing of it is remembered.</summary>
    public bool OutOfBand { get; init; }

    /// <summary>What the client attached to its request, so that a model can tell one request from another. Empty for the server's own responses.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How the model is to behave.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>The functions that may be called; empty when the tool choice is <c>none</c>.</summary>
    public IReadOnlyList<SimulatedTool> Tools { get; init; } = [];

    /// <summary>The MCP servers whose tools are listed by now, with the tools that may be called.</summary>
    public IReadOnlyList<SimulatedMcpServer> McpServers { get; init; } = [];

    /// <summary>Whether the answer is to be spoken.</summary>
    public bool Spoken { get; init; } = true;

    /// <summary>How a spoken answer has to be encoded.</summary>
    public SpeechFormat Format { get; init; }

    /// <summary>Draws a span in milliseconds, with numbers from the seed.</summary>
    internal Func<Delay, long> Draw { get; init; } = static delay => delay.LeastMs;
}

/// <summary>Who asked for a response.</summary>
public enum ResponseCause
{
    /// <summary>The client, with <c>response.create</c>.</summary>
    Client,

    /// <summary>The server itself, after speech that it detected.</summary>
    Speech,

    /// <summary>The server itself, when the user said nothing for as long as the session waits.</summary>
    Idle,
}

/// <summary>A function that the client declared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The JSON Schema of its arguments as JSON text; empty when none was given.</param>
public sealed record SimulatedTool(string Name, string Parameters);

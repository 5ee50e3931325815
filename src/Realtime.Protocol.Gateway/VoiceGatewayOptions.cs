using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Gateway;

/// <summary>What holds for the gateway as a whole. Read when the host starts.</summary>
public sealed class VoiceGatewayOptions
{
    /// <summary>The shortest <see cref="TicketKey"/>, in bytes.</summary>
    public const int LeastTicketKeyBytes = 32;

    /// <summary>
    /// Whether one session is opened and closed when the host starts, before <c>/ready</c> is healthy: then the first caller waits neither for a compiler nor for the first connection to the model or to a journal. It asks for no response, so it costs
    /// no tokens. True.
    /// </summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>Which session is opened for it: a name as <c>AddVoiceSessions</c> was given it. Empty for those without a name.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public string WarmUpSession { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = Options.DefaultName;

    /// <summary>
    /// What tickets are signed with (<see cref="CallTickets"/>): the same for all processes that take each other's calls. It belongs in a secret store. Null for a key of this process alone, by which no other process lets anybody in.
    /// </summary>
    /// <exception cref="ArgumentException">It is shorter than <see cref="LeastTicketKeyBytes"/>.</exception>
    public byte[]? TicketKey
    {
        get;
        set => field = value is { Length: < LeastTicketKeyBytes } ? throw new ArgumentException($"A ticket key has at least {LeastTicketKeyBytes} bytes.", nameof(value)) : value;
    }
}

using System.Net;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.Gateway;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>What the command line of <c>realtime gateway</c> says.</summary>
internal sealed record GatewaySettings
{
    /// <summary>The port that is listened on when nobody says.</summary>
    public const int UsualPort = 7001;

    /// <summary>The fewest characters of a ticket key.</summary>
    public const int LeastKeyCharacters = VoiceGatewayOptions.LeastTicketKeyBytes;

    public int Port { get; init; } = UsualPort;

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>A certificate of the user's own, with its key; null for plain text.</summary>
    public string? Certificate { get; init; }

    /// <summary>Under which address browsers and Twilio reach this gateway; null for where it listens.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Other gateways that take each other's calls.</summary>
    public IReadOnlyList<Uri> Peers { get; init; } = [];

    /// <summary>Where calls are kept, as on the command line; null for the usual folder, or the variable.</summary>
    public string? Journal { get; init; }

    /// <summary>The environment variable that says where calls are kept; null for none.</summary>
    public string? JournalVariable { get; init; }

    /// <summary>The environment variable that holds the key of tickets; null where no tickets are needed.</summary>
    public string? TicketKeyVariable { get; init; }

    /// <summary>The model's service.</summary>
    public required ServiceAddress Service { get; init; }

    public string? Instructions { get; init; }

    public string? Voice { get; init; }

    /// <summary>The model that writes down what callers say, or <c>off</c>.</summary>
    public string Transcription { get; init; } = "gpt-4o-transcribe";

    /// <summary>True where the model finds the end of a turn by what was said, and not by silence.</summary>
    public bool SemanticTurns { get; init; }

    public int? MaxCalls { get; init; }

    public int? MaxCallsPerAddress { get; init; }

    /// <summary>The environment variable that holds Twilio's auth token; null where Twilio does not call.</summary>
    public string? TwilioTokenVariable { get; init; }

    /// <summary>Where Asterisk connects to; null where it does not.</summary>
    public IPEndPoint? AudioSocket { get; init; }

    /// <summary>The address of a collector of traces and metrics; null for none.</summary>
    public string? Otlp { get; init; }

    /// <summary>The file that is written once callers may come.</summary>
    public string? Ready { get; init; }

    /// <summary>Refuses combinations that can't be meant, and a door that would stand open to a network.</summary>
    /// <exception cref="ToolException">The line says which.</exception>
    public void ThrowIfContradictory()
    {
        if (Service.Url is null && (Service.KeyVariable is not null || Service.KeyHeader != default))
        {
            throw Wrong("--key-variable and --key-header have no effect without --url URL: the simulator in this process wants no key.");
        }

        if (Journal is not null && JournalVariable is not null)
        {
            throw Wrong("--journal and --journal-variable are two ways to say where calls are kept; use one of them.");
        }

        if (StandsOpenTo is { } everybody && TicketKeyVariable is null)
        {
            throw Wrong($"{everybody} could call. Put a key of {LeastKeyCharacters} characters or more into an environment variable and name it with --ticket-key-variable NAME: then a caller needs a ticket, and whoever shows the key gets tickets.");
        }

        if (Peers.Count > 0 && Port == 0)
        {
            throw Wrong("--peer needs a --port that the peers can name; 0 is any.");
        }

        if (Peers.Count > 0 && PublicAddress is null && (Listen.Equals(IPAddress.Any) || Listen.Equals(IPAddress.IPv6Any)))
        {
            throw Wrong("--peer needs the address under which this gateway's page is opened: --public URL.");
        }
    }

    // A proxy or a tunnel on this machine brings callers from everywhere to the loopback, and so does whoever names a peer elsewhere.
    private string? StandsOpenTo =>
        !IPAddress.IsLoopback(Listen) ? $"On {Listen} the whole network"
        : PublicAddress is { IsLoopback: false } ? $"Under {PublicAddress.GetLeftPart(UriPartial.Authority)} (--public) everybody who reaches that address"
        : Peers.FirstOrDefault(static peer => !peer.IsLoopback) is { } peer ? $"With {peer.GetLeftPart(UriPartial.Authority)} as a --peer, callers of other machines"
        : null;

    private static ToolException Wrong(string line) => new(ExitCode.UnusableInput, line);
}

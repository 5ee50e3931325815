namespace Realtime.Protocol.Gateway;

/// <summary>Calls that come as Twilio's Media Streams, by <c>&lt;Connect&gt;&lt;Stream url="wss://…"/&gt;&lt;/Connect&gt;</c>.</summary>
public sealed class TwilioMediaStreamsOptions : CallOptions
{
    /// <summary>The auth token of the account, which every stream is signed with. One that is not, or with another, gets 403. It belongs in a secret store.</summary>
    public string? AuthToken { get; set; }

    /// <summary>Lets streams in that nobody signed: for a test on loopback, and nothing else.</summary>
    public bool AllowUnsigned { get; set; }

    /// <summary>Behind a proxy, what Twilio calls in place of scheme and host, for instance <c>https://voice.example.com</c>; null where the request's own are the public ones.</summary>
    public Uri? PublicAddress { get; set; }
}

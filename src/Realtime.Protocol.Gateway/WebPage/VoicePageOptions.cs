namespace Realtime.Protocol.Gateway;

/// <summary>The page that <c>MapVoicePage</c> serves: how it is called, and where it calls. Read once, when the page is mapped. All of it stands in the page for everybody to read, so nothing of it may be secret.</summary>
public sealed class VoicePageOptions
{
    /// <summary>What stands above the page and in the browser's tab; plain text. <c>Call</c>.</summary>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public string Title { get; set => field = NotEmpty(value); } = "Call";

    /// <summary>
    /// Where calls are taken (<c>MapVoiceCalls</c>), up to the call's id, which the page makes and puts behind it. As a link on the page would have it: <c>/call/</c>, the default, begins at the host's root, <c>call/</c> beside the page.
    /// </summary>
    /// <exception cref="ArgumentException">It is null or empty, does not end with <c>/</c>, or is a whole address.</exception>
    public string CallPath { get; set => field = PathOf(value); } = "/call/";

    /// <summary>
    /// Where the page fetches a ticket before it dials: it sends a POST there, with the call's id put behind it and the cookies of this host, and takes the text of the answer, as <see cref="CallTickets.Create"/> made it. Null, the default, for no
    /// tickets: then calls have to be taken without one (<see cref="VoiceCallsOptions.RequireTicket"/>).
    /// </summary>
    /// <exception cref="ArgumentException">It is empty, does not end with <c>/</c>, or is a whole address.</exception>
    public string? TicketPath { get; set => field = value is null ? null : PathOf(value); }

    /// <summary>
    /// Other gateways that may go on with a call, by their base addresses, such as <c>https://b.example.com</c>, with a host's name or an IPv4 address. When a line breaks, the page dials the next of them, and behind the last one this host again. Each has this page among its
    /// <see cref="VoiceCallsOptions.AllowedOrigins"/>, the same <see cref="VoiceGatewayOptions.TicketKey"/> and the same journal. Empty where one address leads to all.
    /// </summary>
    public IList<Uri> Gateways { get; } = [];

    private static string NotEmpty(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return value;
    }

    // What begins with two slashes names a host as well.
    private static string PathOf(string value) =>
        NotEmpty(value).EndsWith('/') && Uri.TryCreate(value, UriKind.Relative, out _) && !value.StartsWith("//", StringComparison.Ordinal)
            ? value
            : throw new ArgumentException($"A path on this host is expected that ends with a slash, such as /call/; it is {value}.", nameof(value));
}

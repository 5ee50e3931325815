namespace Realtime.Protocol.Gateway;

/// <summary>Calls of browsers and clients of your own, in the protocol that CALLS.md describes.</summary>
public sealed class VoiceCallsOptions : CallOptions
{
    /// <summary>With what other values than those of its base class it begins.</summary>
    public VoiceCallsOptions() => MaxCallsPerAddress = 32;

    /// <summary>
    /// From which pages calls may come, each as a browser says it: <c>https://shop.example.com</c>, without a path. Empty for pages of this host alone. Clients that are no browsers say none, and are let in by their ticket.
    /// </summary>
    public ISet<string> AllowedOrigins { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a caller needs a ticket of <see cref="CallTickets"/> to this call. True; false lets anybody call who gets as far as here.</summary>
    public bool RequireTicket { get; set; } = true;

    /// <summary>For how long the ticket that a caller is given when the call begins lets him in again, after a broken line or a move. Two hours, at most a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than zero, or more than a day.</exception>
    public TimeSpan ReturnTicketLifetime
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            field = value;
        }
    } = TimeSpan.FromHours(2);

    /// <summary>Whether the caller's side is told in writing what both sides say. The caller's own words come where the session has a <see cref="SessionConfiguration.Transcription"/>. True.</summary>
    public bool Captions { get; set; } = true;
}

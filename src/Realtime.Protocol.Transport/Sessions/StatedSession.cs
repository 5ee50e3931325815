namespace Realtime.Protocol.Transport;

/// <summary>What the server says that a session is: a value, so whoever looks sees one statement and not half of the next.</summary>
/// <param name="Id">The service's id of the session; empty until it has named one.</param>
/// <param name="ExpiresAt">When the service will end it; null where it does not say.</param>
/// <param name="Configuration">As it was stated last, with the application's tools.</param>
internal sealed record StatedSession(string Id, DateTimeOffset? ExpiresAt, SessionConfiguration Configuration)
{
    /// <summary>The same after the server has stated it anew.</summary>
    public StatedSession With(Session stated) => new(
        stated.Id.HasValue ? stated.Id.ToString() : Id,
        stated.ExpiresAt is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(stated.ExpiresAt.Value) : ExpiresAt,
        ConfigurationReading.Over(Configuration, stated));
}

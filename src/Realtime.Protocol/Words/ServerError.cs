namespace Realtime.Protocol;

/// <summary>An error as the server stated it. <see cref="ToString"/> leaves the message out: servers quote keys and contents in it.</summary>
/// <param name="Code"><c>code</c>; null when absent.</param>
/// <param name="Type"><c>type</c>; null when absent.</param>
/// <param name="Message"><c>message</c>; null when absent. May quote what was sent.</param>
/// <param name="Parameter"><c>param</c>; null when absent.</param>
/// <param name="EventId">The client event it answers; null when the server did not say.</param>
public sealed record ServerError(string? Code, string? Type, string? Message, string? Parameter, string? EventId)
{
    /// <summary>Code, type and parameter.</summary>
    public override string ToString() => $"{Code ?? Type ?? "error"}{(Parameter is null ? "" : $" ({Parameter})")}";
}

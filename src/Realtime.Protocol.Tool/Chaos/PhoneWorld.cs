namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>What all phones have in common.</summary>
/// <param name="Gateways">Where calls are taken, up to the id.</param>
/// <param name="Question">What every phone says, as samples.</param>
/// <param name="GetTicketAsync">Asks a gateway for a ticket to a call.</param>
/// <param name="Time">The clock.</param>
/// <param name="Begun">When everything began, on it.</param>
internal sealed record PhoneWorld(IReadOnlyList<string> Gateways, ReadOnlyMemory<byte> Question, Func<int, string, CancellationToken, Task<string>> GetTicketAsync, TimeProvider Time, long Begun)
{
    /// <summary>How long it has been going on.</summary>
    public TimeSpan Now => Time.GetElapsedTime(Begun);
}

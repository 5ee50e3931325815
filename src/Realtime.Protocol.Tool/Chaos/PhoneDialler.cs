using System.Net.WebSockets;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>Opens the lines of one call, each with a ticket that its gateway has not seen before.</summary>
internal sealed class PhoneDialler(PhoneWorld world, string id, CancellationToken leaving)
{
    private const string Subprotocol = "realtime-call.v1";

    private readonly Dictionary<string, HashSet<int>> _uses = [];
    private string? _ticket;

    /// <summary>A gateway gave a newer ticket.</summary>
    public void Take(string ticket)
    {
        _ticket = ticket;
        _uses[ticket] = [];
    }

    /// <summary>Dials one gateway.</summary>
    /// <param name="gateway">Its number.</param>
    /// <returns>An open line; null when nobody answers there.</returns>
    public async Task<PhoneLine?> DialAsync(int gateway)
    {
        var socket = new ClientWebSocket();
        try
        {
            string ticket = await TicketAsync(gateway);
            socket.Options.AddSubProtocol(Subprotocol);
            socket.Options.AddSubProtocol("ticket." + ticket);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(leaving);
            patience.CancelAfter(PhoneLine.SilentAfter);
            await socket.ConnectAsync(new Uri(world.Gateways[gateway] + Uri.EscapeDataString(id)), patience.Token);
            return new(gateway, socket, world.Now);
        }
        catch (Exception refused) when (refused is WebSocketException or HttpRequestException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    // Each lets in once at a gateway: the newest that a gateway gave, or one of whoever has the key.
    private async Task<string> TicketAsync(int gateway)
    {
        if (_ticket is null || !_uses[_ticket].Add(gateway))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(leaving);
            patience.CancelAfter(PhoneLine.SilentAfter);
            _ticket = await world.GetTicketAsync(gateway, id, patience.Token);
            _uses[_ticket] = [gateway];
        }

        return _ticket;
    }
}

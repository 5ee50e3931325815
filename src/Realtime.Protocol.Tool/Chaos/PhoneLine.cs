using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>One line of a phone to one gateway: the socket, in messages, and what is known of the line itself.</summary>
internal sealed class PhoneLine(int gateway, ClientWebSocket socket, TimeSpan now)
{
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5); // so that one that is only slow is not taken for one that stands still

    public int Gateway { get; } = gateway;

    public ClientWebSocket Socket { get; } = socket;

    public Task<LineEnd> Reading { get; set; } = Task.FromResult(LineEnd.None);

    public bool WasReady { get; set; }

    /// <summary>An answer sounded when it was left.</summary>
    public bool WasHearing { get; set; }

    /// <summary>Whose sound follows, and how much of it has come.</summary>
    public int Turn { get; set; }

    public long TurnBytes { get; set; }

    /// <summary>Why the gateway ends it, in its words.</summary>
    public string? Error { get; set; }

    /// <summary>When anything came last.</summary>
    public TimeSpan HeardAt { get; set; } = now;

    /// <summary>Tells what was played of a turn.</summary>
    public Task ReportAsync(int turn, long bytes) =>
        SendAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"played\",\"turn\":{turn},\"bytes\":{bytes}}}")), WebSocketMessageType.Text);

    /// <summary>Sends one message; a line that takes nothing for as long as one is silent throws.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        using var patience = new CancellationTokenSource(SilentAfter);
        await Socket.SendAsync(message, type, endOfMessage: true, patience.Token);
    }

    /// <summary>Reads one message, whole.</summary>
    public async Task<(WebSocketMessageType Type, int Length)> ReceiveAsync(Memory<byte> message)
    {
        int length = 0;
        ValueWebSocketReceiveResult read;
        do
        {
            read = await Socket.ReceiveAsync(message[length..], CancellationToken.None);
            length += read.Count;
        }
        while (!read.EndOfMessage);
        return (read.MessageType, length);
    }
}

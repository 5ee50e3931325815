using System.Net.Sockets;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>How a connection ends without a goodbye: the two ways, each as exactly as the system allows, and what it looks like to whoever reads or writes.</summary>
internal static class SocketEnd
{
    // Linux, linux/tcp.h: the level and name of the option, and where in struct tcp_info the two counts are.
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int UnacknowledgedAt = 24;
    private const int UnsentAt = 144;
    private const int InfoBytes = 232;

    private const int QuietSamples = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(2);

    /// <summary>Nothing more is sent. What was written before arrives.</summary>
    public static void Fin(Socket? socket)
    {
        try
        {
            socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }

    /// <summary>The connection is reset at once. What the client's system has not taken yet is lost.</summary>
    public static void Reset(Socket? socket)
    {
        try
        {
            socket?.Close(timeout: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }

    /// <summary>True for what a stream throws when the other side, or its owner, has ended it.</summary>
    public static bool IsGone(Exception failure) => failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or SocketException;

    /// <summary>Waits until the client's system has everything that was written, for a second at most. Where the system does not tell, it waits for a moment.</summary>
    public static async Task QuietAsync(Socket? socket, CancellationToken cancellationToken)
    {
        byte[] info = new byte[InfoBytes];
        int quiet = 0;
        for (long start = Environment.TickCount64; quiet < QuietSamples && Environment.TickCount64 - start < Patience.TotalMilliseconds;)
        {
            if (socket is null || !OperatingSystem.IsLinux())
            {
                await Task.Delay(QuietSamples * 10, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            try
            {
                int length = socket.GetRawSocketOption(Tcp, TcpInfo, info);
                bool isQuiet = BitConverter.ToUInt32(info, UnacknowledgedAt) == 0 && (length < UnsentAt + sizeof(uint) || BitConverter.ToUInt32(info, UnsentAt) == 0);
                quiet = isQuiet ? quiet + 1 : 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return;
            }

            await Task.Delay(SampleEvery, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

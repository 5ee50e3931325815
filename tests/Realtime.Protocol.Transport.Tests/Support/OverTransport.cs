namespace Realtime.Protocol.Transport.Tests;

/// <summary>Options as an application has them, over a transport that a test has made already: for one connection.</summary>
internal static class OverTransport
{
    public static T Over<T>(this T options, IRealtimeTransport transport)
        where T : RealtimeConnectionOptions
    {
        var over = (T)options.Clone();
        over.Transport = (_, _) => new(transport);
        return over;
    }
}

namespace Realtime.Protocol.Gateway;

/// <summary>The words and numbers by which callers are told why a call ended.</summary>
internal static class CallWords
{
    /// <summary>As it stands on the wire.</summary>
    public static string Of(CallEndKind kind) => kind switch
    {
        CallEndKind.HungUp => "hung_up",
        CallEndKind.Lost => "lost",
        CallEndKind.Ended => "ended",
        CallEndKind.Transferred => "transferred",
        CallEndKind.Moved => "moved",
        CallEndKind.HandedOver => "handed_over",
        CallEndKind.ModelUnreachable => "model_unreachable",
        CallEndKind.ModelRefused => "model_refused",
        CallEndKind.ModelLost => "model_lost",
        CallEndKind.BadFrame => "bad_frame",
        CallEndKind.TooLarge => "too_large",
        CallEndKind.Flood => "flood",
        CallEndKind.SlowReader => "slow_reader",
        CallEndKind.TooLong => "too_long",
        _ => "failed",
    };

    /// <summary>In the standard's numbers (RFC 6455, section 7.4, and its registry), for a peer that knows no others.</summary>
    public static int StandardStatus(CallEndKind kind) => kind switch
    {
        CallEndKind.HungUp or CallEndKind.Ended or CallEndKind.Transferred => 1000,
        CallEndKind.TooLarge => 1009,
        CallEndKind.BadFrame or CallEndKind.Flood or CallEndKind.SlowReader or CallEndKind.TooLong or CallEndKind.HandedOver => 1008,
        CallEndKind.Moved => 1012,
        CallEndKind.ModelUnreachable => 1013,
        _ => 1011,
    };

    /// <summary>With numbers of our own where a client does something else for it.</summary>
    public static int OwnStatus(CallEndKind kind) => kind switch
    {
        CallEndKind.HandedOver => 4001,
        CallEndKind.SlowReader => 4002,
        CallEndKind.ModelRefused => 4003,
        CallEndKind.ModelLost => 4004,
        CallEndKind.TooLong => 4005,
        _ => StandardStatus(kind),
    };

    /// <summary>The longest name of a call, in characters.</summary>
    public const int MaxCallIdLength = 128;

    /// <summary>Whether it can be the name of a call: in a log, in a journal, in an address.</summary>
    public static bool IsCallId(string id) => id.Length is > 0 and <= MaxCallIdLength && !id.AsSpan().ContainsAny(Forbidden) && !id.Any(char.IsControl);

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create("\"\\<>\u2028\u2029\uFFFD");
}

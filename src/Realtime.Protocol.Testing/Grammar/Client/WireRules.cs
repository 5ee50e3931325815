namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>What is wrong below events, as a table from what was seen to its rule.</summary>
internal static class WireRules
{
    private static readonly (WireMisdeed Seen, string Rule, string Says)[] Table =
    [
        (WireMisdeed.Binary, "message-not-text", "A binary message; events are text."),
        (WireMisdeed.ReadsTooSlowly, "reads-too-slowly", "More was left unread than the server keeps."),
        (WireMisdeed.NoPong, "no-pong", "Pings were not answered."),
        (WireMisdeed.LeftWithoutGoodbye, "left-without-goodbye", "The connection ended without a close frame."),
        (WireMisdeed.KeyInBrowser, "key-in-browser", "An API key came as a browser's subprotocol: everyone who opens the page can read it."),
        (WireMisdeed.SecretExpired, "secret-expired", "The client secret has run out."),
    ];

    /// <param name="says">More than the table knows; null for its sentence.</param>
    public static void Tell(Verdicts verdicts, WireMisdeed seen, double? at, string? says = null)
    {
        (_, string rule, string usual) = Array.Find(Table, row => row.Seen == seen);
        verdicts.Broke(rule, null, says ?? usual, at: at);
    }
}

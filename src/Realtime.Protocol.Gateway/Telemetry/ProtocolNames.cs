namespace Realtime.Protocol.Gateway;

/// <summary>What the protocols of callers are called in metrics.</summary>
internal static class ProtocolNames
{
    public const string Twilio = "twilio";
    public const string Web = "web";
    public const string AudioSocket = "audiosocket";
}

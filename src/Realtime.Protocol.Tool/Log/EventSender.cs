namespace Realtime.Protocol.CommandLine.Log;

/// <summary>Who sent an event.</summary>
internal enum EventSender
{
    Client,
    Server,
}

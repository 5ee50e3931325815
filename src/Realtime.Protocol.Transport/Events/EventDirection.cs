namespace Realtime.Protocol.Events;

/// <summary>Who sent an event.</summary>
public enum EventDirection
{
    /// <summary>The server.</summary>
    Received,

    /// <summary>This side: the session, or the application by itself.</summary>
    Sent,
}

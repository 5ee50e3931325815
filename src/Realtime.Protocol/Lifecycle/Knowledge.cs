namespace Realtime.Protocol.Lifecycle;

/// <summary>What is known about a habit of a service.</summary>
public enum Knowledge
{
    /// <summary>Nobody said, and nothing the server did has shown it yet.</summary>
    Unknown = 0,

    /// <summary>It does.</summary>
    Yes = 1,

    /// <summary>It does not.</summary>
    No = 2,
}

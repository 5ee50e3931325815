namespace Realtime.Protocol.Events;

/// <summary>
/// Whether a member of a JSON object is there. The protocol gives the three answers different meanings: an absent
/// member keeps what the server has, <c>null</c> clears it, a value replaces it.
/// </summary>
public enum Presence : byte
{
    /// <summary>The member does not occur.</summary>
    Absent = 0,

    /// <summary>The member occurs with the value <c>null</c>.</summary>
    Null = 1,

    /// <summary>The member occurs with a value.</summary>
    Value = 2,
}

namespace Realtime.Protocol;

/// <summary>What a response consists of. The protocol has a list here, of which exactly one entry is legal; so this is not a list.</summary>
public enum OutputModality
{
    /// <summary>As the session says.</summary>
    SessionDefault = 0,

    /// <summary>Speech and its transcript.</summary>
    Audio = 1,

    /// <summary>Text.</summary>
    Text = 2,
}

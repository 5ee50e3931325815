namespace Realtime.Protocol;

/// <summary>What a response consists of. The protocol has a list here, of which exactly one entry is legal; so this is not a list.</summary>
public enum OutputModality
{
    /// <summary>Speech and its transcript.</summary>
    Audio = 0,

    /// <summary>Text.</summary>
    Text = 1,
}

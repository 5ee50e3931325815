namespace Realtime.Protocol.Lifecycle;

/// <summary>One item of a checkpoint, and what its value does not tell.</summary>
/// <param name="Item">Its words are those that were heard.</param>
/// <param name="Hearing">How far it was heard.</param>
/// <param name="Call">How far it has come, of a call.</param>
internal sealed record CheckpointEntry(ConversationItem Item, ItemHearing Hearing = ItemHearing.Whole, CallProgress Call = CallProgress.None);

/// <summary>How much of what the model said was heard. Everything that is not spoken by the model is whole.</summary>
internal enum ItemHearing
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Its beginning; the words are cut there.</summary>
    InPart,

    /// <summary>Nothing of it, as far as anybody said.</summary>
    Nothing,
}

/// <summary>How far a call of a function has come.</summary>
internal enum CallProgress
{
    /// <summary>It is no call.</summary>
    None,

    /// <summary>Not complete, or never handed to the application.</summary>
    Open,

    /// <summary>The application was told to run it, and has given no output.</summary>
    Begun,

    /// <summary>Its output was sent, or the words that it failed.</summary>
    Answered,
}

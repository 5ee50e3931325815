namespace Realtime.Protocol;

/// <summary>What a call gave. The model reads it as text; JSON is text as well. A text converts.</summary>
/// <param name="Text">What the model is told; null counts as nothing to say.</param>
public readonly record struct ToolCallOutput(string Text)
{
    /// <summary>True when the model is told and is not asked to speak about it.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>The model is told and not asked to speak: for what is done in the background. If other calls of the round want an answer, there is one.</summary>
    /// <param name="text">What the model is told.</param>
    public static ToolCallOutput WithoutResponse(string text) => new(text) { IsSilent = true };

    /// <summary>The model is told, and answers when every call of the round has its output.</summary>
    public static implicit operator ToolCallOutput(string text) => new(text);

    /// <summary>Its length: what a tool gives stays out of logs.</summary>
    public override string ToString() => $"{Text?.Length ?? 0} characters{(IsSilent ? ", silent" : "")}";
}

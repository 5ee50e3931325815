namespace Realtime.Protocol;

/// <summary>Who speaks in a written message.</summary>
public enum ItemRole
{
    /// <summary>The user; content type <c>input_text</c>.</summary>
    User = 0,

    /// <summary>The system; content type <c>input_text</c>.</summary>
    System = 1,

    /// <summary>The assistant, when history is restored; content type <c>output_text</c> (IT-11).</summary>
    Assistant = 2,
}

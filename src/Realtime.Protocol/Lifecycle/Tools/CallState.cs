namespace Realtime.Protocol.Lifecycle;

/// <summary>Where a call is between the model and the application.</summary>
internal enum CallState
{
    /// <summary>Not complete, or not to be run: the application has not heard of it.</summary>
    Open,

    /// <summary>The application was told to run it, and its output is waited for.</summary>
    Ready,

    /// <summary>Its output was sent.</summary>
    Answered,

    /// <summary>The server refused its output.</summary>
    Unanswerable,

    /// <summary>Nobody waits for it; its output still completes the conversation (FC-06).</summary>
    Withdrawn,

    /// <summary>Its output did not come in time: the model was told so, and an output that comes now is dropped (FC-08).</summary>
    Overdue,
}

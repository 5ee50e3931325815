using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol;

/// <summary>Something that went wrong and that the session survived. Its text names kinds, codes and places, never content.</summary>
public abstract record SessionProblem
{
    private SessionProblem()
    {
    }

    /// <summary>The server sent what could not be read; it was counted and passed over.</summary>
    /// <param name="Error">What is wrong, and at which byte.</param>
    /// <param name="MessageBytes">How long the message was.</param>
    public sealed record MalformedEvent(ReadError Error, int MessageBytes) : SessionProblem
    {
        /// <summary>What is wrong, and where.</summary>
        public override string ToString() => $"The server sent a malformed event of {MessageBytes} bytes: {Error}.";
    }

    /// <summary>The server reported an error that answers nothing this session waits for.</summary>
    /// <param name="Error">As the server stated it; its message may quote what was sent.</param>
    /// <param name="Severity">How far it reaches.</param>
    public sealed record Reported(ServerError Error, ErrorSeverity Severity) : SessionProblem
    {
        /// <summary>The error's code.</summary>
        public override string ToString() => $"The server reported an error: {Error} ({Severity}).";
    }

    /// <summary>The server did what its protocol does not allow.</summary>
    /// <param name="Rule">The rule that says how the session went on.</param>
    /// <param name="Description">What the server did.</param>
    public sealed record Violation(string Rule, string Description) : SessionProblem
    {
        /// <summary>What the server did.</summary>
        public override string ToString() => $"The server broke {Rule}: {Description}";
    }
}

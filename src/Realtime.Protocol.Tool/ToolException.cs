namespace Realtime.Protocol.CommandLine;

/// <summary>Ends the program with an exit code and one line for the user, which says what was wrong and what to do. It holds no secret.</summary>
internal sealed class ToolException(ExitCode exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ExitCode ExitCode { get; } = exitCode;
}

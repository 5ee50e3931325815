namespace Realtime.Protocol.Transport.Tests;

/// <summary>One tool more, for tests that need one and say nothing else of the configuration.</summary>
internal static class ToolOptions
{
    public static void AddTool(
        this VoiceSessionOptions options,
        string name,
        string description,
        string parameters,
        Func<ToolCall, CancellationToken, ValueTask<ToolCallOutput>> run,
        TimeSpan? timeout = null,
        bool tellsMessages = false) => options.Session = options.Session with
        {
            Tools =
            [
                .. options.Session.Tools ?? [],
                VoiceTool.Create(name, description, parameters, run) with { Timeout = timeout ?? VoiceTool.Function.DefaultTimeout, TellsExceptionMessages = tellsMessages },
            ],
        };
}

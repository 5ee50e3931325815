using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Timeline;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;

namespace Realtime.Protocol.CommandLine;

/// <summary>What each exception that can be expected means to the user. Whatever is not in this table is a defect.</summary>
internal static class Failures
{
    // What the library advises to those who write programs with it; nobody can set it on a command line.
    private const string AdviceForPrograms = ", or allow more with ConnectTimeout";

    /// <summary>The exit code and line of an exception; null for one that nobody expected.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="keyVariable">The environment variable that the key came from.</param>
    public static ToolException? Explain(Exception failure, string keyVariable = Talking.TalkEndpoint.KeyVariable) => failure switch
    {
        ToolException explained => explained,
        WavException wav => new(ExitCode.UnusableInput, wav.Message, wav),
        ScenarioException scenario => new(ExitCode.UnusableInput, scenario.Message, scenario),
        PortInUseException port => new(ExitCode.NotConnected, port.Message, port),
        RealtimeConnectException { Failure: RealtimeConnectFailure.CredentialFailed } refused => new(ExitCode.NotConnected, refused.Message, refused),
        RealtimeConnectException { Failure: RealtimeConnectFailure.Timeout } silent => new(ExitCode.NotConnected, silent.Message.Replace(AdviceForPrograms, ", or try again later", StringComparison.Ordinal), silent),
        RealtimeConnectException { Failure: RealtimeConnectFailure.JournalFailed, InnerException: { } inner } journal => new(ExitCode.UnusableInput, $"The journal cannot be used: {inner.Message}", journal),
        SessionCheckpointException stored => new(ExitCode.UnusableInput, $"What the journal holds of this call cannot be used: {stored.Message}", stored),
        RealtimeConnectException refused => new(ExitCode.NotConnected, refused.Message + Advice(refused, keyVariable), refused),
        RealtimeRefusedException { Rule: "TD-03" } short_ => new(ExitCode.UnusableInput, $"There is too little to say. {short_.Message}", short_),
        RealtimeRefusedException refused => new(ExitCode.UnusableInput, refused.Message, refused),
        RealtimeClosedException closed => new(ExitCode.Disconnected, $"The connection ended before the turn began: {Printable.Line(closed.Reason.ToString()).TrimEnd('.')}. Try again.", closed),
        _ => null,
    };

    private static string Advice(RealtimeConnectException refused, string keyVariable)
    {
        string key = refused.Failure is RealtimeConnectFailure.Unauthorized or RealtimeConnectFailure.Forbidden ? $" The key is read from {keyVariable}." : "";
        string words = string.IsNullOrEmpty(refused.Error?.Message) ? "" : $" The server said: {Printable.Line(refused.Error.Message)}";
        return key + words;
    }
}

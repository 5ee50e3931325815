namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A connection that takes nothing must not fill the memory, so what is asked of the session is refused while more than 8 MiB of it wait to be sent. What silences is taken at any time, and
/// there is at most one of it for each response; audio waits in a pipe of its own, whose writer waits. A call of the model needs an end, so a short output of a tool is taken as well.
/// </summary>
internal static class BoundWhatWaits
{
    public const long MaxWaitingBytes = 8 * 1024 * 1024;

    /// <summary>Enough for saying that the real output could not be sent.</summary>
    public const int ShortOutput = 256;

    /// <summary>Null when it may be asked for; otherwise why not.</summary>
    [LifecycleRule("BP-04")]
    public static string? Refusal(in SessionIntent intent, long waitingBytes) => intent.Kind switch
    {
        SessionIntentKind.Interrupt or SessionIntentKind.CancelTurn or SessionIntentKind.AudioAppended => null,
        SessionIntentKind.TurnPlayed or SessionIntentKind.TurnTaken or SessionIntentKind.ItemPlayed => null,
        SessionIntentKind.ToolOutput when intent.Content!.Length <= ShortOutput => null,
        SessionIntentKind.AnswerApproval when intent.Content is null or { Length: <= ShortOutput } => null,
        _ => Refusal(waitingBytes),
    };

    /// <summary>The same for what is never short, and silences nothing.</summary>
    public static string? Refusal(long waitingBytes) => waitingBytes > MaxWaitingBytes
        ? $"You asked for more than the connection takes: {waitingBytes} bytes wait to be sent already, and {MaxWaitingBytes} may."
        : null;
}

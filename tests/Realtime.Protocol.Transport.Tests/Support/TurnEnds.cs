namespace Realtime.Protocol.Transport.Tests;

/// <summary>The end of a turn, waited for with a limit, so that a turn that never ends is a failure with a name.</summary>
internal static class TurnEnds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Task<TurnResult> EndAsync(this Turn turn) => turn.Completion.WaitAsync(Patience);
}

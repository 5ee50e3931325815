namespace Realtime.Protocol.Transport.Tests;

/// <summary>What a session that has ended, or will, survived.</summary>
internal static class SessionProblems
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the session's updates to their end; for the first reader that is everything since connecting.</summary>
    public static async Task<List<SessionProblem>> ProblemsAsync(this VoiceSession session) =>
        await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().Select(problem => problem.Details).ToListAsync().AsTask().WaitAsync(Patience);
}

using System.Collections.Concurrent;
using static Realtime.Protocol.Testing.Tests.Journals.Database;

namespace Realtime.Protocol.Testing.Tests.Journals;

#pragma warning disable xUnit1051 // it stands in the README as it stands here

#region README
public class MyJournalTests
{
    public static TheoryData<string> Checks => [.. JournalConformance.Checks];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task KeepsIt(string check) => JournalConformance.RunAsync(
        check,
        new JournalUnderTest(() => new MyJournal(connectionString)) { Break = StopTheDatabaseAsync, Mend = StartTheDatabaseAsync });
}
#endregion

/// <summary>What the README leaves to its reader: a store of one's own over a database that can be stopped.</summary>
internal sealed class MyJournal(string connectionString) : ISessionJournal
{
    public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => Connect(connectionString).ClaimAsync(callId, owner, cancellationToken);

    public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => Connect(connectionString).SaveAsync(callId, fence, checkpoint, cancellationToken);

    public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => Connect(connectionString).EndAsync(callId, fence, cancellationToken);
}

/// <summary>Databases by what one connects with, all of which stop at once.</summary>
internal static class Database
{
#pragma warning disable IDE1006 // a local or a field of the reader's
    public const string connectionString = "server=here";
#pragma warning restore IDE1006

    private static readonly ConcurrentDictionary<string, MemoryJournal> Tables = new(StringComparer.Ordinal);
    private static volatile bool _isStopped;

    public static MemoryJournal Connect(string to) => _isStopped ? throw new IOException("The database has stopped.") : Tables.GetOrAdd(to, static _ => new());

    public static Task StopTheDatabaseAsync()
    {
        _isStopped = true;
        return Task.CompletedTask;
    }

    public static Task StartTheDatabaseAsync()
    {
        _isStopped = false;
        return Task.CompletedTask;
    }
}

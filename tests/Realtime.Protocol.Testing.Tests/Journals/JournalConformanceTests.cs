using System.Collections.Concurrent;

namespace Realtime.Protocol.Testing.Tests.Journals;

/// <summary>The stores in the box keep every promise of a journal, and the suite finds the ones that do not, by the check that is about it.</summary>
public sealed class JournalConformanceTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"realtime-journal-{Guid.NewGuid():N}");

    public static TheoryData<string> Checks => [.. JournalConformance.Checks];

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task TheMemoryJournal_KeepsIt(string check)
    {
        var journal = new MemoryJournal();
        await JournalConformance.RunAsync(check, new JournalUnderTest(() => journal), TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task TheFileJournal_KeepsIt(string check)
    {
        var before = new FileJournal(_folder);
        var store = new JournalUnderTest(() => Directory.Exists(_folder) ? new FileJournal(_folder) : before)
        {
            Break = () =>
            {
                Directory.Move(_folder, _folder + ".gone");
                return Task.CompletedTask;
            },
            Mend = () =>
            {
                Directory.Move(_folder + ".gone", _folder);
                return Task.CompletedTask;
            },
        };
        await JournalConformance.RunAsync(check, store, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void TheTestOfTheReadme_IsTheOneThatRunsHere()
    {
        string source = File.ReadAllText(RepositoryFolder.PathOf("tests/Realtime.Protocol.Testing.Tests/Journals/MyJournalTests.cs"));
        const string Begin = "#region README\n";
        int start = source.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string compiled = source[start..source.IndexOf("#endregion", StringComparison.Ordinal)];
        Assert.Contains($"```csharp\n{compiled}```", File.ReadAllText(RepositoryFolder.PathOf("src/Realtime.Protocol.Testing/README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(WithoutFence), JournalConformance.StaleSaveIsRefused)]
    [InlineData(typeof(InTwoSteps), JournalConformance.ClaimsAtOnceHaveFencesOfTheirOwn)]
    [InlineData(typeof(SharesMemory), JournalConformance.MemoryIsNotShared)]
    [InlineData(typeof(ForgetsFences), JournalConformance.EndedCallIsEmpty)]
    [InlineData(typeof(FoldsCase), JournalConformance.CallsAreApart)]
    public async Task ABrokenStore_IsFound_ByTheCheckThatIsAboutIt(Type type, string check)
    {
        var journal = (ISessionJournal)Activator.CreateInstance(type)!;
        JournalConformanceException found = await Assert.ThrowsAsync<JournalConformanceException>(
            () => JournalConformance.RunAsync(check, new JournalUnderTest(() => journal), TestContext.Current.CancellationToken));
        Assert.Equal(check, found.Check);
        await JournalConformance.RunAsync(JournalConformance.NewCallIsEmpty, new JournalUnderTest(() => journal), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AStoreThatIsGone_AndSaysThatItSaved_IsFound()
    {
        var journal = new MemoryJournal();
        var store = new JournalUnderTest(() => journal) { Break = () => Task.CompletedTask, Mend = () => Task.CompletedTask };
        await Assert.ThrowsAsync<JournalConformanceException>(() => JournalConformance.RunAsync(JournalConformance.StoreGoneAndBack, store, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACheckThatThereIsNot_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => JournalConformance.RunAsync("Everything", new JournalUnderTest(() => new MemoryJournal()), TestContext.Current.CancellationToken));
        await JournalConformance.RunAllAsync(new JournalUnderTest(new Func<ISessionJournal>(Same(new MemoryJournal()))), TestContext.Current.CancellationToken);
    }

    private static Func<ISessionJournal> Same(MemoryJournal journal) => () => journal;

    /// <summary>A journal that keeps its promises but for one.</summary>
    private abstract class Broken : ISessionJournal
    {
        protected ConcurrentDictionary<string, (long Fence, byte[]? Checkpoint)> Calls { get; } = new(StringComparer.Ordinal);

        public virtual ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
        {
            (long fence, byte[]? stored) = Calls.AddOrUpdate(callId, static _ => (1, null), static (_, call) => (call.Fence + 1, call.Checkpoint));
            return ValueTask.FromResult(new JournalClaim(fence, stored));
        }

        public virtual ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Calls.TryGetValue(callId, out (long Fence, byte[]? Checkpoint) call) && call.Fence == fence && Calls.TryUpdate(callId, (fence, checkpoint.ToArray()), call));

        public virtual ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
        {
            if (Calls.TryGetValue(callId, out (long Fence, byte[]? Checkpoint) call) && call.Fence == fence)
            {
                Calls.TryUpdate(callId, (fence + 1, null), call);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class WithoutFence : Broken
    {
        public override ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            Calls[callId] = (Calls.GetValueOrDefault(callId).Fence, checkpoint.ToArray());
            return ValueTask.FromResult(true);
        }
    }

    private sealed class InTwoSteps : Broken
    {
        public override async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
        {
            (long fence, byte[]? stored) = Calls.GetValueOrDefault(callId);
            await Task.Yield();
            Calls[callId] = (fence + 1, stored);
            return new JournalClaim(fence + 1, stored);
        }
    }

    private sealed class SharesMemory : Broken
    {
        [Borrowed]
        private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _shared = new();

        public override async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
        {
            JournalClaim claim = await base.ClaimAsync(callId, owner, cancellationToken);
            return claim with { Checkpoint = _shared.TryGetValue(callId, out ReadOnlyMemory<byte> shared) ? shared : null };
        }

        public override ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            _shared[callId] = checkpoint;
            return base.SaveAsync(callId, fence, checkpoint, cancellationToken);
        }
    }

    private sealed class ForgetsFences : Broken
    {
        public override ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
        {
            Calls.TryRemove(callId, out _);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class FoldsCase : Broken
    {
        public override ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => base.ClaimAsync(callId.ToUpperInvariant(), owner, cancellationToken);

        public override ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) =>
            base.SaveAsync(callId.ToUpperInvariant(), fence, checkpoint, cancellationToken);
    }
}

using System.Diagnostics;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>Many callers in this process, whose frames one thread sends when they are due.</summary>
internal sealed class Phones : IAsyncDisposable
{
    // A caller whose answer does not come is given up, and its question is one that was not answered.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Behind the last answer one listens for a moment, whether another comes.
    private const int SilenceMs = 700;

    private readonly List<Phone> _phones = [];
    private readonly HttpClient _http = new();

    /// <summary>Dials so many calls, a few at a time.</summary>
    /// <param name="gateways">Where each of them dials, one after the other.</param>
    /// <returns>From the dial to <c>ready</c>, each in ms.</returns>
    public async Task<double[]> OpenAsync(int count, IReadOnlyList<Uri> gateways)
    {
        string run = Guid.NewGuid().ToString("N");
        Phone[] added = [.. Enumerable.Range(0, count).Select(i => new Phone($"{run}-{i}", gateways, _http))];
        foreach (Phone[] some in added.Chunk(4))
        {
            await Task.WhenAll(some.Select(static phone => phone.OpenAsync()));
        }

        _phones.AddRange(added);
        return [.. added.Select(static phone => phone.ReadyMs)];
    }

    /// <summary>All talk, so many cycles each, until everything was heard.</summary>
    /// <param name="areStaggered">Whether they begin one after the other within a cycle, so that all of it goes on at any moment; else all at once.</param>
    /// <param name="playedMs">When every one of them has heard so much of an answer,</param>
    /// <param name="allListen">it is told once, at that moment.</param>
    /// <returns>What came of it, and how late the latest frame was, in ms.</returns>
    public async Task<(PhoneReport Report, double LatestMs)> TalkAsync(int cycles, bool areStaggered, int playedMs = 0, Action? allListen = null)
    {
        Phone[] phones = [.. _phones];
        foreach (Phone phone in phones)
        {
            phone.Begin(new Speaker(cycles, TalkCycle.Pieces, (int)Patience.TotalMilliseconds / TalkCycle.PieceMs));
        }

        double latest = await Task.Factory.StartNew(() => Tick(phones, cycles, areStaggered, playedMs, allListen), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (PhoneReport.Of([.. phones.Select(static phone => phone.Report())]), latest);
    }

    /// <summary>All break their lines and go on at their next gateways.</summary>
    /// <returns>From the break to <c>ready</c>, each in ms.</returns>
    public async Task<double[]> HopAsync() => await Task.WhenAll(_phones.Select(static phone => phone.HopAsync()));

    /// <summary>All hang up.</summary>
    public async Task HangUpAsync()
    {
        foreach (Phone[] some in _phones.Chunk(16))
        {
            await Task.WhenAll(some.Select(static phone => phone.DisposeAsync().AsTask()));
        }

        _phones.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        _http.Dispose();
    }

    private static double Tick(Phone[] phones, int cycles, bool areStaggered, int playedMs, Action? allListen)
    {
        int[] phases = [.. phones.Select((_, index) => areStaggered ? (int)((long)index * TalkCycle.CycleMs / phones.Length) : index % TalkCycle.PieceMs)];
        ILookup<int, int> ticks = Enumerable.Range(0, phones.Length).ToLookup(index => phases[index] % TalkCycle.PieceMs);
        long most = (cycles * TalkCycle.CycleMs) + TalkCycle.CycleMs + (long)Patience.TotalMilliseconds;
        double latest = 0;
        long? done = null;
        long start = Stopwatch.GetTimestamp();
        for (int now = 0; now < most && !(now - done > SilenceMs); now++)
        {
            double ahead = now - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (ahead > 0)
            {
                Thread.Sleep((int)Math.Ceiling(ahead));
            }

            latest = Math.Max(latest, -ahead);
            long due = start + (long)(now * (Stopwatch.Frequency / 1_000.0));
            foreach (int index in ticks[now % TalkCycle.PieceMs])
            {
                if (now >= phases[index])
                {
                    phones[index].Tick(due);
                }
            }

            if (now % TalkCycle.PieceMs == 0)
            {
                done ??= phones.All(static phone => phone.IsDone) ? now : null;
                if (allListen is not null && phones.All(phone => phone.PlayedMs >= playedMs))
                {
                    allListen();
                    allListen = null;
                }
            }
        }

        return latest;
    }
}

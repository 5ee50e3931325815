using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Realtime.Protocol.Benchmarks.Children;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>The processes of one run with one store: the simulator, three gateways that take each other's calls, and the callers. All end with it.</summary>
internal sealed class GatewayRun : IAsyncDisposable
{
    private readonly CallStore _store;
    private readonly ChildProcess _simulator;
    private readonly ChildProcess[] _gateways;
    private readonly ChildProcess _phones;

    private GatewayRun(CallStore store, ChildProcess simulator, ChildProcess[] gateways, ChildProcess phones) =>
        (_store, _simulator, _gateways, _phones) = (store, simulator, gateways, phones);

    /// <summary>What it keeps its calls in.</summary>
    public CallStore Store => _store;

    /// <summary>Starts everything; the gateways are warm when it returns.</summary>
    /// <param name="store">One of <see cref="CallStore.Names"/> that is not missing.</param>
    public static async Task<GatewayRun> StartAsync(string store)
    {
        CallStore calls = await CallStore.StartAsync(store);
        List<ChildProcess> started = [];
        try
        {
            KeyValuePair<string, string>[] environment = [.. calls.Environment, GatewayServer.TicketKey(RandomNumberGenerator.GetBytes(32))];
            ChildProcess simulator = Started(ChildProcess.Start(ChildVerbs.ServeSimulator));
            string model = simulator.Hear();
            ChildProcess[] gateways = [.. Enumerable.Range(0, 3).Select(_ => Started(ChildProcess.Start(environment, ChildVerbs.ServeGateway, model)))];
            string[] addresses = [.. gateways.Select(static gateway => gateway.Hear())];
            return new(calls, simulator, gateways, Started(ChildProcess.Start([ChildVerbs.Phone, .. addresses])));
        }
        catch (InvalidOperationException)
        {
            started.ForEach(static child => child.Dispose());
            await calls.DisposeAsync();
            throw;
        }

        ChildProcess Started(ChildProcess child)
        {
            started.Add(child);
            return child;
        }
    }

    /// <summary>Dials so many calls.</summary>
    /// <param name="gateways">The numbers of the gateways that each of them dials, one after the other.</param>
    /// <returns>From the dial to <c>ready</c>, each in ms.</returns>
    public double[] Open(int calls, params int[] gateways) => JsonSerializer.Deserialize<double[]>(Ask(_phones, $"open {calls} {string.Join(' ', gateways)}"))!;

    /// <summary>All talk, one behind the other.</summary>
    public (PhoneReport Report, double LatestMs) Talk(int cycles)
    {
        _phones.Say($"talk {cycles}");
        return HearTalk();
    }

    /// <summary>All ask at once, and when every one of them has heard a part of the answer, it happens.</summary>
    /// <param name="then">What happens to their gateways.</param>
    public (PhoneReport Report, double LatestMs) Break(int cycles, int playedMs, Action then)
    {
        _phones.Say($"break {cycles} {playedMs}");
        string said = _phones.Hear();
        if (said == "now")
        {
            then();
            return HearTalk();
        }

        // They never listened all at once: nothing was broken, and the report says whose answer did not come.
        return (PhoneReport.FromLine(said), Number(_phones.Hear()));
    }

    /// <summary>All break their lines, and go on at their next gateways.</summary>
    /// <returns>How soon, each in ms.</returns>
    public double[] Hop() => JsonSerializer.Deserialize<double[]>(Ask(_phones, "hop 0"))!;

    public void HangUp() => Ask(_phones, "hang-up 0");

    /// <summary>As kill -9.</summary>
    public void Kill(int gateway) => _gateways[gateway].Kill();

    /// <summary>As SIGTERM: its calls move, each in its quiet moment. Returns at once.</summary>
    public void Stop(int gateway) => _gateways[gateway].Say("stop");

    /// <summary>What a gateway holds after a collection, in bytes of heap.</summary>
    public double HeapOf(int gateway) => Number(Ask(_gateways[gateway], "held").Split(' ')[0]);

    /// <summary>The processor time of a gateway, and of the simulator, until now, in ms.</summary>
    public (double Gateway, double Simulator) Processor(int gateway) => (Number(Ask(_gateways[gateway], "processor")), Number(Ask(_simulator, "processor")));

    public async ValueTask DisposeAsync()
    {
        _phones.Dispose();
        Array.ForEach(_gateways, static gateway => gateway.Dispose());
        _simulator.Dispose();
        await _store.DisposeAsync();
    }

    private (PhoneReport Report, double LatestMs) HearTalk() => (PhoneReport.FromLine(_phones.Hear()), Number(_phones.Hear()));

    private static string Ask(ChildProcess child, string line)
    {
        child.Say(line);
        return child.Hear();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

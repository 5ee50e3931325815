using System.Text;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Hosting;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>What a session costs that has talked for long, as a host runs it: what it keeps of the sound, and not a byte a turn more than its items.</summary>
[Collection(nameof(HostIdleHeapTests))]
public class TalkingHeapTests(ITestOutputHelper output)
{
    private const int Sessions = 20;
    private const int KeptBytes = 256 * 1024;

    // The padding and some quiet of the input, and settings.
    private const int MostBesides = 64 * 1024;

    // Two items and their ids.
    private const int MostOfATurn = 1_536;

    private RealtimeServerSimulator[] _sessions = [];

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(90)]
    public void ATalkingSession_TakesWhatItKeepsOfTheSound_AndLittleMore(int turns)
    {
        byte[] speech = Encoding.UTF8.GetBytes(SimulatedServer.Append([.. Sound.Speech(2_000), .. Sound.Silence(500)]));
        byte[] quiet = Encoding.UTF8.GetBytes(SimulatedServer.Append(Sound.Silence(1_000)));
        long most = KeptBytes + MostBesides + (turns * MostOfATurn);

        // What they give back, and not what they take: while they talk, what earlier tests left dies. Where some of it dies only with them, they are measured again.
        long each = 0;
        for (int attempt = 0; attempt < 3 && (each < KeptBytes || each > most); attempt++)
        {
            _sessions = [.. Enumerable.Range(0, Sessions).Select(_ => Talk(speech, quiet, turns))];
            long with = GC.GetTotalMemory(forceFullCollection: true);
            _sessions = [];
            each = (with - GC.GetTotalMemory(forceFullCollection: true)) / Sessions;
            output.WriteLine($"{each} bytes");
        }

        Assert.InRange(each, KeptBytes, most);
    }

    private static RealtimeServerSimulator Talk(byte[] speech, byte[] quiet, int turns)
    {
        var simulator = new RealtimeServerSimulator(new SimulatorOptions { KeptAudioBytes = KeptBytes });
        long now = 0;
        long? timer = null;
        simulator.Connect(now);
        for (int turn = 0; turn < turns; turn++)
        {
            simulator.Receive(speech, now += 2_500);
            for (int i = 0; i < 5; i++)
            {
                simulator.Receive(quiet, now += 1_000);
                Drain();
                for (; timer is { } at && at < now + 1_000; Drain())
                {
                    timer = null;
                    simulator.Elapse(now = at);
                }
            }
        }

        void Drain()
        {
            while (simulator.TryTakeEffect(out SimulatorEffect effect))
            {
                timer = effect.Kind == SimulatorEffectKind.SetTimer ? effect.At : timer;
            }
        }

        return simulator;
    }
}

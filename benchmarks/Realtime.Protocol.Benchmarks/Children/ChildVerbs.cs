using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;
using Realtime.Protocol.Benchmarks.Gateway;
using Realtime.Protocol.Benchmarks.Hearing;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Benchmarks.Children;

/// <summary>What this program does when it starts itself. Nobody else calls these, so they stand in no help text.</summary>
public static class ChildVerbs
{
    public const string Prefix = "child";
    public const string Serve = "serve";
    public const string Receive = "receive";
    public const string FirstEvent = "first-event";
    public const string ServeTalk = "serve-talk";
    public const string Talk = "talk";
    public const string ServeSimulator = "serve-simulator";
    public const string AtOnce = "at-once";
    public const string TalkRaw = "talk-raw";
    public const string TalkLong = "talk-long";
    public const string ServeGateway = "serve-gateway";
    public const string Phone = "phone";
    public const string ServeSpeech = "serve-speech";
    public const string Listen = "listen";

    public static async Task<int> RunAsync(ReadOnlyMemory<string> arguments)
    {
        switch (arguments.ToArray())
        {
            case [Serve]:
                await AudioServer.ServeAsync(Console.In, Console.Out);
                return 0;
            case [Receive, var way, var port]:
                await ReceivingChild.RunAsync(way, int.Parse(port), Console.In, Console.Out);
                return 0;
            case [FirstEvent, var way]:
                FirstEventChild.Run(way, Console.Out);
                return 0;
            case [ServeTalk]:
                await TalkServer.ServeAsync(Console.In, Console.Out);
                return 0;
            case [Talk, var way, var address]:
                await TalkingChild.RunAsync(way, address, Console.In, Console.Out);
                return 0;
            case [ServeSimulator]:
                await SimulatorServer.ServeAsync(TalkCycle.Server, Console.In, Console.Out);
                return 0;
            case [ServeSimulator, AtOnce]:
                await SimulatorServer.ServeAsync(new SimulatorOptions { Pace = ResponsePace.Immediate }, Console.In, Console.Out);
                return 0;
            case [TalkRaw, var server]:
                await RawClients.RunAsync(new Uri(server), Console.In, Console.Out);
                return 0;
            case [TalkLong, var simulator]:
                await LongTalkChild.RunAsync(new Uri(simulator), Console.In, Console.Out);
                return 0;
            case [ServeGateway, var model]:
                await GatewayServer.ServeAsync(new Uri(model), Console.In, Console.Out);
                return 0;
            case [Phone, .. var gateways]:
                await PhonesChild.RunAsync([.. gateways.Select(static address => new Uri(address))], Console.In, Console.Out);
                return 0;
            case [ServeSpeech, var size]:
                await SpeakingServer.ServeAsync(int.Parse(size), Console.In, Console.Out);
                return 0;
            case [Listen, var way, var port, var size, var sessions]:
                await ListeningChild.RunAsync(way, int.Parse(port), int.Parse(size), int.Parse(sessions), Console.In, Console.Out);
                return 0;
            default:
                return 2;
        }
    }
}

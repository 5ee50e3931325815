using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;

namespace Realtime.Protocol.Benchmarks.Children;

/// <summary>What this program does when it starts itself. Nobody else calls these, so they stand in no help text.</summary>
public static class ChildVerbs
{
    public const string Prefix = "child";
    public const string Serve = "serve";
    public const string Receive = "receive";
    public const string FirstEvent = "first-event";

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
            default:
                return 2;
        }
    }
}

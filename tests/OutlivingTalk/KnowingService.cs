using Realtime.Protocol.Events;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.OutlivingTalk;

/// <summary>A service whose model, asked what it knows, says all that its conversation holds; behind the output of a tool it speaks for longer than anybody waits, so that it can be killed in the middle.</summary>
internal sealed class KnowingService : ISimulatedModel
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("Let me tell you about each of them. ", 2_000));

    public static async Task RunAsync(int port)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Port = port, Simulator = new() { Speaker = new KnowingService(), Pace = ResponsePace.Immediate with { TextDelta = 20 } } });
        Console.WriteLine($"listening on {host.Endpoint}");
        await Task.Delay(Timeout.Infinite);
    }

    public ModelAnswer Answer(ModelRequest request)
    {
        SimulatedItem last = request.Conversation[^1];
        string asked = Text(last);
        return last.Kind == ItemKind.FunctionCallOutput ? new(new ModelOutput.Text(Long))
            : asked.StartsWith("tool:", StringComparison.Ordinal) ? new(new ModelOutput.Call(request.Tools[0].Name, "{}"))
            : asked == "What do you know?" ? new(new ModelOutput.Text(string.Join(" / ", request.Conversation.SkipLast(1).Select(Words))) { Pace = new() { Every = 0 } })
            : new(new ModelOutput.Text("Noted."));
    }

    private static string Words(SimulatedItem item) => item.Kind switch
    {
        ItemKind.FunctionCall => $"call {item.Name}",
        ItemKind.FunctionCallOutput => $"output {item.Output}",
        _ => $"{(item.Role == MessageItemRole.User ? "user" : "model")} {Text(item)}",
    };

    private static string Text(SimulatedItem item) => item.Parts is [{ Text: var text }, ..] ? text : "";
}

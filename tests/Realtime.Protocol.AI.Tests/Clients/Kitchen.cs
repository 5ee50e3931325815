using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>Two functions that a model calls in one response, and a server that takes its time between the end of the first call and the end of the response: long enough for a middleware to answer and to ask.</summary>
internal static class Kitchen
{
    public const string Order = "What about the soup?";
    public const string Answer = "Soup is hot and costs four.";

    public static SimulatorOptions Options => Scenario.When(Cue.UserSays("soup")).Call("heat", """{"dish":"soup"}""").Call("price", """{"dish":"soup"}""")
        .When(Cue.ToolReturned("heat").And(Cue.ToolReturned("price"))).Say(Answer)
        .ToOptions(ResponsePace.Immediate with { TextDelta = 20, Closers = 60 });

    public static AITool[] Tools =>
    [
        AIFunctionFactory.Create(static (string dish) => $"{dish} is hot", "heat", "How hot it is."),
        AIFunctionFactory.Create(static (string dish) => 4, "price", "What it costs."),
    ];

    public static RealtimeSessionOptions Asked => new() { OutputModalities = ["text"], Tools = Tools, VoiceActivityDetection = new() { Enabled = false } };
}

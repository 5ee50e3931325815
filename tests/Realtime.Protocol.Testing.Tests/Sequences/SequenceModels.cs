using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Sequences;

/// <summary>The models that a sequence can name.</summary>
internal static class SequenceModels
{
    public static ISimulatedModel Named(string name) => new FixedModel(name switch
    {
        "hello" => new ModelAnswer(new ModelOutput.Text("Hello there.")),
        "hello-spoken" => new ModelAnswer(new ModelOutput.Speech(Sound.Speech(600), "Hello there, how can I help you?")),
        "says-and-calls" => new ModelAnswer([new ModelOutput.Text("One moment."), new ModelOutput.Call("clock", "{}")]),
        "two-at-once" => new ModelAnswer([new ModelOutput.Text("One two."), new ModelOutput.Text("Three four.") { Overlap = true }]),
        "fails" => new ModelAnswer([new ModelOutput.Text("As I was")], new ModelFailure("server_error", "inference_rate_limit_exceeded")),
        _ => throw new ArgumentException($"No model is called {name}.", nameof(name)),
    });
}

using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A model that gives the listed answers in turn, and the last of them for ever.</summary>
internal sealed class FixedModel(params ModelAnswer[] answers) : ISimulatedModel
{
    private int _given;

    /// <summary>What it was asked, in order.</summary>
    public List<ModelRequest> Asked { get; } = [];

    public ModelAnswer Answer(ModelRequest request)
    {
        Asked.Add(request);
        return answers[Math.Min(_given++, answers.Length - 1)];
    }
}

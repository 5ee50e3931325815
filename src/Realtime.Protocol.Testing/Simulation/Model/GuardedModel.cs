namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>A model that somebody wrote, kept apart from the simulator: when it throws, the failure says whose it is. Our own models are part of the simulator.</summary>
internal sealed class GuardedModel : ISimulatedModel
{
    private readonly ISimulatedModel _inner;

    private GuardedModel(ISimulatedModel inner) => _inner = inner;

    /// <summary>The model, guarded when it is not ours.</summary>
    public static ISimulatedModel Of(ISimulatedModel model) => model.GetType().Assembly == typeof(GuardedModel).Assembly ? model : new GuardedModel(model);

    public ModelAnswer Answer(ModelRequest request)
    {
        try
        {
            return _inner.Answer(request);
        }
        catch (Exception failure)
        {
            throw new ModelFailedException(failure);
        }
    }

    public ISimulatedModel ForConnection(int number)
    {
        try
        {
            return new GuardedModel(_inner.ForConnection(number));
        }
        catch (Exception failure)
        {
            throw new ModelFailedException(failure);
        }
    }
}

/// <summary>The model threw: the simulator is not to blame. What its author wrote into the failure is told to its author's client.</summary>
internal sealed class ModelFailedException(Exception failure) : Exception($"{failure.GetType().Name}: {failure.Message}", failure);

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>A model that somebody wrote, kept apart from the simulator: when it throws, the failure says whose it is.</summary>
internal sealed class GuardedModel(ISimulatedModel inner) : ISimulatedModel
{
    public ModelAnswer Answer(ModelRequest request)
    {
        try
        {
            return inner.Answer(request);
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
            return new GuardedModel(inner.ForConnection(number));
        }
        catch (Exception failure)
        {
            throw new ModelFailedException(failure);
        }
    }
}

/// <summary>The model threw: the simulator is not to blame.</summary>
internal sealed class ModelFailedException(Exception failure) : Exception($"{failure.GetType().Name}: {failure.Message}", failure);

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// What stands in for the model: given the conversation, it says what the answer is. The simulator turns the answer into events, cuts it
/// into deltas and paces it. The same request must give the same answer, or a session cannot be repeated.
/// </summary>
public interface ISimulatedModel
{
    /// <summary>Answers. Called once for each response, when the response begins; items that come later are not seen.</summary>
    ModelAnswer Answer(ModelRequest request);

    /// <summary>The model of one connection. A model that remembers what it said gives a new one, so that no connection sees what another did; others are their own.</summary>
    /// <param name="number">Which connection of the server, from 1.</param>
    ISimulatedModel ForConnection(int number) => this;
}

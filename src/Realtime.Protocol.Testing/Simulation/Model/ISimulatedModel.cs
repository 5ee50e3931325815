namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// What stands in for the model: given the conversation, it says what the answer is. The simulator turns the answer into events, cuts it
/// into deltas and paces it. The same request must give the same answer, or a session cannot be repeated.
/// </summary>
public interface ISimulatedModel
{
    /// <summary>Answers. Called once for each response, when the response begins; items that come later are not seen.</summary>
    ModelAnswer Answer(ModelRequest request);
}

using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A model that says one sound, again and again; the words count its answers.</summary>
internal sealed class SpeakingModel(byte[] sound) : ISimulatedModel
{
    private int _answers;

    public int Answers => Volatile.Read(ref _answers);

    public ModelAnswer Answer(ModelRequest request) => new(new ModelOutput.Speech(sound, $"Answer {Interlocked.Increment(ref _answers)}."));

    /// <summary>A sound of which every piece can be told from every other.</summary>
    public static byte[] Sound(int bytes, int seed = 1)
    {
        byte[] sound = new byte[bytes];
        new Random(seed).NextBytes(sound);
        return sound;
    }
}

using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A model that makes anything: several items, beside each other or in a row, messages of several parts, calls, failures in the middle.</summary>
internal sealed class RandomModel(int seed) : ISimulatedModel
{
    private static readonly string[] Words = ["One.", "Two words.", "And \ud83d\ude00 a longer sentence of some more words.", ""];

    private int _asked;

    public ModelAnswer Answer(ModelRequest request)
    {
        var random = new Random((seed * 1_000) + _asked++);
        ModelOutput[] outputs = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Output(request, random) with { Overlap = random.Next(3) == 0 })];
        return new(outputs, random.Next(8) == 0 ? new ModelFailure("server_error", "gone") : null);
    }

    private static ModelOutput Output(ModelRequest request, Random random) => random.Next(4) switch
    {
        0 when request.Tools.Count > 0 => new ModelOutput.Call(request.Tools[0].Name, """{"zone":"UTC"}"""),
        1 => new ModelOutput.Message([.. Enumerable.Range(0, random.Next(4)).Select(_ => Part(request, random))]),
        _ => Part(request, random),
    };

    private static ModelOutput Part(ModelRequest request, Random random)
    {
        string words = Words[random.Next(Words.Length)];
        return random.Next(2) == 0
            ? new ModelOutput.Text(words)
            : new ModelOutput.Speech(new byte[random.Next(2_000) * request.Format.BytesPerMillisecond()], words);
    }
}

using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>A model that answers with how many questions its conversation holds: whoever is told "Answer 3." knows that the two before were restored, and that the third was understood once.</summary>
internal sealed class CountingModel(int answerMs) : ISimulatedModel
{
    private const string Words = "Answer ";
    private const double Hertz = 330;

    private int _answers;

    /// <summary>How often it was asked.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <inheritdoc/>
    public ModelAnswer Answer(ModelRequest request)
    {
        Interlocked.Increment(ref _answers);
        int questions = request.Conversation.Count(static item => item.Role == MessageItemRole.User);
        string words = string.Create(CultureInfo.InvariantCulture, $"{Words}{questions}.");
        return new(new ModelOutput.Speech(default, words) { Sound = new ComputedSound(Hertz, answerMs, request.Format) });
    }

    /// <summary>Which question it was an answer to; 0 when it was none, or not said to the end of the number.</summary>
    public static int QuestionOf(string words) =>
        words.StartsWith(Words, StringComparison.Ordinal) && words.EndsWith('.') && int.TryParse(words.AsSpan(Words.Length).TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}

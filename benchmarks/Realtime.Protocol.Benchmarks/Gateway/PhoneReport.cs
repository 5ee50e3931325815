using System.Text.Json;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>What came of a talk, of one phone or of many.</summary>
/// <param name="Asked">Questions.</param>
/// <param name="Answered">Questions of which an answer was heard to its end.</param>
/// <param name="Twice">Answers beyond those: of a question that had been answered.</param>
/// <param name="FirstSounds">From the end of a question, when the service finds it, to the first sound, each in ms.</param>
/// <param name="Resumed">From a broken line to <c>ready</c> on the next one, in ms.</param>
/// <param name="Moved">The same where the gateway asked to dial again.</param>
public sealed record PhoneReport(int Asked, int Answered, int Twice, IReadOnlyList<double> FirstSounds, IReadOnlyList<double> Resumed, IReadOnlyList<double> Moved)
{
    public static PhoneReport Of(IReadOnlyCollection<PhoneReport> all) => new(
        all.Sum(static one => one.Asked),
        all.Sum(static one => one.Answered),
        all.Sum(static one => one.Twice),
        [.. all.SelectMany(static one => one.FirstSounds)],
        [.. all.SelectMany(static one => one.Resumed)],
        [.. all.SelectMany(static one => one.Moved)]);

    /// <summary>As one line, from one process to another.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);

    public static PhoneReport FromLine(string line) => JsonSerializer.Deserialize<PhoneReport>(line)!;
}

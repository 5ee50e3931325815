namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>A scenario cannot be used: the message is one line that begins with its place, such as <c>shop.json:4:13: There is no member "sayy" in a step. Did you mean "say"?</c></summary>
public sealed class ScenarioException : Exception
{
    internal ScenarioException(string name, int line, int column, string sentence, Exception? cause = null)
        : base(line == 0 ? $"{name}: {sentence}" : FormattableString.Invariant($"{name}:{line}:{column}: {sentence}"), cause) =>
        (File, Line, Column, Sentence) = (name, line, column, sentence);

    /// <summary>The file as it was named, or another name for the text.</summary>
    public string File { get; }

    /// <summary>The line, from 1; 0 when the file could not be read at all.</summary>
    public int Line { get; }

    /// <summary>The character in the line, from 1, as editors count; 0 when the file could not be read at all.</summary>
    public int Column { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Sentence { get; }

    /// <summary>The sounds that were looked for until then, so that somebody may look again.</summary>
    internal IReadOnlyList<string> Sounds { get; set; } = [];
}

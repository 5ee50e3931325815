using System.Globalization;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Scenarios;

/// <summary>One step of a scenario, taken apart: its sign, its word, and what stands in its brackets, separated by commas outside of quotes and brackets.</summary>
internal sealed class ScenarioStep
{
    private const string Signs = "!→←∅⊢";

    private readonly string _text;
    private readonly string[] _arguments;

    private ScenarioStep(string text, char sign, string word, string[] arguments) => (_text, Sign, Word, _arguments) = (text, sign, word, arguments);

    /// <summary>One of the five signs, or a blank.</summary>
    public char Sign { get; }

    public string Word { get; }

    public int Count => _arguments.Length;

    /// <summary>The name that a frame's event id takes, <c>e</c> and a number, when there is one in the brackets.</summary>
    public string? EventName => _arguments.FirstOrDefault(IsEventName);

    /// <summary>Changes in the notation of frames that stand in the brackets of a short word.</summary>
    public string[] FrameChecks => Word.Contains('.', StringComparison.Ordinal) ? [] : [.. _arguments.Where(static argument => argument is ['-', _, ..] || argument.Contains('=', StringComparison.Ordinal))];

    public string this[int index] => index < _arguments.Length ? _arguments[index] : throw new ArgumentException($"'{_text}' lacks what belongs into its brackets at {index + 1}.");

    public static ScenarioStep Parse(string text)
    {
        char sign = Signs.Contains(text[0], StringComparison.Ordinal) ? text[0] : ' ';
        string rest = text[(sign == ' ' ? 0 : 1)..].Trim();
        int open = rest.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new ScenarioStep(text, sign, rest, []);
        }

        return rest[^1] == ')'
            ? new ScenarioStep(text, sign, rest[..open].Trim(), Split(rest[(open + 1)..^1]))
            : throw new ArgumentException($"'{text}' has no closing bracket at its end.");
    }

    public bool Has(string argument) => _arguments.Contains(argument);

    public string Or(int index, string otherwise) => index < _arguments.Length ? _arguments[index] : otherwise;

    public string[] Rest(int from) => _arguments[from..];

    public long Number(int index) => long.Parse(this[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>A time such as <c>10s</c> or <c>250</c>, the latter in milliseconds.</summary>
    public long Milliseconds(int index) => this[index] is [.. var seconds, 's'] ? 1_000 * long.Parse(seconds, CultureInfo.InvariantCulture) : Number(index);

    public FactStatus Status(int index) => Or(index, "completed") switch
    {
        "completed" => FactStatus.Completed,
        "in_progress" => FactStatus.InProgress,
        "incomplete" => FactStatus.Incomplete,
        "cancelled" => FactStatus.Cancelled,
        "failed" => FactStatus.Failed,
        _ => throw new ArgumentException($"'{_text}' names no status at {index + 1}."),
    };

    /// <summary>What the brackets say, member by member; an empty path is passed over, and so is an event's name wherever it stands.</summary>
    public string[] Members(params string[] paths)
    {
        string[] plain = [.. _arguments.Where(argument => !IsEventName(argument) && !FrameChecks.Contains(argument))];
        string[] named = [.. paths.Where(static path => path != "")];
        return plain.Length <= named.Length ? [.. plain.Zip(named, static (value, path) => $"{path}={value}")] : throw Unknown();
    }

    public ArgumentException Unknown() => new($"'{_text}' is nothing that a scenario can say.");

    private static bool IsEventName(string argument) => argument is ['e', >= '0' and <= '9'];

    private static string[] Split(string arguments)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= arguments.Length; i++)
        {
            char c = i < arguments.Length ? arguments[i] : ',';
            quoted ^= c == '"';
            depth += quoted ? 0 : c is '{' or '[' or '(' ? 1 : c is '}' or ']' or ')' ? -1 : 0;
            if (i == arguments.Length || (c == ',' && depth == 0 && !quoted))
            {
                parts.Add(arguments[start..i].Trim());
                start = i + 1;
            }
        }

        return [.. parts];
    }
}

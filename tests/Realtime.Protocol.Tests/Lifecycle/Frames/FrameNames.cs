namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>What frames said under a name: <c>$e1</c> takes its value where it is first looked for, and stands for it from then on.</summary>
internal sealed class FrameNames
{
    private readonly Dictionary<string, string> _values = [];

    public string this[string name] => Resolve(name);

    public bool Knows(string name) => _values.ContainsKey(name);

    public void Forget() => _values.Clear();

    public string Resolve(string text) => text is not ['$', _, ..]
        ? text
        : _values.TryGetValue(text, out string? value) ? value : throw new ArgumentException($"No frame has said what {text} is.");

    /// <summary>Whether the text is what is expected; a new name takes the text.</summary>
    public bool Match(string expected, string actual)
    {
        if (expected is not ['$', _, ..])
        {
            return expected == actual;
        }

        _values.TryAdd(expected, actual);
        return _values[expected] == actual;
    }
}

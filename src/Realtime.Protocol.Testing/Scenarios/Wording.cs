using System.Text.RegularExpressions;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>What a text has to be like. A string converts, and means that the text contains it, in capitals or not.</summary>
public sealed record Wording
{
    private readonly Regex? _pattern;

    private Wording(WordingKind kind, string text)
    {
        Kind = kind;
        Text = text;
        _pattern = kind == WordingKind.Regex ? Pattern(text) : null;
    }

    internal WordingKind Kind { get; }

    internal string Text { get; }

    /// <summary>The text is this one, to the letter.</summary>
    public static Wording Exactly(string text) => new(WordingKind.Exactly, NotNull(text));

    /// <summary>The text contains this, in capitals or not.</summary>
    public static Wording Containing(string text) => new(WordingKind.Containing, NotNull(text));

    /// <summary>A piece of the text matches a regular expression of .NET, without look-around and back-references.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Wording Regex(string pattern) => new(WordingKind.Regex, NotNull(pattern));

    /// <inheritdoc cref="Containing"/>
    public static implicit operator Wording(string text) => Containing(text);

    /// <summary>Only the kind; what was said is private.</summary>
    public override string ToString() => Kind.ToString();

    internal bool Match(string text) => Kind switch
    {
        WordingKind.Exactly => text == Text,
        WordingKind.Regex => _pattern!.IsMatch(text),
        _ => text.Contains(Text, StringComparison.OrdinalIgnoreCase),
    };

    // Without backtracking no text of a client can make it run for long.
    private static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("The regular expression has look-around, a back-reference or an atomic group, which are not supported here.", nameof(pattern));
        }
    }

    private static string NotNull(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text;
    }
}

/// <summary>How words are compared.</summary>
internal enum WordingKind
{
    Containing,
    Exactly,
    Regex,
}

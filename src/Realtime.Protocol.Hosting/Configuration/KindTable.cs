using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// An object that is one of several kinds, each with keys of its own: <c>"TurnTaking": "server_vad"</c>, or <c>"TurnTaking": { "Type": "server_vad", "Silence": "400ms" }</c>. Both at once, for instance of two
/// sources, have to agree; a key of another kind is a contradiction and no trifle, because somebody meant it to have an effect.
/// </summary>
/// <param name="Discriminator">The key that names the kind.</param>
/// <param name="Kinds">By their words.</param>
/// <param name="Other">What any other word means; null when there are no others.</param>
/// <param name="Unsaid">The word of the kind that is meant where there are keys and no kind; null when it has to be said.</param>
internal sealed record KindTable<T>(string Discriminator, (string Word, Func<T> Begin, KeyTable<T> Keys)[] Kinds, (string Takes, Func<string, T> Begin, KeyTable<T> Keys)? Other = null, string? Unsaid = null)
    where T : class
{
    public string Takes => Key.Takes([.. Other is { } other ? (string[])[other.Takes] : [], .. Kinds.Select(static kind => kind.Word)]);

    public bool TryRead(Place place, [NotNullWhen(true)] out T? value)
    {
        value = null;
        if (!place.IsStated || !TryWord(place, out string word))
        {
            return false;
        }

        (string name, T begin, KeyTable<T>? keys) = Begin(word);
        if (keys is null)
        {
            place.IsNone(Takes);
            return false;
        }

        IReadOnlyList<Place> members = [.. place.Children.Where(child => !IsDiscriminator(child))];
        value = keys.ReadMembers(begin, members, place, written => AllKeys().Contains(written, StringComparer.OrdinalIgnoreCase) ? $"contradicts {name}, which has no such key." : null);
        return true;
    }

    public IReadOnlyList<(string Path, string Takes)> Described()
    {
        var rows = new List<(string Path, string Takes)> { (Discriminator, "the same, beside the keys below") };
        foreach (IGrouping<(string Path, string Takes), string> key in Kinds.SelectMany(static kind => kind.Keys.Described(), static (kind, key) => (kind.Word, Key: key)).GroupBy(static row => row.Key, static row => row.Word))
        {
            rows.Add((key.Key.Path, $"{key.Key.Takes} ({string.Join(", ", key)})"));
        }

        return [.. rows, .. Other is { } other ? other.Keys.Described() : []];
    }

    // One of two ways to say the kind, or both when they agree.
    private bool TryWord(Place place, out string word)
    {
        word = place.Value ?? "";
        Place? stated = place.Children.FirstOrDefault(child => IsDiscriminator(child) && child.IsStated);
        if (stated is null)
        {
            if (word.Length == 0 && place.Children.Count > 0 && Unsaid is not null)
            {
                word = Unsaid;
            }
            else if (word.Length == 0)
            {
                place.Wrong(place.Children.Count == 0 ? $"is empty. It takes {Takes}." : $"has no {Discriminator}. It takes {Takes}.");
            }

            return word.Length > 0;
        }

        if (!stated.TryText(Takes, out string type))
        {
            return false;
        }

        if (place.Value is not null && !Spelled.Same(type, word))
        {
            place.Wrong($"says one thing itself and another as {Discriminator}.");
            return false;
        }

        word = type;
        return true;
    }

    private (string Name, T Begin, KeyTable<T>? Keys) Begin(string word)
    {
        foreach ((string known, Func<T> begin, KeyTable<T> keys) in Kinds)
        {
            if (Spelled.Same(known, word))
            {
                return (known, begin(), keys);
            }
        }

        return Other is { } other ? (other.Takes, other.Begin(word), other.Keys) : ("", null!, null);
    }

    private bool IsDiscriminator(Place child) => string.Equals(child.Name, Discriminator, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> AllKeys() => Kinds.Select(static kind => kind.Keys).Concat(Other is { } other ? [other.Keys] : []).SelectMany(static table => table.Keys).Select(static key => key.Name);
}

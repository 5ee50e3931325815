namespace Realtime.Protocol.Hosting;

/// <summary>The keys of one object, and the names in it that code alone can set. A key that is neither is told to be wrong, with the one that was probably meant.</summary>
/// <param name="Keys">What is read.</param>
/// <param name="InCode">What is not, each with the reason: it comes after "is set in code:".</param>
internal sealed record KeyTable<T>(Key<T>[] Keys, (string Name, string Why)[] InCode)
{
    public T Read(T target, Place place)
    {
        if (place.Value is { Length: > 0 })
        {
            place.Wrong($"takes keys of its own, not a value: {Key.Takes(Keys.Select(static key => key.Name))}.");
        }

        return ReadMembers(target, place.Children, place);
    }

    /// <summary>Reads the keys in a place, but for those that were read before.</summary>
    /// <param name="target">What they go into.</param>
    /// <param name="children">The keys.</param>
    /// <param name="place">Where they stand; null for the root of a configuration.</param>
    /// <param name="mistaken">Says better what is wrong with a key that is none of these; null where it does not know.</param>
    public T ReadMembers(T target, IReadOnlyList<Place> children, Place? place, Func<string, string?>? mistaken = null)
    {
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Place child in children)
        {
            if (!read.Add(child.Name))
            {
                // The platform's own providers know no two such keys; another's may.
                child.Wrong("is there twice.");
            }
            else if (Find(child.Name) is { } key)
            {
                target = key.Read(target, child);
            }
            else
            {
                child.Wrong(InCode.FirstOrDefault(row => Is(row.Name, child.Name)) is { Name: not null } row ? $"is set in code: {row.Why}" : mistaken?.Invoke(child.Name) ?? Unknown(child.Name));
            }
        }

        foreach (Key<T> key in Keys.Where(key => key.IsRequired && !read.Contains(key.Name)))
        {
            place?.Wrong($"has no {key.Name}. It takes {key.Takes}.");
        }

        return target;
    }

    public IReadOnlyList<(string Path, string Takes)> Described() => [.. Keys.SelectMany(static key => key.Described())];

    private static bool Is(string known, string written) => string.Equals(known, written, StringComparison.OrdinalIgnoreCase);

    private Key<T>? Find(string name) => Keys.FirstOrDefault(key => Is(key.Name, name));

    private string Unknown(string written)
    {
        string[] here = [.. Keys.Select(static key => key.Name)];
        string? meant = Spelled.Nearest(written, here) ?? VoiceSessionKeys.Elsewhere(written);
        return meant is null ? $"is unknown here. There are: {string.Join(", ", here)}." : $"is unknown: did you mean {meant}?";
    }
}

namespace Realtime.Protocol.Hosting;

/// <summary>One row of the table of keys: its name, what it takes in words (for the page and for who gets it wrong), and how it goes into the object.</summary>
/// <typeparam name="T">The object that it is a member of.</typeparam>
internal sealed record Key<T>(string Name, string Takes, Func<T, Place, T> Read)
{
    /// <summary>Whether the object is none without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is a secret.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The keys in it, with what they take.</summary>
    public IReadOnlyList<(string Path, string Takes)> Inner { get; init; } = [];

    /// <summary>It and the keys in it.</summary>
    public IEnumerable<(string Path, string Takes)> Described() => Inner.Select(inner => ($"{Name}:{inner.Path}", inner.Takes)).Prepend((Name, Takes)).Where(static row => row.Item2.Length > 0);
}

/// <summary>The rows that tables are made of, by the kind of value.</summary>
internal static class Key
{
    public static Key<T> Text<T>(string name, Func<T, string, T> set, string takes = "a text", bool mayBeEmpty = false) =>
        new(name, takes, (target, place) => place.TryText(takes, out string text, mayBeEmpty) ? Set(target, text, set, place, takes) : target);

    public static Key<T> Flag<T>(string name, Func<T, bool, T> set)
    {
        const string Takes = "true or false";
        return new(name, Takes, (target, place) => place.TryFlag(Takes, out bool flag) ? set(target, flag) : target);
    }

    public static Key<T> Number<T>(string name, Func<T, double, T> set, string takes = "a number") =>
        new(name, takes, (target, place) => place.TryNumber(takes, out double number) ? Set(target, number, set, place, takes) : target);

    public static Key<T> Whole<T>(string name, string takes, Func<T, int, T> set) =>
        new(name, takes, (target, place) => place.TryWhole(takes, out long number) && (number is >= int.MinValue and <= int.MaxValue || place.IsNone(takes)) ? Set(target, (int)number, set, place, takes) : target);

    public static Key<T> Long<T>(string name, string takes, Func<T, long, T> set) =>
        new(name, takes, (target, place) => place.TryWhole(takes, out long number) ? Set(target, number, set, place, takes) : target);

    public static Key<T> Time<T>(string name, Func<T, TimeSpan, T> set, string takes = WrittenTime.Takes) =>
        new(name, takes, (target, place) => place.TryTime(takes, out TimeSpan time) ? Set(target, time, set, place, takes) : target);

    /// <summary>A time, or the word for as long as it takes.</summary>
    public static Key<T> TimeOrInfinite<T>(string name, Func<T, TimeSpan, T> set)
    {
        const string Takes = $"{WrittenTime.Takes}, more than zero, or infinite";
        return new(name, Takes, (target, place) => place.Children.Count == 0 && place.Value is { } text && Spelled.Same(text, "infinite") ? set(target, Timeout.InfiniteTimeSpan)
            : place.TryTime(Takes, out TimeSpan time) ? Set(target, time, set, place, Takes) : target);
    }

    /// <summary>One of several words.</summary>
    public static Key<T> Word<T, TValue>(string name, Func<T, TValue, T> set, params (string Word, TValue Value)[] words)
    {
        string takes = Takes(words.Select(static word => word.Word));
        return new(name, takes, (target, place) =>
        {
            if (!place.TryText(takes, out string text))
            {
                return target;
            }

            int found = Array.FindIndex(words, word => Spelled.Same(word.Word, text));
            return found >= 0 || place.IsNone(takes) ? set(target, words[found].Value) : target;
        });
    }

    /// <summary>An object with a table of its own.</summary>
    public static Key<T> Section<T, TValue>(string name, Func<T, TValue> get, Func<T, TValue, T> set, KeyTable<TValue> table) =>
        new(name, "", (target, place) => set(target, table.Read(get(target), place))) { Inner = table.Described() };

    /// <summary>One of several kinds of object; a word alone is a kind with nothing more to say.</summary>
    public static Key<T> Kinds<T, TValue>(string name, Func<T, TValue, T> set, KindTable<TValue> table)
        where TValue : class =>
        new(name, table.Takes, (target, place) => table.TryRead(place, out TValue? value) ? set(target, value) : target) { Inner = table.Described() };

    public static string Takes(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    // What a setter refuses is out of its range, and the row says in words which that is.
    internal static T Set<T, TValue>(T target, TValue value, Func<T, TValue, T> set, Place place, string takes)
    {
        try
        {
            return set(target, value);
        }
        catch (ArgumentException)
        {
            place.IsNone(takes);
            return target;
        }
    }
}

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// Ids and padding in the service's own shapes, from a seed: the same seed gives the same ids in the same order, and one stream for each
/// purpose, so that another event more does not change the ids of the items. SplitMix64 (Steele, Lea,
/// Flood 2014), because it is three lines and the numbers of the platform's generator may change between versions.
/// </summary>
internal sealed class WireIds(ulong seed)
{
    private const string Base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PaddedLength = 16;

    // The streams start far apart: SplitMix64 takes any two different states for independent ones.
    private readonly ulong[] _streams = [.. Enumerable.Range(1, Enum.GetValues<Purpose>().Length).Select(purpose => seed ^ ((ulong)purpose * 0xD1342543DE82EF95))];

    private HashSet<string>? _brought;

    private enum Purpose
    {
        Event,
        Response,
        Item,
        Session,
        Conversation,
        Call,
        Padding,
        Chance,
    }

    public string Event() => New(Purpose.Event, "event_", 21);

    public string Response() => New(Purpose.Response, "resp_", 21);

    public string Item() => NewToTheClient(Purpose.Item, "item_", 21);

    public string Session() => New(Purpose.Session, "sess_", 21);

    public string Conversation() => New(Purpose.Conversation, "conv_", 21);

    public string Call() => NewToTheClient(Purpose.Call, "call_", 16);

    /// <summary>The client brought this id along, from another session perhaps: with the same seed that one made the ids that this one would make, and an id means one thing.</summary>
    public void Avoid(string? id)
    {
        if (id is { Length: 26 or 21 } && (id.StartsWith("item_", StringComparison.Ordinal) || id.StartsWith("call_", StringComparison.Ordinal)))
        {
            (_brought ??= new(StringComparer.Ordinal)).Add(id);
        }
    }

    /// <summary>Padding that hides how long a delta is: recorded ones bring the two together to sixteen characters.</summary>
    public string Obfuscation(int deltaLength) => New(Purpose.Padding, "", PaddedLength - (deltaLength % PaddedLength));

    /// <summary>A number from 0 to below 1, for what happens with a probability.</summary>
    public double Chance() => (Next(ref _streams[(int)Purpose.Chance]) >> 11) * (1.0 / (1UL << 53));

    private string NewToTheClient(Purpose purpose, string prefix, int length)
    {
        string id;
        do
        {
            id = New(purpose, prefix, length);
        }
        while (_brought?.Contains(id) is true);
        return id;
    }

    private string New(Purpose purpose, string prefix, int length) => string.Create(prefix.Length + length, (Ids: this, Purpose: purpose, Prefix: prefix), static (text, from) =>
    {
        from.Prefix.CopyTo(text);
        foreach (ref char character in text[from.Prefix.Length..])
        {
            character = Base62[(int)(Next(ref from.Ids._streams[(int)from.Purpose]) % (ulong)Base62.Length)];
        }
    });

    private static ulong Next(ref ulong state)
    {
        ulong mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// Ids and padding in the service's own shapes, from a seed: the same seed gives the same ids in the same order. SplitMix64 (Steele, Lea,
/// Flood 2014), because it is three lines and the numbers of the platform's generator may change between versions.
/// </summary>
internal sealed class WireIds(ulong seed)
{
    private const string Base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PaddedLength = 16;

    private ulong _state = seed;

    public string Event() => New("event_", 21);

    public string Response() => New("resp_", 21);

    public string Item() => New("item_", 21);

    public string Session() => New("sess_", 21);

    public string Conversation() => New("conv_", 21);

    public string Call() => New("call_", 16);

    /// <summary>Padding that hides how long a delta is: recorded ones bring the two together to sixteen characters.</summary>
    public string Obfuscation(int deltaLength) => New("", PaddedLength - (deltaLength % PaddedLength));

    private string New(string prefix, int length) => string.Create(prefix.Length + length, (Ids: this, Prefix: prefix), static (text, from) =>
    {
        from.Prefix.CopyTo(text);
        foreach (ref char character in text[from.Prefix.Length..])
        {
            character = Base62[(int)(from.Ids.Next() % (ulong)Base62.Length)];
        }
    });

    private ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// Numbers for spans that are ranges, from the seed and apart from those for ids: a range that somebody adds changes no id. SplitMix64,
/// as for <see cref="WireIds"/>.
/// </summary>
internal sealed class Draws(ulong seed)
{
    // Any odd number keeps this stream from being that of the ids.
    private ulong _state = seed ^ 0xD1B54A32D192ED03;

    /// <summary>A span in milliseconds; one that is fixed takes no number.</summary>
    public long Draw(Delay delay) => delay.LeastMs == delay.MostMs ? delay.LeastMs : delay.LeastMs + (long)(Next() % (ulong)(delay.MostMs - delay.LeastMs + 1));

    private ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

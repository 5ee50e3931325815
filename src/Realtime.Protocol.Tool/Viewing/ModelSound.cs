namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// When the model's sound was to be heard. It comes faster than it sounds, so each part sounds when it comes, or behind what came before; what is cut off is silent from there on.
/// A log does not say what a loudspeaker did: where somebody was cut off, the client says how much of it was heard.
/// </summary>
internal sealed class ModelSound
{
    // A gap that long, in sound of no item, is the end of what was said.
    private const double Pause = 500;
    private const int Most = 20_000;

    private readonly Dictionary<string, Heard> _items = [];
    private readonly List<Heard> _all = [];
    private double _soundsUntil;

    /// <summary>Everything that sounded, in order.</summary>
    public IReadOnlyList<Heard> All => _all;

    /// <summary>How many parts belong to none of them, since there were too many.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Takes a part of an item's sound.</summary>
    /// <param name="item">The item; null in a session that has none.</param>
    /// <param name="response">Its response.</param>
    /// <param name="now">When it came.</param>
    /// <param name="milliseconds">How long it sounds; null where the log does not say, or has no times.</param>
    /// <returns>Where it begins to sound.</returns>
    public double Add(string? item, PicturedResponse? response, double now, double? milliseconds)
    {
        double begin = milliseconds is null ? now : Math.Max(now, _soundsUntil);
        string key = item ?? response?.Id ?? "";
        if (!_items.TryGetValue(key, out Heard? heard) || (response is null && begin - heard.End > Pause))
        {
            if (_all.Count == Most)
            {
                LeftOut++;
                return begin;
            }

            _items[key] = heard = new(response, begin);
            _all.Add(heard);
        }

        heard.SoundMs += milliseconds ?? 0;
        _soundsUntil = begin + (milliseconds ?? 0);
        heard.End = Math.Max(_soundsUntil, now);
        return begin;
    }

    /// <summary>The sound of an item; null when there was none.</summary>
    public Heard? Of(string? item) => item is not null && _items.TryGetValue(item, out Heard? heard) ? heard : null;

    /// <summary>What is still to sound is silent.</summary>
    public void Stop(double now) => _soundsUntil = Math.Min(_soundsUntil, now);

    /// <summary>The sound of one item.</summary>
    internal sealed class Heard(PicturedResponse? response, double begin)
    {
        public PicturedResponse? Response => response;

        public double Begin { get; } = begin;

        public double End { get; set; }

        public double SoundMs { get; set; }

        /// <summary>How much of it was heard, as the client or the server stated; null while nobody did.</summary>
        public double? HeardMs { get; set; }
    }
}

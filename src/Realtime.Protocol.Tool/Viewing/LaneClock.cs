namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// Turns the times of a log into places that never go back: milliseconds since the beginning, or, where the first event has no time, the numbers of the events. A time of no
/// use is replaced by the one before it, and counted.
/// </summary>
internal sealed class LaneClock
{
    // A clock that begins there does not count from when the client set out to connect.
    private const double MostAtTheBeginning = 1e7;

    // Eleven days; the longest session takes an hour.
    private const double Most = 1e9;

    private readonly List<long> _lines = [];
    private double _origin;

    /// <summary>Whether places are milliseconds. Decided by the first event.</summary>
    public bool HasTimes { get; private set; }

    /// <summary>The place of the event that was read last.</summary>
    public double Now { get; private set; }

    public int StrangeTimes { get; private set; }

    private bool _hasBegun;

    /// <summary>Takes the next event.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="at">Its time.</param>
    public void Tick(long line, double? at)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            HasTimes = at is { } first && double.IsFinite(first);
            _origin = HasTimes && at > MostAtTheBeginning ? at!.Value : 0;
        }

        if (!HasTimes)
        {
            Now++;
            _lines.Add(line);
            return;
        }

        if (at is not { } time)
        {
            return;
        }

        double place = time - _origin;
        if (place >= Now && place <= Most)
        {
            Now = Math.Round(place, 1);
        }
        else
        {
            // The tenth that rounding took is no step back.
            StrangeTimes += place < Now && Now - place < 0.1 ? 0 : 1;
        }
    }

    /// <summary>The place of an event that was read before.</summary>
    public double PlaceOf(long line, double? at)
    {
        if (line == 0)
        {
            return Now;
        }

        if (!HasTimes)
        {
            int index = _lines.BinarySearch(line);
            return index < 0 ? ~index : index + 1;
        }

        return at is { } time && double.IsFinite(time) ? Math.Clamp(time - _origin, 0, Now) : Now;
    }
}

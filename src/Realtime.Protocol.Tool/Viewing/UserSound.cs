namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// Where the user spoke. The server names places in the sound that it got; the log knows when each part of that sound was sent. Where the server does not listen for speech, all
/// that is sent up to a commit is speech.
/// </summary>
internal sealed class UserSound
{
    // A client that sends nothing for so long has stopped talking.
    private const double Pause = 1_000;
    private const int MostParts = 500_000;

    private readonly List<(double At, double Sent)> _parts = [];
    private double _sent;
    private double? _runBegin;

    /// <summary>Whether the server listens for speech; null while nobody said.</summary>
    public bool? ServerListens { get; set; }

    /// <summary>When the last part came.</summary>
    public double LastAppend { get; private set; }

    /// <summary>Takes a part of the sound.</summary>
    public void Append(double at, double? milliseconds)
    {
        _sent += milliseconds ?? 0;
        if (_parts.Count < MostParts)
        {
            _parts.Add((at, _sent));
        }

        _runBegin = _runBegin is null || at - LastAppend > Pause ? at : _runBegin;
        LastAppend = at;
    }

    /// <summary>Takes what was sent since the last time: where it begins; null when nothing was sent.</summary>
    public double? TakeRun()
    {
        double? begin = _runBegin;
        _runBegin = null;
        return begin;
    }

    /// <summary>When a place of the sound was said. Sound is sent behind its end, so what is in the middle of a part was said before that was sent.</summary>
    /// <param name="soundMs">The place in the sound; null when the server did not say.</param>
    /// <param name="now">What it is when the log lacks the sound.</param>
    public double PlaceOf(long? soundMs, double now)
    {
        if (soundMs is not { } place || place < 0 || place > _sent)
        {
            return now;
        }

        int index = _parts.BinarySearch((0, place), Comparer<(double At, double Sent)>.Create(static (left, right) => left.Sent.CompareTo(right.Sent)));
        index = index < 0 ? ~index : index;
        if (index >= _parts.Count)
        {
            return now;
        }

        double before = index == 0 ? 0 : _parts[index - 1].At;
        return Math.Min(now, Math.Max(before, _parts[index].At - (_parts[index].Sent - place)));
    }
}

namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// Faults that have a time in place of an event. What needs no event happens when the time has come; everything else happens to the events that are said from then on,
/// counted from there. Where a plan has no times, nothing is done.
/// </summary>
internal sealed class TimedFaults
{
    private readonly Queue<Fault> _moments;
    private readonly Fault[] _counted;
    private readonly int[] _counts;
    private long _start;
    private bool _hasBegun;

    public TimedFaults(FaultPlan plan)
    {
        Fault[] timed = [.. plan.Timed];
        _moments = new(timed.Where(static fault => fault.IsMoment).OrderBy(static fault => fault.AtMs));
        _counted = [.. timed.Where(static fault => !fault.IsMoment)];
        _counts = new int[_counted.Length];
    }

    /// <summary>When the next fault happens that needs no event; null when there is none.</summary>
    public long? Due => _hasBegun && _moments.TryPeek(out Fault next) ? _start + next.AtMs : null;

    public void Begin(long now) => (_start, _hasBegun) = (now, true);

    /// <summary>The fault that is due.</summary>
    public Fault Take() => _moments.Dequeue();

    /// <summary>The faults of an event that is said now: those of its place, and those whose time has come.</summary>
    public IEnumerable<Fault> At(IEnumerable<Fault> here, long now) => _counted.Length == 0 ? here : here.Concat(Since(now));

    private IEnumerable<Fault> Since(long now)
    {
        for (int i = 0; i < _counted.Length; i++)
        {
            Fault fault = _counted[i];
            if (now - _start >= fault.AtMs && (++_counts[i] == fault.Occurrence || fault.Occurrence == FaultPlan.Every))
            {
                yield return fault;
            }
        }
    }
}

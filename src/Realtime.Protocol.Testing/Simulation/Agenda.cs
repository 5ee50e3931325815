namespace Realtime.Protocol.Testing.Simulation;

/// <summary>Something that happens later.</summary>
internal interface IDue
{
    /// <summary>When it is due, in milliseconds of the session's clock; null when nothing is.</summary>
    long? Due { get; }

    /// <summary>Does what is due first.</summary>
    void Act();
}

/// <summary>
/// Everything that happens later, and the only place where time decides what comes next. It asks each of its members what is due, so
/// nobody has to take back what was cancelled. Of two things due at the same moment the one that was enrolled first goes first: a late
/// call tells the same story as a punctual one.
/// </summary>
internal sealed class Agenda
{
    private readonly List<IDue> _members = [];

    /// <summary>When the next thing is due; null when nothing is.</summary>
    public long? Next => First()?.Due;

    public void Enroll(IDue member) => _members.Add(member);

    /// <summary>Does the first thing that is due; there is one.</summary>
    public void Act() => First()!.Act();

    private IDue? First()
    {
        IDue? first = null;
        foreach (IDue member in _members)
        {
            if (member.Due is { } due && (first is null || due < first.Due))
            {
                first = member;
            }
        }

        return first;
    }
}

using A = Realtime.Protocol.Lifecycle.ContinuityAction;
using P = Realtime.Protocol.Lifecycle.ContinuityPhase;
using T = Realtime.Protocol.Lifecycle.ContinuityTrigger;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The life of a session over all its connections, as data. Every pair is decided: it has a row, or it stands among those that say nothing in that phase, each with its reason. The table asks for no time, no policy and no
/// socket: whether there is another attempt is the shell's to find out, and comes as a trigger.
/// </summary>
public static class ContinuityTable
{
    private static readonly Row[] Rows =
    [
        // The first connection is the caller's to have or not to have: nothing was said yet that would have to be kept.
        new(P.Opening, T.Opened, P.Open, A.None),
        new(P.Opening, T.Replayed, P.Open, A.None),
        new(P.Opening, T.Lost, P.Ended, A.End),
        new(P.Opening, T.Expired, P.Ended, A.End),
        new(P.Opening, T.Failed, P.Ended, A.End),
        new(P.Opening, T.GivenUp, P.Ended, A.End),
        new(P.Opening, T.Fatal, P.Ended, A.End),
        new(P.Opening, T.Superseded, P.Ended, A.End),
        new(P.Opening, T.Drain, P.Ended, A.End),
        new(P.Opening, T.Close, P.Ended, A.End),

        new(P.Open, T.Lost, P.Waiting, A.WaitForAttempt),
        new(P.Open, T.Expired, P.Waiting, A.WaitForAttempt),
        new(P.Open, T.ExpiryNear, P.HandingOver, A.ConnectBeside),
        new(P.Open, T.Fatal, P.Ended, A.End),
        new(P.Open, T.Superseded, P.Ended, A.End),
        new(P.Open, T.Drain, P.Draining, A.BeginDrain),
        new(P.Open, T.Close, P.Ended, A.End),

        new(P.Waiting, T.Due, P.Reopening, A.Connect),
        new(P.Waiting, T.GivenUp, P.Ended, A.End),
        new(P.Waiting, T.Fatal, P.Ended, A.End),
        new(P.Waiting, T.Superseded, P.Ended, A.End),
        new(P.Waiting, T.Drain, P.Ended, A.End),              // nothing runs that could be heard out; the checkpoint says the rest
        new(P.Waiting, T.Close, P.Ended, A.End),

        new(P.Reopening, T.Replayed, P.Open, A.None),
        new(P.Reopening, T.Lost, P.Waiting, A.WaitForAttempt),
        new(P.Reopening, T.Expired, P.Waiting, A.WaitForAttempt),
        new(P.Reopening, T.Failed, P.Waiting, A.WaitForAttempt),
        new(P.Reopening, T.GivenUp, P.Ended, A.End),
        new(P.Reopening, T.Fatal, P.Ended, A.End),
        new(P.Reopening, T.Superseded, P.Ended, A.End),
        new(P.Reopening, T.Drain, P.Ended, A.End),
        new(P.Reopening, T.Close, P.Ended, A.End),

        new(P.HandingOver, T.Replayed, P.Open, A.None),
        new(P.HandingOver, T.Failed, P.Open, A.DropSecond),   // the one in use still stands; its loss is an ordinary one
        new(P.HandingOver, T.GivenUp, P.Open, A.DropSecond),
        new(P.HandingOver, T.Lost, P.Reopening, A.TakeSecondAtOnce),
        new(P.HandingOver, T.Expired, P.Reopening, A.TakeSecondAtOnce),
        new(P.HandingOver, T.Fatal, P.Ended, A.End),
        new(P.HandingOver, T.Superseded, P.Ended, A.End),
        new(P.HandingOver, T.Drain, P.Draining, A.BeginDrain), // the second one is dropped with it
        new(P.HandingOver, T.Close, P.Ended, A.End),

        new(P.Draining, T.Drained, P.Ended, A.End),
        new(P.Draining, T.Lost, P.Ended, A.End),
        new(P.Draining, T.Expired, P.Ended, A.End),
        new(P.Draining, T.Fatal, P.Ended, A.End),
        new(P.Draining, T.Superseded, P.Ended, A.End),
        new(P.Draining, T.Close, P.Ended, A.End),
    ];

    // What comes too late, too early, or of an attempt that is not wanted any more. The shell's timers and connections run by themselves, so each of these can be met.
    private static readonly (P Phase, T[] Triggers)[] SayNothing =
    [
        (P.Opening, [T.ExpiryNear, T.Due, T.Drained]),
        (P.Open, [T.Due, T.Opened, T.Replayed, T.Failed, T.GivenUp, T.Drained]),
        (P.Waiting, [T.Lost, T.Expired, T.ExpiryNear, T.Opened, T.Replayed, T.Failed, T.Drained]),
        (P.Reopening, [T.ExpiryNear, T.Due, T.Opened, T.Drained]),                // opened is not yet filled
        (P.HandingOver, [T.ExpiryNear, T.Due, T.Opened, T.Drained]),
        (P.Draining, [T.ExpiryNear, T.Due, T.Opened, T.Replayed, T.Failed, T.GivenUp, T.Drain]),
        (P.Ended, Enum.GetValues<T>()),
    ];

    private static readonly Row?[,] Lookup = Build();

    /// <summary>The phase that follows and what is to be done; false, and nothing to do, when the trigger says nothing in this phase.</summary>
    /// <param name="from">The phase now.</param>
    /// <param name="on">What happened.</param>
    /// <param name="to">The phase that follows, or <paramref name="from"/>.</param>
    /// <param name="action">What the shell does.</param>
    public static bool TryNext(ContinuityPhase from, ContinuityTrigger on, out ContinuityPhase to, out ContinuityAction action)
    {
        Row? row = Lookup[(int)from, (int)on];
        (to, action) = row is { } found ? (found.To, found.Action) : (from, A.None);
        return row is not null;
    }

    /// <summary>Whether the pair stands in the table at all, with a row or among those that say nothing, exactly once. All do: a test asks.</summary>
    internal static bool IsDecided(P phase, T trigger) =>
        Rows.Count(row => row.From == phase && row.On == trigger) + SayNothing.Where(said => said.Phase == phase).Sum(said => said.Triggers.Count(on => on == trigger)) == 1;

    private static Row?[,] Build()
    {
        var lookup = new Row?[Enum.GetValues<P>().Length, Enum.GetValues<T>().Length];
        foreach (Row row in Rows)
        {
            lookup[(int)row.From, (int)row.On] = row;
        }

        return lookup;
    }

    private readonly record struct Row(P From, T On, P To, A Action);
}

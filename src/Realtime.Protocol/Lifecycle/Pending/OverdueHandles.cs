namespace Realtime.Protocol.Lifecycle;

/// <summary>What it means that nothing answered in time: whoever waited is told, and what the handle was about can be asked for again.</summary>
internal static class OverdueHandles
{
    public static void End(SessionCore session, long now)
    {
        while (session.Operations.TryTakeOverdue(now, out PendingHandle? overdue))
        {
            End(session, overdue!);
        }
    }

    private static void End(SessionCore session, PendingHandle overdue)
    {
        if (overdue.Configuration is { } configuration && session.Configurations.IsAcknowledgedInDoubt(configuration))
        {
            session.Tolerate("SE-02", "The server acknowledged fewer configurations than it took; the last one counts as taken.");
            session.Complete(configuration);
            return;
        }

        if (session.Configurations.Withdraw(overdue.Number))
        {
            // In the words of a server, so that it is told apart from one that was sent and never answered.
            session.Operations.Fail(overdue.Number, new ServerError("not_sent", null, "A response was in progress all the time, so the update was not sent (SE-06).", "session.audio.output.speed", null));
            return;
        }

        if (overdue.Item is { } item)
        {
            GiveUp(session, item, overdue.Number);
        }

        session.Retrievals.Close(overdue.Number);
        session.Operations.Fail(overdue.Number, null);
    }

    private static void GiveUp(SessionCore session, TrackedItem item, int handle)
    {
        if (item.AddHandle == handle)
        {
            session.Items.Settle(item);
        }

        if (item.DeleteHandle == handle)
        {
            ItemEvents.Kept(item);
        }

        if (item.TruncateHandle == handle)
        {
            ItemEvents.Uncut(item);
        }
    }
}

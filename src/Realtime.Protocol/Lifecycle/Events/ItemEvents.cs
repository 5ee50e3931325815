namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What the server says about items. <c>conversation.item.done</c> is the authority on an item's end; where a service never sends it, <c>response.output_item.done</c>
/// is, and at last <c>response.done</c> (IT-02).
/// </summary>
internal sealed class ItemEvents(SessionCore session, ToolTable tools, Silencing silencing)
{
    public void Added(in SessionFact fact, long now)
    {
        if (fact.ItemId.IsEmpty)
        {
            return;
        }

        TrackedItem item = session.Items.FindOrExpect(fact.ItemId);
        if (item is not ({ Presence: ItemPresence.Expected } or { Presence: ItemPresence.Deleting, IsPlaced: false }))
        {
            return; // a tombstone, or said twice: an id never comes back (TR-08)
        }

        Learn(item, fact);
        Enter(item, fact);
        item.Contribution?.Take();
        session.Items.Settle(item);
        session.Effects.Tell(new SessionChange.ItemAdded(item.Id, item.Kind));
        session.Transcripts.Arrived(item);
        session.Operations.Complete(item.AddHandle);
        HearMcp(item, fact, isDone: false, now);
        if (item.Response is { IsDone: true } response)
        {
            silencing.Settle(response, now);
        }
        else if (item is { DeleteHandle: not 0 })
        {
            silencing.Delete(item, now); // it was unwanted before the server had confirmed it
        }
    }

    /// <summary><c>response.output_item.added</c>: which response an item belongs to.</summary>
    public void OutputAdded(in SessionFact fact, TrackedResponse? response, long now)
    {
        if (Belonging(fact, response) is not { } item)
        {
            return;
        }

        if (item.Kind is ItemFactKind.FunctionCall)
        {
            tools.Hear(item, fact, CallEvidence.None, now);
        }

        HearMcp(item, fact, isDone: false, now);
    }

    [LifecycleRule("IT-02")]
    public void Done(in SessionFact fact, TrackedResponse? response, long now)
    {
        if (Belonging(fact, response) is not { } item)
        {
            return;
        }

        if (fact.Kind is SessionFactKind.ItemDone && item.Presence is ItemPresence.Expected)
        {
            Added(fact, now); // its announcement was lost, or the service makes none
        }

        bool isNews = !item.IsFinal;
        item.Status = fact.Status switch
        {
            FactStatus.Incomplete => FactStatus.Incomplete,
            FactStatus.Completed => FactStatus.Completed,

            // A message that is done is complete. A call may be half-made: where no status is stated, its response's end tells (FC-01). One of a remote MCP server ends by itself (MCP-02).
            _ => item.Kind is ItemFactKind.FunctionCall or ItemFactKind.McpCall ? item.Status : FactStatus.Completed,
        };
        item.EndAudio();
        session.Items.Mirror.Keep(item, fact.Item, isLastWord: fact.Kind is SessionFactKind.ItemDone);
        session.Items.Mirror.Changed(item);
        if (isNews && item is { IsFinal: true, IsInConversation: true })
        {
            session.Effects.Tell(new SessionChange.ItemDone(item.Id, item.Status));
        }

        if (item.Kind is ItemFactKind.FunctionCall)
        {
            tools.ItemDone(item, fact, now);
        }

        HearMcp(item, fact, isDone: true, now);
    }

    /// <summary><c>response.function_call_arguments.done</c>: the arguments are there, and whether the call is whole as well is still to be seen.</summary>
    public void ArgumentsDone(in SessionFact fact, TrackedResponse? response, long now)
    {
        if (Belonging(fact, response) is { } item)
        {
            tools.Hear(item, fact, CallEvidence.ArgumentsWhole, now);
        }
    }

    /// <summary><c>response.mcp_call_arguments.done</c>: the call is whole, if its response goes on to say so.</summary>
    public void McpArgumentsDone(in SessionFact fact, TrackedResponse? response, long now)
    {
        if (Belonging(fact, response) is { Kind: ItemFactKind.McpCall } item)
        {
            session.Mcp.Hear(item, fact, isWhole: false, now);
        }
    }

    /// <summary>How far the call of a remote MCP server has come. The event names its item alone; one that nobody has heard of says nothing.</summary>
    public void McpCallChanged(in SessionFact fact, long now)
    {
        if (session.Items.Find(fact.ItemId) is { Kind: ItemFactKind.McpCall } item)
        {
            session.Mcp.Hear(item, fact, isWhole: fact.Status is not FactStatus.Failed || McpWords.IsStated(fact), now);
        }
    }

    public void Truncated(in SessionFact fact)
    {
        if (Acknowledged(fact) is not { } item)
        {
            return;
        }

        if (item.Presence is not ItemPresence.Deleted)
        {
            bool isEndLeftOut = fact.IsMended && fact.AudioEndMilliseconds == 0; // then it is where we asked for it
            long end = isEndLeftOut && item.CutAsked is { } asked ? asked.Milliseconds : Math.Clamp(fact.AudioEndMilliseconds, 0, int.MaxValue); // 24 days: no sound is longer, and a time can say it
            item.IsCut = true;
            item.CutAsked = null;
            item.TruncatedAt = new Cut(fact.ContentIndex, end);
            session.Items.Mirror.Changed(item);
            session.Effects.Tell(new SessionChange.ItemTruncated(item.Id, fact.ContentIndex, end));
        }

        session.Operations.Complete(item.TruncateHandle);
    }

    public void Deleted(in SessionFact fact)
    {
        if (Acknowledged(fact) is { } item)
        {
            Gone(item);
            session.Operations.Complete(item.DeleteHandle);
        }
    }

    /// <summary>The conversation does not hold the item any more, whoever said so.</summary>
    public void Gone(TrackedItem item)
    {
        if (item.Presence is ItemPresence.Deleted)
        {
            return;
        }

        item.Presence = ItemPresence.Deleted;
        session.Items.Settle(item);
        session.Items.Mirror.Leave(item);
        session.Retrievals.Gone(item.Id);
        session.Effects.Tell(new SessionChange.ItemDeleted(item.Id));
        session.Transcripts.Gone(item);
        tools.Gone(item);
        tools.Untold(item);
        session.Mcp.Gone(item);
        session.Approvals.Gone(item);
    }

    /// <summary>The server refused to take the item, so it never existed.</summary>
    public void Refused(TrackedItem item)
    {
        item.Presence = ItemPresence.Deleted;
        session.Items.Settle(item);
        session.Items.Mirror.Leave(item);
        session.Operations.Complete(item.DeleteHandle);
        tools.Untold(item);
    }

    /// <summary>The server refused to delete the item, or never answered, so it may be asked to again. What is gone stays gone (TR-08).</summary>
    public static void Kept(TrackedItem item)
    {
        if (item.Presence is ItemPresence.Deleting)
        {
            item.Presence = item.IsPlaced ? ItemPresence.Present : ItemPresence.Expected;
        }

        item.DeleteHandle = 0;
    }

    /// <summary>The server refused to truncate the item, or never answered, so it may be asked to again.</summary>
    public static void Uncut(TrackedItem item)
    {
        item.CutAsked = null;
        item.IsCut = item.TruncatedAt is not null;
    }

    private void HearMcp(TrackedItem item, in SessionFact fact, bool isDone, long now)
    {
        switch (item.Kind)
        {
            case ItemFactKind.McpListTools:
                session.McpServers.Hear(fact, isDone);
                break;
            case ItemFactKind.McpCall:
                session.Mcp.Hear(item, fact, isDone, now);
                break;
            case ItemFactKind.McpApprovalRequest when isDone:
                session.Approvals.Ask(item, fact, now);
                break;
        }
    }

    /// <summary>The server gave its copy of an item: everyone who asked gets it, and what is kept here is as new.</summary>
    public void Retrieved(in SessionFact fact)
    {
        if (fact.ItemId.IsEmpty || !fact.Item.HasValue)
        {
            session.Tolerate("RC-27", "The server gave an item in a form that nobody can read; where one alone was asked for, it is that one.");
            session.Operations.Fail(session.Retrievals.CloseOnly(), RetrievalTable.Unreadable);
            return;
        }

        TrackedItem? item = session.Items.Find(fact.ItemId);
        if (item is { IsPlaced: true })
        {
            session.Items.Mirror.Keep(item, fact.Item, isLastWord: item.HasLastWord);
        }

        if (session.Retrievals.Close(FactText.OrNull(fact.ItemId)!) is var handle and not 0)
        {
            session.Effects.Tell(new SessionChange.ItemRetrieved(handle, ItemReading.Retrieved(fact.Item, item)));
            session.Operations.Complete(handle);
        }
    }

    /// <summary>Words of a part come while it is made, or end it.</summary>
    public void Heard(in SessionFact fact)
    {
        if (fact.Words.Text.HasValue && session.Items.Find(fact.ItemId) is { } item)
        {
            session.Items.Mirror.Hear(item, fact.ContentIndex, fact.Words);
        }
    }

    private void Enter(TrackedItem item, in SessionFact fact)
    {
        item.Presence = item.Presence is ItemPresence.Deleting ? ItemPresence.Deleting : ItemPresence.Present; // an event of the application's may delete it before it is there
        if (!session.Items.Mirror.Enter(item, fact, session.Items.Find(fact.PreviousItemId)))
        {
            session.Tolerate("IT-04", "The server placed an item behind one that the conversation does not hold; it stands at the end.");
        }

        session.Items.Mirror.Keep(item, fact.Item, isLastWord: false);
    }

    private TrackedItem? Acknowledged(in SessionFact fact)
    {
        if (!fact.ItemId.IsEmpty)
        {
            return session.Items.Find(fact.ItemId);
        }

        TrackedItem? waiting = NameWhatWasLeftOut.Acknowledged(fact.Kind, session.Items);
        if (waiting is null)
        {
            session.Tolerate("RC-27", "The server deleted or truncated an item without naming it, and no operation, or more than one, waits for that.");
        }

        return waiting;
    }

    private TrackedItem? Belonging(in SessionFact fact, TrackedResponse? response)
    {
        if (fact.ItemId.IsEmpty)
        {
            session.Tolerate("RC-27", "The server sent an item without an id; nothing says which one is meant.");
            return null;
        }

        TrackedItem item = session.Items.FindOrExpect(fact.ItemId);
        Learn(item, fact);
        item.OutputIndex ??= fact.OutputIndex;
        ResponseEvents.AttachTo(response, item);
        return item;
    }

    private static void Learn(TrackedItem item, in SessionFact fact)
    {
        if (item.Kind is ItemFactKind.Other)
        {
            item.Kind = fact.ItemKind;
        }

        item.CallId ??= FactText.OrNull(fact.CallId);
    }
}

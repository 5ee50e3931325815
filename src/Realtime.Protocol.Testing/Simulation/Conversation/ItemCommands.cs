using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation.Conversation;

/// <summary>What the client does to the items of the conversation: it creates, cuts off, reads back and deletes them. Every change is announced, or refused and not made.</summary>
internal sealed class ItemCommands(SessionContext session)
{
    public void Create(ConversationItemCreateView create)
    {
        string? previous = create.PreviousItemId.HasValue ? create.PreviousItemId.ToString() : null;
        if (!ItemCreation.TryRead(create.Item, "item", session.Ids, session.Settings.InputFormat, session.Conversation.HasCall, out SimulatedItem item, out Refusal refusal))
        {
            session.Refuse(refusal, create.EventId);
        }
        else if (session.Conversation.Find(item.Id) is not null)
        {
            AddAgain(item, create);
        }
        else if (previous is not (null or "" or SimulatedConversation.Root) && session.Conversation.Find(previous) is null)
        {
            session.Refuse(Refusal.PreviousUnknown(previous), create.EventId);
        }
        else if (item.Kind == ItemKind.McpApprovalResponse && !IsOpenRequest(item.ApprovalRequestId))
        {
            session.Refuse(Refusal.RequestUnknown("item", item.ApprovalRequestId), create.EventId);
        }
        else
        {
            session.Ids.Avoid(item.Id);
            session.Ids.Avoid(item.CallId);
            session.Keep(item);
            session.Conversation.Insert(item, previous);
            session.Announce(item);
            session.AnnounceDone(item);
        }
    }

    private void AddAgain(SimulatedItem item, ConversationItemCreateView create)
    {
        switch (session.Service.DuplicateItemIds)
        {
            case DuplicateItemIds.Reject:
                session.Refuse(Refusal.DuplicateItem(item.Id), create.EventId);
                break;
            case DuplicateItemIds.Append:
                // As seen: announced behind itself.
                session.Keep(item);
                session.Conversation.Append(item);
                session.Speaker.ItemAdded(item.Id, item);
                session.AnnounceDone(item);
                break;
        }
    }

    private bool IsOpenRequest(string id) => session.Conversation.Find(id) is { Kind: ItemKind.McpApprovalRequest }
        && !session.Conversation.Items.Any(item => item.Kind == ItemKind.McpApprovalResponse && item.ApprovalRequestId == id);

    public void Truncate(ConversationItemTruncateView truncate)
    {
        string id = truncate.ItemId.ToString();
        SimulatedItem? item = session.Conversation.Find(id);
        SimulatedPart? part = item is { Kind: ItemKind.Message, Role: MessageItemRole.Assistant } && truncate.ContentIndex < item.Parts.Count
            ? item.Parts[(int)truncate.ContentIndex]
            : null;
        long haveMs = part is null ? 0 : Math.Max(0, part.AudioMs - session.Service.TruncationSkewMs);
        Refusal refusal = item is null ? Refusal.TruncateUnknown(id)
            : item.Status == ItemStatus.InProgress && session.Service.TruncateInProgress == Verdict.Refuse ? Refusal.TruncateInProgress(id)

            // Recorded: audio of which nothing was sent yet is no audio to the service. What was cut off to nothing still counts as audio.
            : part is not { Type: ContentPartType.OutputAudio } || (part.AudioLength == 0 && !part.IsTruncated) ? Refusal.OnlyModelAudio
            : truncate.AudioEndMs > haveMs ? Refusal.ShorterThan(haveMs, truncate.AudioEndMs)
            : default;
        if (refusal.Code is not null)
        {
            session.Refuse(refusal, truncate.EventId);
            return;
        }

        // Which words belong to what was heard is not known, so the service forgets all of them.
        part!.CutTo((int)(truncate.AudioEndMs * part.Format.BytesPerMillisecond()));
        part.Transcript = null;
        part.IsTruncated = true;
        session.Speaker.ItemTruncated(id, truncate.ContentIndex, truncate.AudioEndMs);
    }

    public void Retrieve(ConversationItemRetrieveView retrieve)
    {
        string id = retrieve.ItemId.ToString();
        if (session.Conversation.Find(id) is not { } item)
        {
            session.Refuse(Refusal.RetrieveUnknown(id), retrieve.EventId);
        }
        else if (item.PartList.Exists(static part => part.IsDropped))
        {
            session.Refuse(Refusal.SoundNotKept(id, session.Kept.Limit), retrieve.EventId);
        }
        else
        {
            session.Speaker.ItemRetrieved(item.ToWire(withSound: true));
        }
    }

    public void Delete(ConversationItemDeleteView delete)
    {
        string id = delete.ItemId.ToString();
        SimulatedItem? item = session.Conversation.Find(id);
        if (item is null)
        {
            session.Refuse(Refusal.DeleteUnknown(id), delete.EventId);
        }
        else if (item.Status == ItemStatus.InProgress && session.Service.DeleteInProgress == Verdict.Refuse)
        {
            session.Refuse(Refusal.DeleteInProgress(id), delete.EventId);
        }
        else
        {
            session.Remove(item);
            session.Speaker.ItemDeleted(id);
        }
    }
}

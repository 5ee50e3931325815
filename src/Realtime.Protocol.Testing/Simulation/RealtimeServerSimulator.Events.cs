using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>What each client event does: it is checked, then it changes something, then the server says so.</summary>
public sealed partial class RealtimeServerSimulator
{
    private static readonly string[] ClientEvents =
    [
        "session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear", "conversation.item.create",
        "conversation.item.truncate", "conversation.item.delete", "response.create", "response.cancel",
    ];

    private void Handle(in ClientEvent message)
    {
        if (message.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView append))
        {
            Append(append);
        }
        else if (message.TryGetInputAudioBufferCommit(out InputAudioBufferCommitView commit))
        {
            Commit(commit.EventId);
        }
        else if (message.TryGetInputAudioBufferClear(out _))
        {
            ClearInput();
        }
        else if (message.TryGetSessionUpdate(out SessionUpdateView update))
        {
            UpdateSession(update);
        }
        else if (message.TryGetConversationItemCreate(out ConversationItemCreateView create))
        {
            CreateItem(create);
        }
        else if (message.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate))
        {
            TruncateItem(truncate);
        }
        else if (message.TryGetConversationItemDelete(out ConversationItemDeleteView delete))
        {
            DeleteItem(delete);
        }
        else if (message.TryGetResponseCreate(out ResponseCreateView response))
        {
            CreateResponse(response);
        }
        else if (message.TryGetResponseCancel(out ResponseCancelView cancel))
        {
            CancelResponse(cancel);
        }
        else
        {
            Refuse(Refusal.NotOneOf("type", message.TypeText.ToString(), ClientEvents), message.EventId);
        }
    }

    private void UpdateSession(SessionUpdateView update)
    {
        SpeechFormat formatBefore = _configuration.InputFormat;
        bool listenedBefore = _configuration.Listening is not null;
        if (!_configuration.TryUpdate(update.Session.Json, _player.HasSpoken, _player.Active is not null, out Refusal refusal))
        {
            Refuse(refusal, update.EventId);
            return;
        }

        if (_configuration.InputFormat != formatBefore)
        {
            // Bytes of the old format mean nothing in the new one.
            ForgetInput();
        }
        else if (_configuration.Listening is not null != listenedBefore)
        {
            // Detection hears what comes from now on, and speech that nobody listens to any more has no end.
            _speechItemId = null;
            _detector.Reset(_input.End);
        }

        _speaker.SessionUpdated(_configuration.ToUtf8());
    }

    private void CreateItem(ConversationItemCreateView create)
    {
        string? previous = create.PreviousItemId.HasValue ? create.PreviousItemId.ToString() : null;
        if (!ItemCreation.TryRead(create.Item, "item", _ids, _configuration.InputFormat, _conversation.HasCall, out SimulatedItem item, out Refusal refusal))
        {
            Refuse(refusal, create.EventId);
        }
        else if (_conversation.Find(item.Id) is not null)
        {
            if (_options.DuplicateItemIds == DuplicateItemIds.Reject)
            {
                Refuse(Refusal.DuplicateItem(item.Id), create.EventId);
            }
        }
        else if (previous is not (null or "" or SimulatedConversation.Root) && _conversation.Find(previous) is null)
        {
            Refuse(Refusal.PreviousUnknown(previous), create.EventId);
        }
        else
        {
            _conversation.Insert(item, previous);
            _speaker.ItemAdded(_conversation.Before(item), item);
            _speaker.ItemDone(_conversation.Before(item), item);
        }
    }

    private void TruncateItem(ConversationItemTruncateView truncate)
    {
        string id = truncate.ItemId.ToString();
        SimulatedItem? item = _conversation.Find(id);
        SimulatedPart? part = item is { Kind: ItemKind.Message, Role: MessageItemRole.Assistant } && truncate.ContentIndex >= 0 && truncate.ContentIndex < item.Parts.Count
            ? item.Parts[(int)truncate.ContentIndex]
            : null;
        Refusal refusal = item is null ? Refusal.TruncateUnknown(id)

            // Recorded: audio of which nothing was sent yet is no audio to the service. What was cut off to nothing still counts as audio.
            : part is not { Type: ContentPartType.OutputAudio } || (part.Audio.IsEmpty && !part.IsTruncated) ? Refusal.OnlyModelAudio
            : truncate.AudioEndMs < 0 ? Refusal.OutOfRange("audio_end_ms", truncate.AudioEndMs, 0, part.AudioMs)
            : truncate.AudioEndMs > part.AudioMs ? Refusal.ShorterThan(part.AudioMs, truncate.AudioEndMs)
            : default;
        if (refusal.Code is not null)
        {
            Refuse(refusal, truncate.EventId);
            return;
        }

        // Which words belong to what was heard is not known, so the service forgets all of them.
        part!.Audio = part.Audio[..(int)(truncate.AudioEndMs * part.Format.BytesPerMillisecond())];
        part.Transcript = null;
        part.IsTruncated = true;
        _speaker.ItemTruncated(id, truncate.ContentIndex, truncate.AudioEndMs);
    }

    private void DeleteItem(ConversationItemDeleteView delete)
    {
        string id = delete.ItemId.ToString();
        if (_conversation.Find(id) is { } item)
        {
            _conversation.Remove(item);
            _speaker.ItemDeleted(id);
        }
        else
        {
            Refuse(Refusal.DeleteUnknown(id), delete.EventId);
        }
    }

    private void CreateResponse(ResponseCreateView create)
    {
        if (!_configuration.TryJoin(create.Response.Json, _player.HasSpoken, out ResponseSettings settings, out Refusal refusal)
            || !TryReadInput(create.Response, out List<SimulatedItem>? input, out refusal))
        {
            Refuse(refusal, create.EventId);
        }
        else if (!settings.OutOfBand && _player.Active is { } active)
        {
            Refuse(Refusal.ActiveResponse(active.Id), create.EventId);
        }
        else
        {
            StartResponse(settings, input, _now + (long)_options.Pace.Acknowledgement.TotalMilliseconds);
        }
    }

    private bool TryReadInput(ResponseParametersView parameters, out List<SimulatedItem>? input, out Refusal refusal)
    {
        refusal = default;
        input = parameters.Input.HasValue ? [] : null;
        if (input is null)
        {
            return true;
        }

        foreach (ItemView view in parameters.Input)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"response.input[{input.Count}]");
            SimulatedItem? item;
            if (view.TryGetItemReference(out ItemReferenceView reference))
            {
                item = _conversation.Find(reference.Id.ToString());
                refusal = item is null ? Refusal.NotOneOf($"{path}.id", reference.Id.ToString(), "the id of an item of the conversation") : default;
            }
            else
            {
                List<SimulatedItem> before = input;
                ItemCreation.TryRead(view, path, _ids, _configuration.InputFormat, HasCall, out item, out refusal);
                bool HasCall(string callId) => before.Exists(other => other.CallId == callId) || _conversation.HasCall(callId);
            }

            if (refusal.Code is not null)
            {
                return false;
            }

            input.Add(item!);
        }

        return true;
    }

    private void CancelResponse(ResponseCancelView cancel)
    {
        ResponseRun? run = cancel.ResponseId.HasValue ? _player.Find(cancel.ResponseId.ToString()) : _player.Active;
        if (run is { IsCreated: true })
        {
            _player.Cancel(run, StatusDetailsReason.ClientCancelled);
        }
        else
        {
            // Recorded: a response that was asked for but not created yet can't be cancelled either.
            Refuse(Refusal.NothingToCancel, cancel.EventId);
        }
    }

    private void StartResponse(ResponseSettings settings, IReadOnlyList<SimulatedItem>? input, long createdAt) =>
        _player.Start(new ResponseRun(_ids.Response(), _conversationId, settings, input, createdAt));
}

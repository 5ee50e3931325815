using System.Runtime.InteropServices;

namespace Realtime.Protocol.Testing.Grammar;

/// <summary>
/// The order in which a server may speak, as a checker: give it every server event of one session and it names each rule that was broken.
/// It holds the simulator to account in its own tests, and any other server in yours; it knows nothing of how either is made.
/// </summary>
/// <remarks>
/// Its rules are invariants, not scripts: the session opens once, ids are unique, what is opened is closed before what contains it, the
/// whole equals the sum of its deltas, and one response at a time writes to the conversation. One caller at a time.
/// </remarks>
public sealed class ServerGrammar
{
    private readonly HashSet<string> _eventIds = [];
    private readonly Dictionary<string, ItemStanding> _items = [];
    private readonly Dictionary<string, ResponseGrammar> _responses = [];
    private readonly HashSet<string> _transcribed = [];
    private readonly Dictionary<string, bool> _mcp = [];
    private readonly List<string> _violations = [];
    private string? _speaking;
    private bool _speechMayBeForgotten;
    private string? _committed;
    private bool _opened;
    private bool _hasConversation;
    private int _count;

    private enum ItemStanding
    {
        Added,
        Done,
        Deleted,
    }

    /// <summary>Every rule that was broken so far, in order: the number of the event, its type and what is wrong with it.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>True when no response is running and nothing that was opened is still open.</summary>
    public bool IsAtRest => _responses.Values.All(static response => response.IsDone) && _items.Values.All(static standing => standing != ItemStanding.Added)
        && _mcp.Values.All(static ended => ended) && (_speaking is null || _speechMayBeForgotten);

    /// <summary>Takes the next server event. Events of unknown types are accepted.</summary>
    /// <returns>False when it broke a rule; <see cref="Violations"/> then has new entries. The checker goes on all the same.</returns>
    public bool Accept(ReadOnlySpan<byte> message)
    {
        int before = _violations.Count;
        _count++;
        if (!ServerEvent.TryRead(message, out ServerEvent said, out ReadError error))
        {
            Violate("unreadable", error.ToString());
            return false;
        }

        string type = said.TypeText.ToString();
        CheckHeader(said, type);
        if (CheckSession(said, type) || CheckInput(said, type) || CheckItems(said, type) || CheckMcp(said, type))
        {
            return _violations.Count == before;
        }

        CheckResponses(said, type);
        return _violations.Count == before;
    }

    private void CheckHeader(in ServerEvent said, string type)
    {
        Require(said.EventId.HasValue && _eventIds.Add(said.EventId.ToString()), type, "its event_id is missing or was used before");
        Require(_opened || said.Kind == ServerEventKind.SessionCreated, type, "it comes before session.created");
        if (_committed is not null && TranscribedItem(said) == _committed)
        {
            // A transcript was seen to come between the commit and the item.
            return;
        }

        bool announced = _committed is null || (said.TryGetConversationItemAdded(out ConversationItemAddedView added) && IdOf(added.Item) == _committed);
        Require(announced, type, "the item that was committed before has to be added first");
        _committed = null;
    }

    private static string? TranscribedItem(in ServerEvent said) =>
        said.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView words) ? words.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView completed) ? completed.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed) ? failed.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionSegment(out ConversationItemInputAudioTranscriptionSegmentView segment) ? segment.ItemId.ToString()
        : null;

    private bool CheckSession(in ServerEvent said, string type)
    {
        if (said.Kind == ServerEventKind.SessionCreated)
        {
            Require(!_opened, type, "the session was created before");
            _opened = true;
        }
        else if (said.Kind == ServerEventKind.SessionUpdated)
        {
            // Switching detection off, or to another format, may leave speech without an end; what the service says then was never seen.
            _speechMayBeForgotten = _speaking is not null;
        }

        else if (said.Kind == ServerEventKind.ConversationCreated)
        {
            Require(!_hasConversation, type, "the conversation was created before");
            _hasConversation = true;
        }

        return said.Kind is ServerEventKind.SessionCreated or ServerEventKind.ConversationCreated or ServerEventKind.SessionUpdated or ServerEventKind.Error or ServerEventKind.RateLimitsUpdated or ServerEventKind.Unknown;
    }

    private bool CheckInput(in ServerEvent said, string type)
    {
        if (said.TryGetInputAudioBufferSpeechStarted(out InputAudioBufferSpeechStartedView started))
        {
            Require(_speaking is null || _speechMayBeForgotten, type, "the user speaks already");
            _speaking = started.ItemId.ToString();
            _speechMayBeForgotten = false;
        }
        else if (said.TryGetInputAudioBufferSpeechStopped(out InputAudioBufferSpeechStoppedView stopped))
        {
            Require(stopped.ItemId.ValueEquals(_speaking ?? ""), type, "it names another item than the speech that started");
        }
        else if (said.TryGetInputAudioBufferTimeoutTriggered(out InputAudioBufferTimeoutTriggeredView quiet))
        {
            // What is committed next is this quiet, as it would be speech.
            Require(_speaking is null || _speechMayBeForgotten, type, "the user speaks");
            Require(quiet.AudioStartMs <= quiet.AudioEndMs, type, "it ends before it begins");
            _speaking = quiet.ItemId.ToString();
            _speechMayBeForgotten = false;
        }
        else if (said.TryGetInputAudioBufferCommitted(out InputAudioBufferCommittedView committed))
        {
            string id = committed.ItemId.ToString();
            Require(_speaking is null || _speaking == id || _speechMayBeForgotten, type, "it names another item than the speech that started");
            _speaking = null;
            _committed = id;
        }
        else if (said.Kind == ServerEventKind.InputAudioBufferCleared)
        {
            _speaking = null;
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool CheckItems(in ServerEvent said, string type)
    {
        if (said.TryGetConversationItemAdded(out ConversationItemAddedView added))
        {
            string id = IdOf(added.Item);
            Require(!_items.TryGetValue(id, out ItemStanding standing) || standing == ItemStanding.Deleted, type, $"the item {id} is there already");
            Require(!added.PreviousItemId.HasValue || _items.ContainsKey(added.PreviousItemId.ToString()), type, "it is placed behind an item that never was there");
            _items[id] = ItemStanding.Added;
        }
        else if (said.TryGetConversationItemDone(out ConversationItemDoneView done))
        {
            string id = IdOf(done.Item);
            ref ItemStanding standing = ref CollectionsMarshal.GetValueRefOrNullRef(_items, id);
            bool known = !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref standing);
            Require(known && standing != ItemStanding.Done, type, $"the item {id} was not added, or was done before");
            if (known && standing == ItemStanding.Added)
            {
                standing = ItemStanding.Done;
            }
        }
        else if (said.TryGetConversationItemDeleted(out ConversationItemDeletedView deleted))
        {
            Require(_items.TryGetValue(deleted.ItemId.ToString(), out ItemStanding standing) && standing != ItemStanding.Deleted, type, "there is no such item");
            _items[deleted.ItemId.ToString()] = ItemStanding.Deleted;
        }
        else if (said.TryGetConversationItemTruncated(out ConversationItemTruncatedView truncated))
        {
            Require(_items.TryGetValue(truncated.ItemId.ToString(), out ItemStanding standing) && standing != ItemStanding.Deleted, type, "there is no such item");
        }
        else if (said.TryGetConversationItemRetrieved(out ConversationItemRetrievedView retrieved))
        {
            Require(_items.TryGetValue(IdOf(retrieved.Item), out ItemStanding standing) && standing != ItemStanding.Deleted, type, "there is no such item");
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView words))
        {
            CheckTranscription(words.ItemId.ToString(), type, ends: false);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionSegment(out ConversationItemInputAudioTranscriptionSegmentView segment))
        {
            CheckTranscription(segment.ItemId.ToString(), type, ends: false);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView completed))
        {
            CheckTranscription(completed.ItemId.ToString(), type, ends: true);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed))
        {
            CheckTranscription(failed.ItemId.ToString(), type, ends: true);
        }
        else
        {
            return false;
        }

        return true;
    }

    // A listing and a call begin once and end once. A call may end when its response is done, and names no response.
    private bool CheckMcp(in ServerEvent said, string type)
    {
        (string? itemId, bool begins) = said.TryGetMcpListToolsInProgress(out McpListToolsInProgressView listing) ? (listing.ItemId.ToString(), true)
            : said.TryGetMcpListToolsCompleted(out McpListToolsCompletedView listed) ? (listed.ItemId.ToString(), false)
            : said.TryGetMcpListToolsFailed(out McpListToolsFailedView unlisted) ? (unlisted.ItemId.ToString(), false)
            : said.TryGetResponseMcpCallInProgress(out ResponseMcpCallInProgressView calling) ? (calling.ItemId.ToString(), true)
            : said.TryGetResponseMcpCallCompleted(out ResponseMcpCallCompletedView called) ? (called.ItemId.ToString(), false)
            : said.TryGetResponseMcpCallFailed(out ResponseMcpCallFailedView failed) ? (failed.ItemId.ToString(), false)
            : (null, false);
        if (itemId is null)
        {
            return false;
        }

        Require(begins ? _mcp.TryAdd(itemId, false) : _mcp.TryGetValue(itemId, out bool ended) && !ended, type, $"{itemId} did not begin, or began or ended before");
        _mcp[itemId] = !begins;
        return true;
    }

    // A transcript may come when its item was deleted meanwhile, but once only.
    private void CheckTranscription(string itemId, string type, bool ends)
    {
        Require(_items.ContainsKey(itemId) || _committed == itemId, type, $"the item {itemId} was never added");
        Require(ends ? _transcribed.Add(itemId) : !_transcribed.Contains(itemId), type, $"the transcript of {itemId} had ended before");
    }

    private void CheckResponses(in ServerEvent said, string type)
    {
        if (said.TryGetResponseCreated(out ResponseCreatedView created))
        {
            string id = created.Response.Id.ToString();
            bool inConversation = created.Response.ConversationId.HasValue;
            Require(created.Response.Status.Value == ResponseStatus.InProgress, type, "its status is not in_progress");
            Require(!inConversation || !_responses.Values.Any(static other => other is { InConversation: true, IsDone: false }), type, "another response writes to the conversation");
            Require(_responses.TryAdd(id, new ResponseGrammar(inConversation)), type, $"the response {id} was created before");
            return;
        }

        string responseId = ResponseIdOf(said);
        if (!_responses.TryGetValue(responseId, out ResponseGrammar? response))
        {
            Violate(type, $"the response '{responseId}' was never created");
        }
        else if (response.IsDone)
        {
            Violate(type, $"the response {responseId} is done");
        }
        else
        {
            foreach (string violation in response.Accept(said, itemIsDone: id => _items.TryGetValue(id, out ItemStanding standing) && standing != ItemStanding.Added))
            {
                Violate(type, violation);
            }
        }
    }

    private static string ResponseIdOf(in ServerEvent said) =>
        said.TryGetResponseDone(out ResponseDoneView done) ? done.Response.Id.ToString()
        : said.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView itemAdded) ? itemAdded.ResponseId.ToString()
        : said.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView itemDone) ? itemDone.ResponseId.ToString()
        : said.TryGetResponseContentPartAdded(out ResponseContentPartAddedView partAdded) ? partAdded.ResponseId.ToString()
        : said.TryGetResponseContentPartDone(out ResponseContentPartDoneView partDone) ? partDone.ResponseId.ToString()
        : said.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView audio) ? audio.ResponseId.ToString()
        : said.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView audioDone) ? audioDone.ResponseId.ToString()
        : said.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView transcript) ? transcript.ResponseId.ToString()
        : said.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView transcriptDone) ? transcriptDone.ResponseId.ToString()
        : said.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView text) ? text.ResponseId.ToString()
        : said.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView textDone) ? textDone.ResponseId.ToString()
        : said.TryGetResponseFunctionCallArgumentsDelta(out ResponseFunctionCallArgumentsDeltaView arguments) ? arguments.ResponseId.ToString()
        : said.TryGetResponseFunctionCallArgumentsDone(out ResponseFunctionCallArgumentsDoneView argumentsDone) ? argumentsDone.ResponseId.ToString()
        : said.TryGetResponseMcpCallArgumentsDelta(out ResponseMcpCallArgumentsDeltaView remote) ? remote.ResponseId.ToString()
        : said.TryGetResponseMcpCallArgumentsDone(out ResponseMcpCallArgumentsDoneView remoteDone) ? remoteDone.ResponseId.ToString()
        : "";

    private static string IdOf(ItemView item) => item.Id.ToString();

    private void Require(bool held, string type, string otherwise)
    {
        if (!held)
        {
            Violate(type, otherwise);
        }
    }

    private void Violate(string type, string what) => _violations.Add($"event {_count} ({type}): {what}");
}

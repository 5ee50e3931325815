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
    private readonly ServerRules _excused;
    private readonly Func<string, bool> _itemIsDone;
    private int _count;
    private string? _latestId;
    private ResponseGrammar? _latest;

    /// <summary>A checker of one session, which holds its server to every rule.</summary>
    public ServerGrammar()
        : this(ServerRules.None)
    {
    }

    /// <param name="excused">What is not held against the server, because somebody asked for it.</param>
    internal ServerGrammar(ServerRules excused)
    {
        _excused = excused;
        _itemIsDone = id => _items.TryGetValue(id, out ItemStanding standing) && standing != ItemStanding.Added;
    }

    private enum ItemStanding
    {
        Added,
        Done,
        Deleted,
    }

    /// <summary>Every rule that was broken so far, in order: the number of the event, its type and what is wrong with it.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>What was broken so far.</summary>
    internal ServerRules Broken { get; private set; }

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
            Violate("unreadable", ServerRules.Readable, error.ToString());
            return false;
        }

        CheckHeader(said);
        if (!(CheckSession(said) || CheckInput(said) || CheckItems(said) || CheckMcp(said)))
        {
            CheckResponses(said);
        }

        return _violations.Count == before;
    }

    private void CheckHeader(in ServerEvent said)
    {
        // Whoever excuses a server from this need not keep the ids.
        if ((_excused & ServerRules.EventIds) == 0)
        {
            Require(said.EventId.HasValue && _eventIds.Add(said.EventId.ToString()), said, ServerRules.EventIds, "its event_id is missing or was used before");
        }

        // What nobody knows may come anywhere.
        if (said.Kind == ServerEventKind.Unknown)
        {
            return;
        }

        // Whoever is not let in is told so before there is a session.
        Require(_opened || said.Kind is ServerEventKind.SessionCreated or ServerEventKind.Error, said, ServerRules.Opening, "it comes before session.created");
        if (_committed is not null && TranscribedItem(said) == _committed)
        {
            // A transcript was seen to come between the commit and the item.
            return;
        }

        bool announced = _committed is null || (said.TryGetConversationItemAdded(out ConversationItemAddedView added) && IdOf(added.Item) == _committed);
        Require(announced, said, ServerRules.Commit, "the item that was committed before has to be added first");
        _committed = null;
    }

    private static string? TranscribedItem(in ServerEvent said) =>
        said.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView words) ? words.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView completed) ? completed.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed) ? failed.ItemId.ToString()
        : said.TryGetConversationItemInputAudioTranscriptionSegment(out ConversationItemInputAudioTranscriptionSegmentView segment) ? segment.ItemId.ToString()
        : null;

    private bool CheckSession(in ServerEvent said)
    {
        if (said.Kind == ServerEventKind.SessionCreated)
        {
            Require(!_opened, said, ServerRules.Opening, "the session was created before");
            _opened = true;
        }
        else if (said.Kind == ServerEventKind.SessionUpdated)
        {
            // Switching detection off, or to another format, may leave speech without an end; what the service says then was never seen.
            _speechMayBeForgotten = _speaking is not null;
        }

        else if (said.Kind == ServerEventKind.ConversationCreated)
        {
            Require(!_hasConversation, said, ServerRules.Opening, "the conversation was created before");
            _hasConversation = true;
        }

        return said.Kind is ServerEventKind.SessionCreated or ServerEventKind.ConversationCreated or ServerEventKind.SessionUpdated or ServerEventKind.Error or ServerEventKind.RateLimitsUpdated or ServerEventKind.Unknown;
    }

    private bool CheckInput(in ServerEvent said)
    {
        if (said.TryGetInputAudioBufferSpeechStarted(out InputAudioBufferSpeechStartedView started))
        {
            Require(_speaking is null || _speechMayBeForgotten, said, ServerRules.Speech, "the user speaks already");
            _speaking = started.ItemId.ToString();
            _speechMayBeForgotten = false;
        }
        else if (said.TryGetInputAudioBufferSpeechStopped(out InputAudioBufferSpeechStoppedView stopped))
        {
            Require(stopped.ItemId.ValueEquals(_speaking ?? ""), said, ServerRules.Speech, "it names another item than the speech that started");
        }
        else if (said.TryGetInputAudioBufferTimeoutTriggered(out InputAudioBufferTimeoutTriggeredView quiet))
        {
            // What is committed next is this quiet, as it would be speech.
            Require(_speaking is null || _speechMayBeForgotten, said, ServerRules.Speech, "the user speaks");
            Require(quiet.AudioStartMs <= quiet.AudioEndMs, said, ServerRules.Speech, "it ends before it begins");
            _speaking = quiet.ItemId.ToString();
            _speechMayBeForgotten = false;
        }
        else if (said.TryGetInputAudioBufferCommitted(out InputAudioBufferCommittedView committed))
        {
            string id = committed.ItemId.ToString();
            Require(_speaking is null || _speaking == id || _speechMayBeForgotten, said, ServerRules.Speech, "it names another item than the speech that started");
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

    private bool CheckItems(in ServerEvent said)
    {
        if (said.TryGetConversationItemAdded(out ConversationItemAddedView added))
        {
            string id = IdOf(added.Item);
            Require(!_items.TryGetValue(id, out ItemStanding standing) || standing == ItemStanding.Deleted, said, ServerRules.Items, $"the item {id} is there already");
            Require(!added.PreviousItemId.HasValue || _items.ContainsKey(added.PreviousItemId.ToString()), said, ServerRules.Items, "it is placed behind an item that never was there");
            _items[id] = ItemStanding.Added;
        }
        else if (said.TryGetConversationItemDone(out ConversationItemDoneView done))
        {
            string id = IdOf(done.Item);
            ref ItemStanding standing = ref CollectionsMarshal.GetValueRefOrNullRef(_items, id);
            bool known = !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref standing);
            Require(known && standing != ItemStanding.Done, said, ServerRules.ItemsEnd, $"the item {id} was not added, or was done before");
            if (known && standing == ItemStanding.Added)
            {
                standing = ItemStanding.Done;
            }
        }
        else if (said.TryGetConversationItemDeleted(out ConversationItemDeletedView deleted))
        {
            Require(_items.TryGetValue(deleted.ItemId.ToString(), out ItemStanding standing) && standing != ItemStanding.Deleted, said, ServerRules.Items, "there is no such item");
            _items[deleted.ItemId.ToString()] = ItemStanding.Deleted;
        }
        else if (said.TryGetConversationItemTruncated(out ConversationItemTruncatedView truncated))
        {
            Require(_items.TryGetValue(truncated.ItemId.ToString(), out ItemStanding standing) && standing != ItemStanding.Deleted, said, ServerRules.Items, "there is no such item");
        }
        else if (said.TryGetConversationItemRetrieved(out ConversationItemRetrievedView retrieved))
        {
            Require(_items.TryGetValue(IdOf(retrieved.Item), out ItemStanding standing) && standing != ItemStanding.Deleted, said, ServerRules.Items, "there is no such item");
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView words))
        {
            CheckTranscription(words.ItemId.ToString(), said, ends: false);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionSegment(out ConversationItemInputAudioTranscriptionSegmentView segment))
        {
            CheckTranscription(segment.ItemId.ToString(), said, ends: false);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView completed))
        {
            CheckTranscription(completed.ItemId.ToString(), said, ends: true);
        }
        else if (said.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed))
        {
            CheckTranscription(failed.ItemId.ToString(), said, ends: true);
        }
        else
        {
            return false;
        }

        return true;
    }

    // A listing and a call begin once and end once. A call may end when its response is done, and names no response.
    private bool CheckMcp(in ServerEvent said)
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

        Require(begins ? _mcp.TryAdd(itemId, false) : _mcp.TryGetValue(itemId, out bool ended) && !ended, said, ServerRules.Remote, $"{itemId} did not begin, or began or ended before");
        _mcp[itemId] = !begins;
        return true;
    }

    // A transcript may come when its item was deleted meanwhile, but once only.
    private void CheckTranscription(string itemId, in ServerEvent said, bool ends)
    {
        Require(_items.ContainsKey(itemId) || _committed == itemId, said, ServerRules.Transcripts, $"the item {itemId} was never added");
        Require(ends ? _transcribed.Add(itemId) : !_transcribed.Contains(itemId), said, ServerRules.Transcripts, $"the transcript of {itemId} had ended before");
    }

    private void CheckResponses(in ServerEvent said)
    {
        if (said.TryGetResponseCreated(out ResponseCreatedView created))
        {
            string id = created.Response.Id.ToString();
            bool inConversation = created.Response.ConversationId.HasValue;
            Require(created.Response.Status.Value == ResponseStatus.InProgress, said, ServerRules.Creation, "its status is not in_progress");
            Require(!inConversation || !_responses.Values.Any(static other => other is { InConversation: true, IsDone: false }), said, ServerRules.Creation, "another response writes to the conversation");
            Require(_responses.TryAdd(id, new ResponseGrammar(inConversation)), said, ServerRules.Creation, $"the response {id} was created before");
            return;
        }

        if (Find(ResponseIdOf(said)) is not { } response)
        {
            Violate(said, ServerRules.Running, $"the response '{ResponseIdOf(said).ToString()}' was never created");
        }
        else if (response.IsDone)
        {
            Violate(said, ServerRules.Running, $"the response {ResponseIdOf(said).ToString()} is done");
        }
        else
        {
            foreach ((ServerRules rule, string violation) in response.Accept(said, _itemIsDone))
            {
                Violate(said, rule, violation);
            }
        }
    }

    // One response says hundreds of deltas in a row.
    private ResponseGrammar? Find(TextView id)
    {
        if (_latestId is { } latest && id.ValueEquals(latest))
        {
            return _latest;
        }

        string wanted = id.ToString();
        if (_responses.TryGetValue(wanted, out ResponseGrammar? found))
        {
            (_latestId, _latest) = (wanted, found);
        }

        return found;
    }

    private static TextView ResponseIdOf(in ServerEvent said) =>
        said.TryGetResponseDone(out ResponseDoneView done) ? done.Response.Id
        : said.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView itemAdded) ? itemAdded.ResponseId
        : said.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView itemDone) ? itemDone.ResponseId
        : said.TryGetResponseContentPartAdded(out ResponseContentPartAddedView partAdded) ? partAdded.ResponseId
        : said.TryGetResponseContentPartDone(out ResponseContentPartDoneView partDone) ? partDone.ResponseId
        : said.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView audio) ? audio.ResponseId
        : said.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView audioDone) ? audioDone.ResponseId
        : said.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView transcript) ? transcript.ResponseId
        : said.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView transcriptDone) ? transcriptDone.ResponseId
        : said.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView text) ? text.ResponseId
        : said.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView textDone) ? textDone.ResponseId
        : said.TryGetResponseFunctionCallArgumentsDelta(out ResponseFunctionCallArgumentsDeltaView arguments) ? arguments.ResponseId
        : said.TryGetResponseFunctionCallArgumentsDone(out ResponseFunctionCallArgumentsDoneView argumentsDone) ? argumentsDone.ResponseId
        : said.TryGetResponseMcpCallArgumentsDelta(out ResponseMcpCallArgumentsDeltaView remote) ? remote.ResponseId
        : said.TryGetResponseMcpCallArgumentsDone(out ResponseMcpCallArgumentsDoneView remoteDone) ? remoteDone.ResponseId
        : default;

    private static string IdOf(ItemView item) => item.Id.ToString();

    private void Require(bool held, in ServerEvent said, ServerRules rule, string otherwise)
    {
        if (!held)
        {
            Violate(said, rule, otherwise);
        }
    }

    private void Violate(in ServerEvent said, ServerRules rule, string what) => Violate(said.TypeText.ToString(), rule, what);

    private void Violate(string type, ServerRules rule, string what)
    {
        if ((_excused & rule) == 0)
        {
            Broken |= rule;
            _violations.Add($"event {_count} ({type}): {what}");
        }
    }
}

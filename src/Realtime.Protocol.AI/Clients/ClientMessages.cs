using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>
/// Every message of Microsoft.Extensions.AI as one verb of the session; what has none is refused by its name, and nothing is dropped in silence. An update is the session's own (<see cref="VoiceRealtimeSession"/>).
/// <para>
/// A middleware asks for a response after the output of each call, and while the response that made the calls still runs. That is legal here: outputs are given without asking for a response, and what is asked states nothing, so it waits for
/// the running response, for the outputs that are due, and all of it becomes one (RC-01, RC-07, FC-09). A request right behind an output that one which waits will read already, asks for nothing more and is not sent again.
/// </para>
/// </summary>
/// <param name="session">Of the application.</param>
/// <param name="options">What the session was connected with.</param>
/// <param name="hasOthersTools">The functions of the session were given by whoever reads the messages, who runs them.</param>
/// <param name="inbox">Learns of requests that nothing of the server's answers.</param>
internal sealed class ClientMessages(VoiceSession session, VoiceSessionOptions options, bool hasOthersTools, MessageInbox inbox)
{
    private const int MostOrigins = 64;

    private readonly SemaphoreSlim _input = new(1, 1);
    private readonly ConcurrentQueue<(Turn Turn, string MessageId)> _asked = new();
    private readonly ConcurrentDictionary<string, bool> _overdue = new(StringComparer.Ordinal);
    private volatile HashSet<string> _ownTools = hasOthersTools ? [] : [.. (options.Session.Tools ?? []).OfType<VoiceTool.Function>().Where(static tool => tool.Run is not null).Select(static tool => tool.Name)];
    private Waiting? _waiting;
    private int _isAskedAlready;

    public VoiceSessionOptions Options => options;

    public ValueTask SendAsync(RealtimeClientMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case InputAudioBufferAppendRealtimeClientMessage append:
                ThrowIfRaw(message);
                return AppendAsync(append.Content, cancellationToken);
            case InputAudioBufferCommitRealtimeClientMessage:
                ThrowIfRaw(message);
                Volatile.Write(ref _isAskedAlready, 0); // what is asked behind this, is asked about this
                return CommitAsync(cancellationToken);
            case CreateConversationItemRealtimeClientMessage create:
                ThrowIfRaw(message);
                Create(create.Item);
                return default;
            case CreateResponseRealtimeClientMessage ask:
                Ask(ask);
                return default;
            default:
                return session.SendRawAsync(RawOf(message), cancellationToken);
        }
    }

    /// <summary>Whether the session runs the calls of this function.</summary>
    public bool RunsItself(string function) => _ownTools.Contains(function);

    /// <summary>The session was given other tools.</summary>
    public void GiveUpOwnTools() => _ownTools = [];

    /// <summary>What the session tells of itself.</summary>
    public void Note(SessionProblem problem)
    {
        if (problem is SessionProblem.ToolOverdue overdue)
        {
            _overdue[overdue.CallId] = true;
        }
    }

    /// <summary>The message whose event the server names: a request for a response by what became of its turn, all else by the id itself.</summary>
    public string OriginOf(string eventId)
    {
        foreach ((Turn turn, string messageId) in _asked)
        {
            if (turn.Completion is { IsCompletedSuccessfully: true, Result.Outcome: TurnOutcome.Rejected(var error) } && error.EventId == eventId)
            {
                return messageId;
            }
        }

        return eventId;
    }

    /// <exception cref="NotSupportedException">A message of a kind that has a verb brings an event of its own as well.</exception>
    public static void ThrowIfRaw(RealtimeClientMessage message)
    {
        if (message.RawRepresentation is { } raw)
        {
            throw new NotSupportedException($"{message.GetType().Name}.RawRepresentation: a {raw.GetType().Name} has no place beside what the message says. Send it as a RealtimeClientMessage of its own.");
        }
    }

    private async ValueTask AppendAsync(DataContent content, CancellationToken cancellationToken)
    {
        MediaTypes.ThrowIfOther(content, session.Input.Encoding, nameof(InputAudioBufferAppendRealtimeClientMessage.Content));
        await _input.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await session.Input.WriteAsync(content.Data, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _input.Release();
        }
    }

    private async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await _input.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // What is refused is thrown here and now; what the server refuses comes as its error.
            Task<Utterance> committed = session.Input.CommitAsync(CancellationToken.None);
            if (committed.IsFaulted)
            {
                await committed.ConfigureAwait(false);
            }
        }
        finally
        {
            _input.Release();
        }
    }

    private void Create(RealtimeConversationItem item)
    {
        if (item.Contents is [FunctionResultContent, ..])
        {
            FunctionResultContent[] outputs =
            [
                .. item.Contents.Select(static content => content as FunctionResultContent
                    ?? throw new NotSupportedException($"RealtimeConversationItem.Contents: outputs of calls stand alone, and a {content?.GetType().Name ?? "null"} is among them.")),
            ];
            foreach (FunctionResultContent output in outputs)
            {
                Answer(output);
            }

            return;
        }

        Volatile.Write(ref _isAskedAlready, 0);
        _ = session.Conversation.AddAsync(ItemToServer.Of(item, options.InputEncoding), default, CancellationToken.None);
    }

    private void Answer(FunctionResultContent output)
    {
        ToolCallOutput given = ItemToServer.OutputOf(output);
        if (_overdue.TryRemove(output.CallId, out _))
        {
            // The model was told that none came, and has been asked: so has whoever asks behind this.
            Volatile.Write(ref _isAskedAlready, 1);
            return;
        }

        // Looked at before: the last output of a round lets the request go.
        bool asksItself = AsksItself(output.CallId);
        bool isAsked = asksItself || IsWaiting();
        session.SubmitToolOutput(output.CallId, asksItself ? given : ToolCallOutput.WithoutResponse(given.Text));
        Volatile.Write(ref _isAskedAlready, isAsked ? 1 : 0);
    }

    // A request that states nothing and has not begun reads every output that is given before it is sent, and waits for those that are due (FC-09). If another response has begun since, it may still wait; then the next one joins it (RC-07).
    private bool IsWaiting() => Volatile.Read(ref _waiting) is { Turn.Completion.IsCompleted: false } waiting && waiting.Begun == inbox.Begun;

    /// <summary>
    /// Where the session must ask by itself: it runs other calls of the round, or the call was made beside the conversation, where only the session can go on. Then the request that follows the output is the session's already.
    /// </summary>
    private bool AsksItself(string callId) =>
        _ownTools.Count > 0 || !session.Conversation.Items.Any(item => item is ConversationItem.FunctionCall call && call.CallId == callId);

    private void Ask(CreateResponseRealtimeClientMessage message)
    {
        ResponseRequest request = ResponseMapping.Of(message, session, options);
        bool isAutomatic = request == new ResponseRequest();
        if (Interlocked.Exchange(ref _isAskedAlready, 0) == 1 && isAutomatic)
        {
            return;
        }

        int begun = inbox.Begun;
        Turn turn = session.Respond(request);
        if (isAutomatic)
        {
            Volatile.Write(ref _waiting, new(turn, begun));
        }

        if (message.MessageId is { } id)
        {
            _asked.Enqueue((turn, id));
            if (_asked.Count > MostOrigins)
            {
                _asked.TryDequeue(out _);
            }
        }

        _ = FollowAsync(turn, message.MessageId);
    }

    // Refused, failed, interrupted: the server says so. What nothing says is said here.
    private async Task FollowAsync(Turn turn, string? messageId)
    {
        TurnResult result = await turn.Completion.ConfigureAwait(false);
        if (result.Outcome is TurnOutcome.TimedOut or TurnOutcome.AudioOverrun or TurnOutcome.ToolRoundLimit)
        {
            inbox.Add(ErrorMessages.Of(result.Outcome, messageId));
        }
    }

    private static RawJson RawOf(RealtimeClientMessage message)
    {
        string json = message.RawRepresentation switch
        {
            RawJson raw => System.Text.Encoding.UTF8.GetString(raw.Utf8),
            string text => text,
            JsonNode node => node.ToJsonString(),
            JsonElement element => element.GetRawText(),
            null => throw new NotSupportedException($"{message.GetType().Name}: a voice session has no verb for it, and it brings no event in RawRepresentation."),
            var other => throw new NotSupportedException($"{message.GetType().Name}.RawRepresentation: an event is a text, a JsonNode, a JsonElement or a RawJson, and this is a {other.GetType().Name}."),
        };
        try
        {
            return RawJson.Parse(message.MessageId is { } id && JsonNode.Parse(json) is JsonObject e && e.TryAdd("event_id", id) ? e.ToJsonString() : json);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            throw new ArgumentException($"RawRepresentation is not one event in JSON. {unreadable.Message}", nameof(message), unreadable);
        }
    }

    /// <param name="Turn">Asked for by a request that states nothing.</param>
    /// <param name="Begun">How many responses had begun when it was asked for.</param>
    private sealed record Waiting(Turn Turn, int Begun);
}

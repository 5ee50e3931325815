using System.Globalization;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle.Scenarios;

/// <summary>
/// A conversation in one line: what the application asks, what must go out, what the server says, and what is then true. Steps are separated by <c>·</c>:
/// <c>!word(…)</c> the application asks; <c>→word(…)</c> the next frame that goes out; <c>←word(…)</c> the server says; <c>∅</c> nothing has gone out that was not named; <c>⊢ word(…)</c> this is
/// true now; <c>wait(10s)</c> time passes. The first step names the session: <c>manual</c> or <c>vad</c>, and what its settings are. README.md beside this file lists the words.
/// </summary>
internal sealed class Scenario
{
    private readonly Conversation _talk;
    private SubmitResult _last;
    private Reception _heard;

    private Scenario(Conversation talk) => _talk = talk;

    public static void Run(string scenario)
    {
        string[] steps = scenario.Split('·', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ScenarioStep session = ScenarioStep.Parse(steps[0]);
        Action<ScenarioStep> run = session.Word == "translation" ? new TranslationScenario().Do : new Scenario(Open(session)).Do;
        for (int i = 1; i < steps.Length; i++)
        {
            try
            {
                run(ScenarioStep.Parse(steps[i]));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"Step {i}, {steps[i]}: {e.Message}", e);
            }
        }
    }

    private static Conversation Open(ScenarioStep session)
    {
        MachineSettings settings = Conversation.Settings(
            turnWhenBusy: session.Has("queue") ? WhenBusy.Queue : session.Has("refuse") ? WhenBusy.Refuse : WhenBusy.CancelThenCreate,
            echoesMetadata: !session.Has("no echo"),
            truncatesAnyPart: session.Has("any part"),
            serverTruncates: session.Has("call"),
            maxAudio: session.Has("short") ? 1_000 : 600_000);
        return session.Word switch
        {
            "manual" => Conversation.Manual(settings),
            "vad" => Conversation.Detecting(settings, interrupts: !session.Has("no interrupt")),
            "transcription" => Conversation.Transcribing(),
            _ => throw session.Unknown(),
        };
    }

    private void Do(ScenarioStep step)
    {
        switch (step.Sign)
        {
            case '!':
                Ask(step);
                break;
            case '→':
                Goes(step);
                break;
            case '←':
                Says(step);
                break;
            case '∅':
                _talk.SendsNothing();
                break;
            case '⊢':
                Holds(step);
                break;
            default:
                _talk.Wait(step.Word == "wait" ? step.Milliseconds(0) : throw step.Unknown());
                break;
        }
    }

    /// <summary>The application's words.</summary>
    private void Ask(ScenarioStep step)
    {
        if (step.Word == "close")
        {
            _talk.Close();
            return;
        }

        if (step.Word == "drain")
        {
            _talk.Drain();
            return;
        }

        if (step.Word == "waiting")
        {
            _talk.Waiting = step.Number(0);
            return;
        }

        if (step.Word == "speak" || (step.Word == "commit" && step.Count > 0))
        {
            _talk.Submit(SessionIntent.AudioAppended(step.Number(0) * 48));
        }

        _last = _talk.Submit(step.Word switch
        {
            "create" => SessionIntent.CreateResponse(step.Count == 0 ? null : new ResponseParameters { Instructions = step[0] }),
            "aside" => SessionIntent.CreateResponse(new ResponseParameters
            {
                Conversation = Events.ResponseParametersConversation.None,
                Instructions = step.Count > 0 && step[0] != "-" ? step[0] : default(Events.Text),
                Input = step.Count < 2 ? default(Events.FieldList<Events.Item>) : new Events.Item[] { new Events.ItemReference { Id = Resolved(step[1]) } },
            }),
            "text" => SessionIntent.TextTurn(step[0]),
            "speak" => SessionIntent.EndTurn(),
            "commit" => SessionIntent.CommitInput(),
            "add" => SessionIntent.AddText(step.Or(1, "user") == "assistant" ? ItemRole.Assistant : ItemRole.User, step[0]),
            "put" => SessionIntent.AddItem(ConversationItem.User(step[0]), step[1] == "start" ? ItemPosition.Start : ItemPosition.After(Resolved(step[1]))),
            "sound" => SessionIntent.AddItem(ConversationItem.User(new ItemContent.Audio(new byte[step.Number(0)]))),
            "retrieve" => SessionIntent.RetrieveItem(Resolved(step[0])),
            "shorten" => SessionIntent.TruncateItem(Resolved(step[0]), step.Number(1)),
            "output" => SessionIntent.ToolOutput(step[0], step.Or(1, "{}")),
            "approve" => SessionIntent.AnswerApproval(step[0], isApproved: true),
            "forbid" => SessionIntent.AnswerApproval(step[0], isApproved: false),
            "servers" => SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Realtime, Tools = step.Rest(0).Select(static Events.Tool (label) => new Events.McpTool { ServerLabel = label }).ToArray() }),
            "played" when int.TryParse(step[0], CultureInfo.InvariantCulture, out int turn) => SessionIntent.Played(turn, step.Number(1) * 48),
            "played" => SessionIntent.Played(step[0], 0, step.Number(1) * 48),
            "taken" => SessionIntent.Taken((int)step.Number(0), step.Number(1) * 48),
            "interrupt" => SessionIntent.Interrupt(),
            "cancel" => SessionIntent.CancelTurn((int)step.Number(0)),
            "clear" => SessionIntent.ClearInput(),
            "delete" => SessionIntent.DeleteItem(Resolved(step[0])),
            "configure" => SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Realtime, Audio = { Output = { Voice = step.Count == 0 ? null : (Events.Voice)step[0] } } }),
            "speed" => SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Realtime, Audio = { Output = { Speed = double.Parse(step[0], CultureInfo.InvariantCulture) } } }),
            "metadata" => SessionIntent.CreateResponse(new ResponseParameters { Metadata = [new(step[0], step[1])] }),
            "written" => SessionIntent.CreateResponse(new ResponseParameters { OutputModalities = [Events.Modality.Text] }),
            _ => throw step.Unknown(),
        });
    }

    /// <summary>The client's frames. A name such as <c>e1</c> takes the frame's event id; <c>created(A, e1)</c> then repeats its token.</summary>
    private void Goes(ScenarioStep step)
    {
        (string type, string[] members) = step.Word switch
        {
            "create" => ("response.create", step.Members("", "response.instructions")),
            "aside" => ("response.create", ["response.conversation=none", .. step.Members("", "response.instructions")]),
            "cancel" => ("response.cancel", step.Members("response_id")),
            "truncate" => ("conversation.item.truncate", [$"item_id={step[0]}", $"audio_end_ms:={step[1]}"]),
            "delete" => ("conversation.item.delete", step.Members("item_id")),
            "item" => ("conversation.item.create", step.Members("", "item.content.0.text")),
            "output" => ("conversation.item.create", ["item.type=function_call_output", .. step.Members("item.call_id")]),
            "approval" => ("conversation.item.create", ["item.type=mcp_approval_response", $"item.approval_request_id={step[0]}", $"item.approve:={step.Or(1, "true")}"]),
            "commit" => ("input_audio_buffer.commit", step.Members("")),
            "clear" => ("input_audio_buffer.clear", step.Members("")),
            "hush" => ("output_audio_buffer.clear", step.Members("")),
            "update" => ("session.update", step.Members("")),
            _ => (step.Word, step.Rest(0)),
        };
        List<string> checks = [.. members, .. step.FrameChecks];
        if (step.EventName is { } name)
        {
            checks.Add($"event_id=${name}");
            if (type == "response.create" && !step.Rest(0).Contains("-response"))
            {
                checks.Add($"{Frame.Token}=$token of {name}");
            }
            else if (type == "conversation.item.create")
            {
                checks.Add($"item.id=$item of {name}");
            }
        }

        _talk.Sends(type, [.. checks]);
    }

    /// <summary>The server's frames: the named words of <see cref="Conversation"/>, or an event's type and its changes.</summary>
    private void Says(ScenarioStep step)
    {
        switch (step.Word)
        {
            case "created":
                string by = step.Or(1, "-");
                _talk.Created(step[0], by is "-" or "aside" ? null : _talk.Names.Knows($"$token of {by}") ? _talk.Names[$"$token of {by}"] : by, outOfBand: step.Count > 2 ? step[2] == "aside" : by == "aside");
                break;
            case "done":
                _talk.Done(step[0], step.Status(1), step.Count > 2 ? step[2] : null);
                break;
            case "message":
                _talk.Message(step[0], step[1], outOfBand: step.Or(2, "") == "aside");
                break;
            case "audio":
                _heard = _talk.Audio(step[0], step[1], checked((int)step.Milliseconds(2) * 48));
                break;
            case "bytes":
                _heard = _talk.Audio(step[0], step[1], (int)step.Number(2), (int)long.Parse(step.Or(3, "0"), CultureInfo.InvariantCulture));
                break;
            case "audio_done":
                _talk.AudioDone(step[0], step[1]);
                break;
            case "item_done":
                _talk.ItemDone(step[0], step[1], step.Status(2));
                break;
            case "call":
                _talk.Call(step[0], step[1], step[2], step.Status(3), outOfBand: step.Or(4, "") == "aside");
                break;
            case "mcp":
                _talk.McpCall(step[0], step[1]);
                break;
            case "mcp_ended":
                _talk.McpEnded(step[0]);
                break;
            case "mcp_failed":
                _talk.McpEnded(step[0], """{"type":"http_error","code":503,"message":"closed"}""");
                break;
            case "asks":
                _talk.McpAsks(step[0], step[1]);
                break;
            case "listing":
                _talk.McpListing(step[0], step[1]);
                break;
            case "listed":
                _talk.McpListed(step[0], step[1], step[2]);
                break;
            case "unlisted":
                _talk.McpUnlisted(step[0]);
                break;
            case "added":
                _talk.ItemAdded(Resolved(step[0]));
                break;
            case "deleted":
                _talk.ItemDeleted(Resolved(step[0]));
                break;
            case "error":
                _talk.Error(step[0] == "-" ? null : step[0], step.Count > 1 && step[1] != "-" ? _talk.Names[$"${step[1]}"] : null, step.Count > 2 ? step[2] : null);
                break;
            case "busy":
                _talk.BusyError(step[0] == "-" ? null : _talk.Names[$"${step[0]}"], step.Count > 1 ? step[1] : null);
                break;
            case "started":
                _talk.SpeechStarted(step.Or(0, "u"));
                break;
            case "stopped":
                _talk.SpeechStopped(step.Or(0, "u"));
                break;
            case "committed":
                _talk.Committed(step.Or(0, "u"));
                break;
            case "timeout":
                _talk.IdleTimeout();
                break;
            case "transcribing":
                _talk.Transcribes();
                break;
            case "piece":
                _talk.Piece(step[0], step[1]);
                break;
            case "transcript":
                _talk.Transcript(step[0], step.Or(1, ""));
                break;
            case "transcript_failed":
                _talk.TranscriptFailed(step[0]);
                break;
            case "cleared":
                _talk.Hear("input_audio_buffer.cleared");
                break;
            case "updated":
                _talk.Updated();
                break;
            default:
                _heard = _talk.Hear(step.Word.Contains('.', StringComparison.Ordinal) ? step.Word : throw step.Unknown(), step.Rest(0));
                break;
        }
    }

    /// <summary>What is true.</summary>
    private void Holds(ScenarioStep step)
    {
        bool holds = step.Word switch
        {
            "turn" when step[1] == "open" => _talk.IsOpen((int)step.Number(0)),
            "turn" => _talk.Outcome((int)step.Number(0))?.GetType().Name == step[1],
            "said" => _talk.Said((int)step.Number(0)) is { } said && said.Outcome.ToString() == step[1] && said.Transcript == step.Or(2, ""),
            "unsaid" => _talk.Said((int)step.Number(0)) is null,
            "written" => _talk.Changes<SessionChange.ItemTranscribed>().Any(written => written.ItemId == step[0] && written.Result.Transcript == step[1]),
            "joined" => _last.Turn == step.Number(0),
            "refused" => !_last.IsAccepted && _last.Rule == step[0],
            "holds" => _talk.Machine.Items.Select(static item => item.Id).SequenceEqual(step.Rest(0).Select(Resolved)),
            "quiet" => _talk.Machine.IsQuiet(_talk.Now),
            "loud" => !_talk.Machine.IsQuiet(_talk.Now),
            "queued" => _last.Verdict is SubmitVerdict.Queued,
            "completed" => _talk.Changes<SessionChange.OperationCompleted>().Count(completed => completed.Operation == step.Number(0)) == 1,
            "failed" => _talk.Changes<SessionChange.OperationFailed>().Count(failed => failed.Operation == step.Number(0)) == 1,
            "pending" => !Ended().Contains((int)step.Number(0)),
            "runs" => _talk.Changes<SessionChange.ToolCallReady>().Select(static call => call.CallId).SequenceEqual(step.Rest(0)),
            "withdrawn" => _talk.Changes<SessionChange.ToolCallWithdrawn>().Select(static call => call.CallId).SequenceEqual(step.Rest(0)),
            "overdue" => _talk.Changes<SessionChange.ToolCallOverdue>().Select(static call => call.CallId).SequenceEqual(step.Rest(0)),
            "listed" => _talk.Changes<SessionChange.McpToolsListed>().Select(static list => list.Server).SequenceEqual(step.Rest(0)),
            "unlisted" => _talk.Changes<SessionChange.McpToolsFailed>().Select(static list => list.Server).SequenceEqual(step.Rest(0)),
            "asked" => _talk.Changes<SessionChange.McpApprovalAsked>().Select(static question => question.ItemId).SequenceEqual(step.Rest(0)),
            "unanswered" => _talk.Changes<SessionChange.McpApprovalOverdue>().Select(static question => question.ItemId).SequenceEqual(step.Rest(0)),
            "unheard_of" => _talk.Changes<SessionChange.McpCallOverdue>().Select(static call => call.ItemId).SequenceEqual(step.Rest(0)),
            "answers" => _talk.Changes<SessionChange.ResponseStarted>().Any(started => started.ResponseId == step[0] && started.Turn == step.Number(1)),
            "origin" => _talk.Changes<SessionChange.ResponseStarted>()[^1].Origin.ToString() == step[0],
            "usage" => _talk.Changes<SessionChange.ResponseEnded>().Select(static ended => (ended.ResponseId, ended.Usage))
                .Concat(_talk.Changes<SessionChange.ResponseUsageStated>().Select(static stated => (stated.ResponseId, Usage: (TokenUsage?)stated.Usage)))
                .Where(told => told.ResponseId == step[0] && told.Usage is not null).Select(static told => told.Usage!.Value.Total).SequenceEqual(step.Rest(1).Select(static total => long.Parse(total, CultureInfo.InvariantCulture))),
            "ignored" => _talk.Changes<SessionChange.ErrorIgnored>().Any(ignored => ignored.Rule == step[0]),
            "surfaced" => _talk.Changes<SessionChange.ErrorSurfaced>().Any(surfaced => surfaced.Severity.ToString() == step[0]),
            "tolerated" => _talk.Changes<SessionChange.ViolationTolerated>().Any(tolerated => tolerated.Rule == step[0]),
            "silenced" => _talk.Changes<SessionChange.PlaybackStopped>().Any(stopped => stopped.Turn == step.Number(0)),
            "final" => _talk.Changes<SessionChange.ItemDone>().Any(item => item.ItemId == step[0] && item.Status == step.Status(1)),
            "heard" => _heard is { Turn: not 0, IsDropped: false },
            "dropped" => _heard.IsDropped,
            "alive" => _talk.Changes<SessionChange.ConnectionUnresponsive>().Length == 0,
            "dead" => _talk.Changes<SessionChange.ConnectionUnresponsive>().Length == 1,
            _ => throw step.Unknown(),
        };
        Assert.True(holds, "It is not true.");
    }

    private IEnumerable<int> Ended() => _talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation)
        .Concat(_talk.Changes<SessionChange.OperationFailed>().Select(static failed => failed.Operation));

    /// <summary>An item's id, or the item that a frame such as <c>e1</c> made.</summary>
    private string Resolved(string item) => _talk.Names.Knows($"$item of {item}") ? _talk.Names[$"$item of {item}"] : item;
}

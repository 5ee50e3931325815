using System.Collections.ObjectModel;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Mcp;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>
/// Plays responses: every step becomes its events, in the order that recorded sessions show, and whatever way a response ends, what was
/// opened is closed first. Of responses for the conversation there is at most one; the others may run beside it.
/// </summary>
internal sealed class ResponsePlayer(SessionContext session, McpListing listing, McpCalls calls) : IDue
{
    private readonly List<ResponseRun> _runs = [];
    private long _tokensUsed;

    /// <summary>The response that writes to the conversation, from its request on.</summary>
    public ResponseRun? Active => _runs.Find(static run => !run.Settings.OutOfBand);

    /// <summary>True once the conversation has the model's speech in it: the voice can't be changed any more.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>When something is due; null when nothing runs.</summary>
    public long? Due => _runs.Count == 0 ? null : _runs.Min(static run => run.Due);

    public void Start(ResponseRun run) => _runs.Add(run);

    public ResponseRun? Find(string id) => _runs.Find(run => run.Id == id && run.IsCreated);

    /// <summary>Takes the one step that is due first.</summary>
    public void Act()
    {
        ResponseRun run = _runs.MinBy(static run => run.Due)!;
        if (!run.IsCreated)
        {
            Create(run);
            return;
        }

        ResponseStep step = run.Advance();
        switch (step.Kind)
        {
            case ResponseStepKind.OpenItem:
                OpenItem(run, run.Answer!.Outputs[step.Output]);
                break;
            case ResponseStepKind.CloseItem:
                CloseItem(run, ItemStatus.Completed);
                break;
            case ResponseStepKind.Finish:
                Finish(run);
                break;
            default:
                Delta(run, step);
                break;
        }
    }

    /// <summary>Ends a response before its time. What it said so far stays, marked incomplete.</summary>
    public void Cancel(ResponseRun run, StatusDetailsReason reason)
    {
        for (int late = 0; late < session.Options.DeltasAfterCancel && run.IsInTheMiddle; late++)
        {
            Delta(run, run.Advance());
        }

        End(run, ResponseStatus.Cancelled, new() { Type = StatusDetailsType.Cancelled, Reason = reason });
    }

    private void Create(ResponseRun run)
    {
        var request = new ModelRequest
        {
            Conversation = run.Input ?? [.. session.Conversation.Items],
            OutOfBand = run.Settings.OutOfBand,
            Metadata = run.Settings.Metadata is { } metadata ? metadata.ToDictionary() : ReadOnlyDictionary<string, string>.Empty,
            Instructions = run.Settings.Instructions,
            Tools = run.Settings.Tools,
            McpServers = listing.Listed(run.Settings.McpServers),
            Spoken = run.Settings.Spoken,
            Format = run.Settings.Format,
        };
        ModelAnswer? approved = run.Settings.OutOfBand ? null : calls.Approved();
        ModelAnswer answer = McpCalls.WithApprovals(approved ?? session.Options.Speaker.Answer(request), run.Settings.McpServers);
        run.Begin(request.Conversation, answer, ResponsePlan.Lay(answer, session.Options.Pace, run.Settings.Format, run.CreatedAt, run.Settings.MaxOutputTokens));
        session.Speaker.ResponseCreated(run.ToWire(ResponseStatus.InProgress, null, null, session.Options.EchoMetadata));
        if (session.Options.RateLimits == RateLimitReport.AtStart)
        {
            session.Speaker.RateLimits(_tokensUsed);
        }
    }

    private void OpenItem(ResponseRun run, ModelOutput output)
    {
        SimulatedItem item = Opened(output);
        run.Open = item;
        run.Words = "";
        run.Output.Add(item);
        session.Speaker.OutputItemAdded(run.Id, run.Output.Count - 1, item);
        if (!run.Settings.OutOfBand)
        {
            session.Conversation.Append(item);
            session.Speaker.ItemAdded(session.Conversation.Before(item), item);
        }

        if (item.Kind == ItemKind.Message)
        {
            bool spoken = output is ModelOutput.Speech;
            session.Speaker.PartAdded(PlaceOf(run), spoken);
            item.PartList.Add(new(spoken ? ContentPartType.OutputAudio : ContentPartType.OutputText) { Transcript = spoken ? "" : null, Format = run.Settings.Format });
        }
    }

    private SimulatedItem Opened(ModelOutput output) => output switch
    {
        ModelOutput.Call call => new(session.Ids.Item(), ItemKind.FunctionCall) { Status = ItemStatus.InProgress, Name = call.Name, CallId = session.Ids.Call() },
        ModelOutput.McpCall call => new(session.Ids.Item(), ItemKind.McpCall)
        {
            Status = ItemStatus.InProgress,
            ServerLabel = call.ServerLabel,
            Name = call.Name,
            ApprovalRequestId = call.ApprovalRequestId ?? "",
        },
        ModelOutput.Approval { Wanted: { } wanted } => new(session.Ids.Item(), ItemKind.McpApprovalRequest)
        {
            Status = ItemStatus.InProgress,
            ServerLabel = wanted.ServerLabel,
            Name = wanted.Name,
            Arguments = wanted.Arguments,
        },
        _ => new(session.Ids.Item(), ItemKind.Message) { Status = ItemStatus.InProgress, Role = MessageItemRole.Assistant },
    };

    private void Delta(ResponseRun run, ResponseStep step)
    {
        SimulatedItem item = run.Open!;
        SimulatedPart? part = item.PartList.FirstOrDefault();
        switch (run.Answer!.Outputs[step.Output])
        {
            case ModelOutput.Call call:
                session.Speaker.ArgumentsDelta(PlaceOf(run), item.CallId, call.Arguments[step.Piece]);
                item.Arguments = call.Arguments[..step.Piece.End];
                break;
            case ModelOutput.McpCall call:
                session.Speaker.McpArgumentsDelta(PlaceOf(run), call.Arguments[step.Piece]);
                item.Arguments = call.Arguments[..step.Piece.End];
                break;
            case ModelOutput.Text text:
                session.Speaker.TextDelta(PlaceOf(run), text.Words[step.Piece]);
                part!.Text = run.Words = text.Words[..step.Piece.End];
                break;
            case ModelOutput.Speech speech when step.Kind == ResponseStepKind.Transcript:
                session.Speaker.TranscriptDelta(PlaceOf(run), speech.Transcript[step.Piece]);
                run.Words = speech.Transcript[..step.Piece.End];
                part!.Transcript = part.IsTruncated ? null : run.Words;
                break;
            case ModelOutput.Speech speech:
                session.Speaker.AudioDelta(PlaceOf(run), speech.Audio[step.Piece].Span);
                part!.Audio = part.IsTruncated ? part.Audio : speech.Audio[..step.Piece.End];
                HasSpoken |= !run.Settings.OutOfBand;
                break;
        }
    }

    private void CloseItem(ResponseRun run, ItemStatus status)
    {
        SimulatedItem item = run.Open!;
        PartPlace at = PlaceOf(run);
        if (item.Kind == ItemKind.FunctionCall)
        {
            session.Speaker.ArgumentsDone(at, item);
        }
        else if (item.Kind == ItemKind.McpCall)
        {
            session.Speaker.McpArgumentsDone(at, item.Arguments);
        }
        else if (item.Kind == ItemKind.McpApprovalRequest)
        {
            // It came whole.
        }
        else if (item.PartList[0].Type == ContentPartType.OutputAudio)
        {
            session.Speaker.AudioDone(at);
            session.Speaker.TranscriptDone(at, run.Words);
            session.Speaker.PartDone(at, spoken: true, run.Words);
        }
        else
        {
            session.Speaker.TextDone(at, run.Words);
            session.Speaker.PartDone(at, spoken: false, run.Words);
        }

        item.Status = status;

        // A call that is going to be made is done when it was made.
        bool isMade = item is { Kind: ItemKind.McpCall, Status: ItemStatus.Completed };
        if (!run.Settings.OutOfBand && !isMade)
        {
            session.Speaker.ItemDone(session.Conversation.Before(item), item);
        }

        session.Speaker.OutputItemDone(run.Id, run.Output.Count - 1, item);
        run.Open = null;
    }

    private void Finish(ResponseRun run)
    {
        if (run.HitTheLimit)
        {
            End(run, ResponseStatus.Incomplete, new() { Type = StatusDetailsType.Incomplete, Reason = StatusDetailsReason.MaxOutputTokens });
        }
        else if (run.Answer!.Failure is { } failure)
        {
            var error = new ResponseError { Type = failure.Type, Code = failure.Code, Message = failure.Message is null ? default : (Text)failure.Message };

            // As clients of the service report it: a failed response carries neither its output nor a count of tokens. The items themselves stay.
            End(run, ResponseStatus.Failed, new() { Type = StatusDetailsType.Failed, Error = error });
        }
        else
        {
            End(run, ResponseStatus.Completed, null);
        }
    }

    private void End(ResponseRun run, ResponseStatus status, StatusDetails? details)
    {
        if (run.Open is not null)
        {
            CloseItem(run, ItemStatus.Incomplete);
        }

        _runs.Remove(run);
        Usage? usage = status == ResponseStatus.Failed ? null : TokenCount.Of(run.Read, run.Settings.Instructions, run.Output);
        _tokensUsed += usage?.TotalTokens ?? 0;
        session.Speaker.ResponseDone(run.ToWire(status, details, usage, session.Options.EchoMetadata));
        if (session.Options.RateLimits == RateLimitReport.AfterResponse)
        {
            session.Speaker.RateLimits(_tokensUsed);
        }

        calls.Make(run.Output, run.Settings.OutOfBand);
        if (!run.Settings.OutOfBand)
        {
            session.EndResponse();
        }
    }

    private static PartPlace PlaceOf(ResponseRun run) => new(run.Id, run.Open!.Id, run.Output.Count - 1);
}

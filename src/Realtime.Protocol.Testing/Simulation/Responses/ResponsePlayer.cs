using System.Buffers;
using System.Collections.ObjectModel;
using System.Text.Json;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
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
    private int _turns;

    /// <summary>The response that writes to the conversation, from its request on.</summary>
    public ResponseRun? Active => _runs.Find(static run => !run.Settings.OutOfBand);

    /// <summary>True once the conversation has the model's speech in it: the voice can't be changed any more.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>A response was announced.</summary>
    public event Action<ResponseRun>? Created;

    /// <summary>A response was asked for, and the model refuses it.</summary>
    public event Action? Refused;

    /// <summary>A response is done.</summary>
    public event Action<ResponseRun>? Ended;

    /// <summary>When something is due; null when nothing runs.</summary>
    public long? Due => Next()?.Due;

    public void Start(ResponseRun run) => _runs.Add(run);

    public ResponseRun? Find(string id) => _runs.Find(run => run.Id == id && run.IsCreated);

    /// <summary>Takes the one step that is due first.</summary>
    public void Act()
    {
        ResponseRun run = Next()!;
        if (!run.IsCreated)
        {
            Create(run);
            return;
        }

        ResponseStep step = run.Advance();
        switch (step.Kind)
        {
            case ResponseStepKind.OpenItem:
                Begin(run, step.Output);
                break;
            case ResponseStepKind.OpenPart:
                BeginPart(run, OpenAt(run, step), step);
                break;
            case ResponseStepKind.ClosePart:
                EndPart(OpenAt(run, step));
                break;
            case ResponseStepKind.CloseItem:
                EndItem(run, OpenAt(run, step), ItemStatus.Completed);
                break;
            case ResponseStepKind.Finish:
                Finish(run);
                break;
            case ResponseStepKind.Await:
                break;
            case ResponseStepKind.Raw:
                Send((ModelOutput.RawEvent)run.Answer!.Outputs[step.Output]);
                break;
            case ResponseStepKind.Goodbye:
                var goodbye = (ModelOutput.Goodbye)run.Answer!.Outputs[step.Output];
                session.Spoken.Close(goodbye.Status, goodbye.Reason);
                break;
            default:
                Delta(run, step);
                break;
        }
    }

    /// <summary>Ends a response before its time. What it said so far stays, marked incomplete.</summary>
    public void Cancel(ResponseRun run, StatusDetailsReason reason)
    {
        for (int late = 0; late < session.Service.LateDeltas && run.IsInTheMiddle; late++)
        {
            Delta(run, run.Advance());
        }

        End(run, ResponseStatus.Cancelled, new() { Type = StatusDetailsType.Cancelled, Reason = reason });
    }

    // The one that is due first; of several the one that was asked for first. Asked for with every event, so nothing is made for it.
    private ResponseRun? Next()
    {
        ResponseRun? next = null;
        long? first = null;
        foreach (ResponseRun run in _runs)
        {
            if (run.Due is { } due && !(first <= due))
            {
                (next, first) = (run, due);
            }
        }

        return next;
    }

    private void Send(ModelOutput.RawEvent raw)
    {
        using JsonDocument json = JsonDocument.Parse(raw.Json);
        session.Speaker.Raw(json.RootElement.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "", raw.Json);
    }

    private void Create(ResponseRun run)
    {
        _turns += run.Settings.OutOfBand ? 0 : 1;
        var request = new ModelRequest
        {
            Conversation = run.Input ?? [.. session.Conversation.Items],
            Turn = _turns + (run.Settings.OutOfBand ? 1 : 0),
            Cause = run.Cause,
            OutOfBand = run.Settings.OutOfBand,
            Metadata = run.Settings.Metadata is { } metadata ? metadata.ToDictionary() : ReadOnlyDictionary<string, string>.Empty,
            Instructions = run.Settings.Instructions,
            Tools = run.Settings.Tools,
            McpServers = listing.Listed(run.Settings.McpServers),
            Spoken = run.Settings.Spoken,
            Format = run.Settings.Format,
            Draw = session.Draws.Draw,
        };
        ModelAnswer? approved = calls.Approved(run.Settings.OutOfBand ? run.Input ?? [] : session.Conversation.Items);
        ModelAnswer answer = McpCalls.WithApprovals(approved ?? session.Model.Answer(request), run.Settings.McpServers);
        if (answer.Origin is { } origin)
        {
            session.Spoken.Report($"{run.Id} ← {origin}");
        }

        if (answer.Refusal is { } refusal)
        {
            _turns -= run.Settings.OutOfBand ? 0 : 1;
            _runs.Remove(run);
            session.Refuse(refusal.ToRefusal(), run.EventId);
            Refused?.Invoke();
            return;
        }

        ResponsePace pace = answer.Pace?.Over(session.Options.Pace) ?? session.Options.Pace;
        run.Begin(request.Conversation, answer, ResponsePlan.Lay(answer, pace, session.Draws, run.Settings.Format, run.CreatedAt, run.Settings.MaxOutputTokens), session.Watch);
        session.Speaker.ResponseCreated(run.ToWire(session.Service));
        if (session.Service.RateLimits == RateLimitReport.AtStart)
        {
            session.Speaker.RateLimits(_tokensUsed);
        }

        Created?.Invoke(run);
    }

    private static OpenItem OpenAt(ResponseRun run, ResponseStep step) => run.Open.Find(open => open.MadeBy == step.Output)!;

    private void Begin(ResponseRun run, int output)
    {
        SimulatedItem item = Opened(run.Answer!.Outputs[output]);
        run.Open.Add(new OpenItem(item, run.Id, run.Output.Count, output));
        run.Output.Add(item);
        session.Speaker.OutputItemAdded(run.Id, run.Output.Count - 1, item);
        if (!run.Settings.OutOfBand)
        {
            session.Conversation.Append(item);
            session.Announce(item);
        }
    }

    private void BeginPart(ResponseRun run, OpenItem open, ResponseStep step)
    {
        bool spoken = ResponsePlan.PartOf(run.Answer!.Outputs[step.Output], step.Part) is ModelOutput.Speech;
        open.Begin(new(spoken ? ContentPartType.OutputAudio : ContentPartType.OutputText) { Transcript = spoken ? "" : null, Format = run.Settings.Format });
        session.Speaker.PartAdded(open.Place, spoken);
    }

    private SimulatedItem Opened(ModelOutput output) => output switch
    {
        ModelOutput.Call call => new(session.Ids.Item(), ItemKind.FunctionCall) { Status = ItemStatus.InProgress, Name = call.Name, CallId = call.CallId ?? session.Ids.Call() },
        ModelOutput.McpCall call => new(session.Ids.Item(), ItemKind.McpCall)
        {
            Status = ItemStatus.InProgress,
            ServerLabel = call.ServerLabel,
            Name = call.Name,
            ApprovalRequestId = call.ApprovalRequestId ?? "",
            Wanted = call,
        },
        ModelOutput.Approval { Wanted: { } wanted } => new(session.Ids.Item(), ItemKind.McpApprovalRequest)
        {
            Status = ItemStatus.InProgress,
            ServerLabel = wanted.ServerLabel,
            Name = wanted.Name,
            Arguments = wanted.Arguments,
            Wanted = wanted,
        },
        _ => new(session.Ids.Item(), ItemKind.Message) { Status = ItemStatus.InProgress, Role = MessageItemRole.Assistant },
    };

    private void Delta(ResponseRun run, ResponseStep step)
    {
        OpenItem open = OpenAt(run, step);
        SimulatedPart? part = open.Part;
        switch (ResponsePlan.PartOf(run.Answer!.Outputs[step.Output], step.Part))
        {
            case ModelOutput.Call call:
                session.Speaker.ArgumentsDelta(open.Place, open.Item.CallId, call.Arguments[step.Piece]);
                open.Item.Arguments = call.Arguments[..step.Piece.End];
                break;
            case ModelOutput.McpCall call:
                session.Speaker.McpArgumentsDelta(open.Place, call.Arguments[step.Piece]);
                open.Item.Arguments = call.Arguments[..step.Piece.End];
                break;
            case ModelOutput.Text text:
                session.Speaker.TextDelta(open.Place, text.Words[step.Piece]);
                part!.Text = open.Words = text.Words[..step.Piece.End];
                break;
            case ModelOutput.Speech speech when step.Kind == ResponseStepKind.Transcript:
                session.Speaker.TranscriptDelta(open.Place, speech.Transcript[step.Piece]);
                open.Words = speech.Transcript[..step.Piece.End];
                part!.Transcript = part.IsTruncated ? null : open.Words;
                break;
            case ModelOutput.Speech speech:
                Sound(open, part!, speech, step.Piece);
                HasSpoken |= !run.Settings.OutOfBand;
                break;
        }
    }

    private void Sound(OpenItem open, SimulatedPart part, ModelOutput.Speech speech, Range piece)
    {
        int end = piece.End.Value;
        ISoundSource source = open.Source ??= speech.Source;
        byte[] rented = ArrayPool<byte>.Shared.Rent(end - piece.Start.Value);
        Span<byte> rendered = rented.AsSpan(0, end - piece.Start.Value);
        source.Render(piece.Start.Value, rendered);
        session.Speaker.AudioDelta(open.Place, rendered);
        ArrayPool<byte>.Shared.Return(rented);
        if (!part.IsTruncated)
        {
            part.Sounds(source, end);
        }

        (source as KeptSound)?.Said(end);
    }

    private void EndPart(OpenItem open)
    {
        PartPlace at = open.Place;
        bool spoken = open.Part!.Type == ContentPartType.OutputAudio;
        if (!spoken)
        {
            session.Speaker.TextDone(at, open.Words);
        }
        else if (session.Service.AudioDone == AudioDoneOrder.BeforeTranscript)
        {
            session.Speaker.AudioDone(at);
            session.Speaker.TranscriptDone(at, open.Words);
        }
        else
        {
            session.Speaker.TranscriptDone(at, open.Words);
            session.Speaker.AudioDone(at);
        }

        session.Speaker.PartDone(at, spoken, open.Words);
        open.EndPart();
    }

    private void EndItem(ResponseRun run, OpenItem open, ItemStatus status)
    {
        SimulatedItem item = open.Item;
        if (item.Kind == ItemKind.FunctionCall)
        {
            session.Speaker.ArgumentsDone(open.Place, item);
        }
        else if (item.Kind == ItemKind.McpCall)
        {
            session.Speaker.McpArgumentsDone(open.Place, item.Arguments);
        }

        item.Status = status;

        // A call that is going to be made is done when it was made.
        bool isMade = item is { Kind: ItemKind.McpCall, Status: ItemStatus.Completed };
        if (!run.Settings.OutOfBand && !isMade)
        {
            session.AnnounceDone(item);
        }

        session.Speaker.OutputItemDone(run.Id, open.OutputIndex, item);
        run.Open.Remove(open);
    }

    private void Finish(ResponseRun run)
    {
        if (session.Service.McpProgress == McpProgress.BeforeDone && run.Calling is null && calls.Make(run.Output, run.Settings.OutOfBand) is { } made)
        {
            run.WaitFor(made);
        }
        else if (run.HitTheLimit)
        {
            End(run, ResponseStatus.Incomplete, new() { Type = StatusDetailsType.Incomplete, Reason = StatusDetailsReason.MaxOutputTokens });
        }
        else if (run.Answer!.Failure is { } failure)
        {
            var error = new ResponseError { Type = failure.Type, Code = failure.Code, Message = failure.Message is null ? default : (Text)failure.Message };

            // As clients of the service report it: a failed response carries neither its output nor a count of tokens. The items themselves stay.
            End(run, ResponseStatus.Failed, new() { Type = StatusDetailsType.Failed, Error = error });
        }
        else if (run.Answer.Incomplete is { } incomplete)
        {
            StatusDetailsReason reason = incomplete == IncompleteReason.ContentFilter ? StatusDetailsReason.ContentFilter : StatusDetailsReason.MaxOutputTokens;
            End(run, ResponseStatus.Incomplete, new() { Type = StatusDetailsType.Incomplete, Reason = reason });
        }
        else
        {
            End(run, ResponseStatus.Completed, null);
        }
    }

    private void End(ResponseRun run, ResponseStatus status, StatusDetails? details)
    {
        ServiceSwitches service = session.Service;
        while (run.Open is [{ } open, ..])
        {
            if (open.Part is not null)
            {
                EndPart(open);
            }

            EndItem(run, open, service.ClosedStatus == ClosedStatus.Incomplete ? ItemStatus.Incomplete : ItemStatus.InProgress);
        }

        _runs.Remove(run);
        foreach (EventWatch.Wait wait in run.Waits)
        {
            session.Watch.Forget(wait);
        }

        run.Play(-1);

        Usage? usage = status == ResponseStatus.Failed || service.Usage == UsageReport.Null ? null
            : service.Usage == UsageReport.Zeros ? TokenCount.Of([], "", [])
            : TokenCount.Of(run.Read, run.Settings.Instructions, run.Output);
        _tokensUsed += usage?.TotalTokens ?? 0;
        session.Speaker.ResponseDone(run.ToWire(service, status, details, usage));
        if (service.RateLimits == RateLimitReport.AfterResponse)
        {
            session.Speaker.RateLimits(_tokensUsed);
        }

        if (run.Calling is null)
        {
            calls.Make(run.Output, run.Settings.OutOfBand);
        }

        Ended?.Invoke(run);
    }
}

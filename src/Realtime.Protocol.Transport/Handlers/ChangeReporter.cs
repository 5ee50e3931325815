using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What changes and problems are said to the log and to the readers of the session's updates: one table. Saying moves values only, so it may
/// happen under the session's lock, and its order is the order in which things happened.
/// </summary>
internal sealed class ChangeReporter(ILogger logger, SessionUpdates? updates, SessionTelemetry? telemetry = null)
{
    private bool _saidHowMuchIsKnown;

    /// <summary>Whether the caller listens to spans or metrics of the session, which must not wait for its own signals.</summary>
    public bool IsInsideObserver => telemetry?.IsInside is true;

    /// <summary>Waits until whoever observes the session was told all so far, or for two seconds.</summary>
    public Task WaitForTellingAsync() => telemetry?.WaitAsync() ?? Task.CompletedTask;

    /// <summary>A turn began; its change tells the log, its object the readers.</summary>
    public void Began(Turn turn) => updates?.Tell(new VoiceSessionUpdate.TurnBegan(turn));

    /// <summary>What a loop met that no change tells of.</summary>
    public void Report(SessionProblem problem)
    {
        switch (problem)
        {
            case SessionProblem.MalformedEvent malformed:
                LogMessages.MalformedEvent(logger, malformed.MessageBytes, malformed.Error.Reason, malformed.Error.Offset);
                break;
            case SessionProblem.OddEvent odd:
                LogMessages.OddEvent(logger, odd.Event, odd.Path, odd.Count);
                break;
            case SessionProblem.BinaryMessages:
                LogMessages.BinaryMessages(logger);
                break;
            case SessionProblem.ApprovalUnanswered unanswered:
                LogMessages.ApprovalUnanswered(logger, unanswered.Server, unanswered.Tool, unanswered.Turn, unanswered.Failure);
                break;
            case SessionProblem.NotSent unsent:
                LogMessages.NotSent(logger, unsent.Type);
                break;
            case SessionProblem.SlowHandler slow:
                LogMessages.HandlerSlow(logger, slow.Handler, slow.Took.TotalMilliseconds);
                break;
        }

        telemetry?.Met(problem);
        updates?.Tell(new VoiceSessionUpdate.Problem(problem));
    }

    public void Tell(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.TurnBegan began:
                LogMessages.TurnBegan(logger, began.Turn, began.Origin);
                break;
            case SessionChange.TurnEnded ended:
                LogMessages.TurnEnded(logger, ended.Turn, ended.Outcome);
                break;
            case SessionChange.PlaybackStopped stopped:
                LogMessages.TurnSilenced(logger, stopped.Turn, stopped.Reason, stopped.Heard.Bytes, stopped.Heard.Basis);
                if (stopped.Heard.Basis is HeardBasis.Read && !_saidHowMuchIsKnown)
                {
                    _saidHowMuchIsKnown = true;
                    LogMessages.HeardAsRead(logger);
                }

                break;
            case SessionChange.ToolCallReady ready:
                LogMessages.ToolCalled(logger, ready.Turn, ready.Name, ready.CallId);
                break;
            case SessionChange.ToolCallOverdue overdue:
                LogMessages.ToolOverdue(logger, overdue.Turn, overdue.Name, overdue.CallId);
                Report(new SessionProblem.ToolOverdue(overdue.Turn, overdue.Name, overdue.CallId));
                break;
            case SessionChange.ToolOutputDropped dropped:
                Report(new SessionProblem.ToolOutputDropped(dropped.Turn, dropped.Name, dropped.CallId, dropped.Rule));
                LogMessages.ToolOutputDropped(logger, dropped.Turn, dropped.Name, dropped.CallId, dropped.Rule);
                break;
            case SessionChange.McpToolsListed listed:
                LogMessages.McpToolsListed(logger, listed.Server, listed.Tools.Count);
                updates?.Tell(new VoiceSessionUpdate.McpToolsListed(listed.Server, listed.Tools));
                break;
            case SessionChange.McpToolsFailed failed:
                LogMessages.McpToolsFailed(logger, failed.Server, failed.Error);
                updates?.Tell(new VoiceSessionUpdate.McpToolsFailed(failed.Server, failed.Error));
                break;
            case SessionChange.McpCallStarted started:
                LogMessages.McpCallStarted(logger, started.Server, started.Name, started.Turn, started.ItemId);
                break;
            case SessionChange.McpCallFailed failed:
                LogMessages.McpCallFailed(logger, failed.Turn, failed.ItemId, failed.Error);
                break;
            case SessionChange.McpCallOverdue overdue:
                LogMessages.McpCallOverdue(logger, overdue.Server, overdue.Name, overdue.Turn);
                Report(new SessionProblem.McpCallOverdue(overdue.Turn, overdue.Server, overdue.Name));
                break;
            case SessionChange.McpApprovalAsked asked:
                LogMessages.ApprovalAsked(logger, asked.Turn, asked.Server, asked.Name, asked.ItemId);
                break;
            case SessionChange.McpApprovalOverdue overdue:
                Report(new SessionProblem.ApprovalUnanswered(overdue.Turn, overdue.Server, overdue.Name, new TimeoutException("Nobody answered in time.")));
                break;
            case SessionChange.McpAnswerDropped dropped:
                LogMessages.ApprovalDropped(logger, dropped.Server, dropped.Name, dropped.Turn);
                Report(new SessionProblem.ApprovalDropped(dropped.Turn, dropped.Server, dropped.Name));
                break;
            case SessionChange.InputRejected rejected:
                LogMessages.InputRejected(logger, rejected.Turn, rejected.Error);
                break;
            case SessionChange.SpeechStarted speech:
                LogMessages.SpeechStarted(logger, speech.ItemId);
                break;
            case SessionChange.SpeechStopped speech:
                LogMessages.SpeechStopped(logger, speech.ItemId);
                break;
            case SessionChange.InputCommitted committed:
                LogMessages.InputCommitted(logger, committed.ItemId, committed.ByServer);
                break;
            case SessionChange.ResponseEnded ended:
                LogMessages.ResponseEnded(logger, ended.ResponseId, ended.Turn, ended.Status);
                break;
            case SessionChange.ItemAdded added:
                LogMessages.ItemAdded(logger, added.ItemId, added.Kind);
                break;
            case SessionChange.ItemDone done:
                LogMessages.ItemDone(logger, done.ItemId, done.Status);
                break;
            case SessionChange.ItemTruncated cut:
                LogMessages.ItemTruncated(logger, cut.ItemId, cut.AudioEndMilliseconds);
                break;
            case SessionChange.ItemDeleted deleted:
                LogMessages.ItemDeleted(logger, deleted.ItemId);
                updates?.Tell(new VoiceSessionUpdate.ItemDeleted(deleted.ItemId));
                break;
            case SessionChange.ErrorIgnored ignored:
                LogMessages.ErrorIgnored(logger, ignored.Error, ignored.Rule);
                break;
            case SessionChange.ErrorSurfaced surfaced:
                LogMessages.ServerReported(logger, surfaced.Error, surfaced.Severity);
                Report(new SessionProblem.Reported(surfaced.Error, surfaced.Severity));
                break;
            case SessionChange.ViolationTolerated violation:
                LogMessages.Violation(logger, violation.Rule);
                Report(new SessionProblem.Violation(violation.Rule, violation.Message));
                break;
            case SessionChange.FormatDiffers differs:
                LogMessages.FormatDiffers(logger, differs.IsInput ? "input" : "output", differs.Asked, differs.Stated);
                Report(new SessionProblem.FormatDiffers(differs.Asked, differs.Stated) { IsInput = differs.IsInput });
                break;
            case SessionChange.SessionKindDiffers differs:
                LogMessages.SessionKindDiffers(logger, differs.Asked, differs.Stated);
                break;
            case SessionChange.ConnectionUnresponsive unresponsive:
                LogMessages.Unresponsive(logger, unresponsive.Rule);
                break;
            case SessionChange.SessionExpired:
                LogMessages.Expired(logger);
                break;
        }
    }
}

using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>What changes and problems are said to the log and to the application's handler. The engine calls it outside its lock, one call at a time.</summary>
internal sealed class ChangeReporter(ILogger logger, Action<SessionProblem>? onProblem)
{
    /// <summary>Breaks the connection off: the server does not answer any more, or said that the session is over.</summary>
    public Action<RealtimeCloseReason>? BreakOff { get; set; }

    /// <summary>The last error that the server reported on its own: it may explain a connection that ends soon after.</summary>
    public ServerError? LastError { get; private set; }

    public void Tell(SessionNews news)
    {
        if (news.Change is not null)
        {
            Tell(news.Change);
        }

        switch (news.Problem)
        {
            case null:
                return;
            case SessionProblem.MalformedEvent malformed:
                LogMessages.MalformedEvent(logger, malformed.MessageBytes, malformed.Error.Reason, malformed.Error.Offset);
                break;
            case SessionProblem.OddEvent odd:
                LogMessages.OddEvent(logger, odd.Event, odd.Path, odd.Count);
                break;
            case SessionProblem.BinaryMessages:
                LogMessages.BinaryMessages(logger);
                break;
            case SessionProblem.NotSent unsent:
                LogMessages.NotSent(logger, unsent.Type);
                break;
        }

        Report(news.Problem);
    }

    private void Tell(SessionChange change)
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
                LogMessages.TurnSilenced(logger, stopped.Turn, stopped.Reason);
                break;
            case SessionChange.ToolCallReady ready:
                LogMessages.ToolCalled(logger, ready.Turn, ready.Name, ready.CallId);
                break;
            case SessionChange.ToolCallOverdue overdue:
                LogMessages.ToolOverdue(logger, overdue.Turn, overdue.Name, overdue.CallId);
                Report(new SessionProblem.ToolOverdue(overdue.Turn, overdue.Name, overdue.CallId));
                break;
            case SessionChange.ToolOutputDropped dropped:
                LogMessages.ToolOutputDropped(logger, dropped.Turn, dropped.Name, dropped.CallId, dropped.Rule);
                Report(new SessionProblem.ToolOutputDropped(dropped.Turn, dropped.Name, dropped.CallId, dropped.Rule));
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
                break;
            case SessionChange.ErrorIgnored ignored:
                LogMessages.ErrorIgnored(logger, ignored.Error, ignored.Rule);
                break;
            case SessionChange.ErrorSurfaced surfaced:
                LastError = surfaced.Error;
                LogMessages.ServerReported(logger, surfaced.Error, surfaced.Severity);
                Report(new SessionProblem.Reported(surfaced.Error, surfaced.Severity));
                break;
            case SessionChange.ViolationTolerated violation:
                LogMessages.Violation(logger, violation.Rule);
                Report(new SessionProblem.Violation(violation.Rule, violation.Message));
                break;
            case SessionChange.ConnectionUnresponsive unresponsive:
                LogMessages.Unresponsive(logger, unresponsive.Rule);
                BreakOff?.Invoke(new(RealtimeCloseKind.Unresponsive, null, $"The server did not answer a request ({unresponsive.Rule})."));
                break;
            case SessionChange.SessionExpired:
                LogMessages.Expired(logger);
                BreakOff?.Invoke(new(RealtimeCloseKind.Expired, null, "The session reached its longest duration."));
                break;
        }
    }

    private void Report(SessionProblem problem)
    {
        try
        {
            onProblem?.Invoke(problem);
        }
        catch (Exception failure)
        {
            LogMessages.HandlerFailed(logger, nameof(VoiceSessionOptions.OnProblem), failure);
        }
    }
}

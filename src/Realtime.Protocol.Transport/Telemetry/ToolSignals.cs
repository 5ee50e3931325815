using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One run of a tool of the application: a span that is current while the delegate runs, so that the application's own spans stand in it. It ends with the delegate, or when nobody waits for the tool any more. A tool that does not
/// exist, one that the application answers by itself, and one that the service runs have none.
/// </summary>
internal sealed class ToolSignals
{
    private readonly SessionTelemetry _session;
    private readonly string _tool;
    private readonly Activity? _span;
    private readonly long _beganAt;
    private int _hasEnded;

    private ToolSignals(SessionTelemetry session, string tool, Activity? span) => (_session, _tool, _span, _beganAt) = (session, tool, span, session.Timestamp);

    /// <summary>A tool is about to run on this thread, in whose context its span is the current one from now on. Null when nobody listens.</summary>
    public static ToolSignals? Begin(TurnSignals? turn, SessionTelemetry session, ToolCall call)
    {
        if (turn is null && !Instruments.ToolDuration.Enabled)
        {
            return null;
        }

        Activity? span = null;
        Activity? before = Activity.Current;
        SignalQueue.Guard(() => span = turn?.StartChild($"{Spans.Tool} {call.Name}", ActivityKind.Internal, session.UtcNow)?
            .SetTag(Attributes.OperationName, SignalWords.ExecuteTool).SetTag(Attributes.ToolName, call.Name).SetTag(Attributes.ToolCallId, call.CallId));
        Activity.Current = span ?? before;
        return new(session, call.Name, span);
    }

    /// <summary>It has ended. A second call does nothing.</summary>
    /// <param name="error">How it failed; null when it did not.</param>
    public void End(string? error)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        (DateTime end, double seconds) = (_session.UtcNow, _session.Between(_beganAt, _session.Timestamp).TotalSeconds);
        _session.Post(() =>
        {
            if (Instruments.ToolDuration.Enabled)
            {
                var tags = new TagList { { Attributes.ToolName, _tool } };
                if (error is not null)
                {
                    tags.Add(Attributes.ErrorType, error);
                }

                SignalQueue.Guard(() => Instruments.ToolDuration.Record(seconds, in tags));
            }

            if (error is not null)
            {
                _span?.SetTag(Attributes.ErrorType, error).SetStatus(ActivityStatusCode.Error);
            }

            _span?.SetEndTime(end).Stop();
        });
    }
}

using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One call of a tool. One that runs here has a span that is current while its delegate runs, so that the application's own spans stand in it. One that is answered from outside, by the application when it likes or by the
/// service, has a span that is made when it has ended: nothing of the application's runs inside. Either ends when nobody waits for the output any more. A tool that does not exist has none.
/// </summary>
internal sealed class ToolSignals
{
    private readonly SessionTelemetry _session;
    private readonly TurnSignals? _turn;
    private readonly string _callId;
    private readonly string? _tool;
    private readonly string? _server;
    private readonly bool _isCurrent;
    private readonly DateTime _began;
    private readonly long _beganAt;
    private Activity? _span;
    private int _hasEnded;

    private ToolSignals(SessionTelemetry session, TurnSignals? turn, string callId, string? tool, string? server, bool isCurrent)
    {
        (_session, _turn, _callId, _tool, _server, _isCurrent, _began, _beganAt) = (session, turn, callId, tool, server, isCurrent, session.UtcNow, session.Timestamp);
        if (isCurrent)
        {
            Activity? before = Activity.Current;
            SignalQueue.Guard(() => _span = NewSpan());
            Activity.Current = _span ?? before;
        }
    }

    /// <summary>A tool is about to run on this thread, in whose context its span is the current one from now on. Null when nobody listens.</summary>
    public static ToolSignals? Begin(TurnSignals? turn, SessionTelemetry session, ToolCall call) =>
        IsObserved(turn) ? new(session, turn, call.CallId, call.Name, server: null, isCurrent: true) : null;

    /// <summary>The application is to answer a call of a tool that it has declared. Null when nobody listens.</summary>
    public static ToolSignals? AwaitOutput(TurnSignals? turn, SessionTelemetry session, ToolCall call) =>
        IsObserved(turn) ? new(session, turn, call.CallId, call.Name, server: null, isCurrent: false) : null;

    /// <summary>The service runs a tool of a remote MCP server. Null when nobody listens.</summary>
    /// <param name="turn">Of which turn.</param>
    /// <param name="session">Of which session.</param>
    /// <param name="call">The call.</param>
    /// <param name="server">The server as the application knows it: a tool that it does not name there, and a server that it did not configure, stay unnamed. Null for none.</param>
    public static ToolSignals? AwaitService(TurnSignals? turn, SessionTelemetry session, ToolCall call, VoiceTool.McpServer? server)
    {
        if (!IsObserved(turn))
        {
            return null;
        }

        string? tool = server?.AllowedTools?.Contains(call.Name, StringComparer.Ordinal) is true ? call.Name : null;
        return new(session, turn, call.CallId, tool, server?.Label ?? SignalWords.Other, isCurrent: false);
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
                var tags = new TagList { { Attributes.ToolName, _tool ?? SignalWords.Other } };
                Add(ref tags, Attributes.McpServer, _server);
                Add(ref tags, Attributes.ErrorType, error);
                SignalQueue.Guard(() => Instruments.ToolDuration.Record(seconds, in tags));
            }

            Activity? span = _isCurrent ? _span : NewSpan();
            if (error is not null)
            {
                span?.SetTag(Attributes.ErrorType, error).SetStatus(ActivityStatusCode.Error);
            }

            span?.SetEndTime(end).Stop();
        });
    }

    private static bool IsObserved(TurnSignals? turn) => turn is not null || Instruments.ToolDuration.Enabled;

    private static void Add(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }

    private Activity? NewSpan() =>
        _turn?.StartChild(_tool is null ? Spans.Tool : $"{Spans.Tool} {_tool}", ActivityKind.Internal, _began)?
            .SetTag(Attributes.OperationName, SignalWords.ExecuteTool).SetTag(Attributes.ToolName, _tool ?? SignalWords.Other)
            .SetTag(Attributes.ToolCallId, _callId).SetTag(Attributes.McpServer, _server);
}

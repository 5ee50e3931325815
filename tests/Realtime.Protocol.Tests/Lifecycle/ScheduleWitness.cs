using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// Watches a client from outside: what the client may never do is checked at the moment it does it, from what had been delivered to it and from nothing else.
/// </summary>
internal sealed class ScheduleWitness
{
    private readonly HashSet<string> _open = [];
    private readonly HashSet<string> _cancelled = [];
    private readonly HashSet<string> _truncated = [];
    private readonly HashSet<string> _callsSeen = [];
    private readonly HashSet<string> _incompleteCalls = [];
    private (string EventId, string Token)? _unanswered;

    /// <summary>Bytes of audio by item, as delivered.</summary>
    public Dictionary<string, long> Received { get; } = [];

    /// <summary>Bytes of audio by item, as reported.</summary>
    public Dictionary<string, long> Played { get; } = [];

    /// <summary>How often each turn that began has ended.</summary>
    public Dictionary<int, int> TurnEnds { get; } = [];

    /// <summary>How often each operation that began has ended.</summary>
    public Dictionary<int, int> OperationEnds { get; } = [];

    /// <summary>Calls that wait for their output.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What the client knows from now on, worked out here a second time.</summary>
    public void Delivered(Said said)
    {
        switch (said.Kind)
        {
            case SessionFactKind.ResponseCreated when !said.IsOutOfBand:
                _open.Add(said.Response);
                if (_unanswered is { } create && (said.Token == create.Token || create.Token == ""))
                {
                    _unanswered = null;
                }

                break;
            case SessionFactKind.ResponseDone:
                _open.Remove(said.Response);
                break;
            case SessionFactKind.Error when said.Answers == _unanswered?.EventId || said.Code == "response_cancel_not_active":
                _unanswered = null;
                break;
            case SessionFactKind.OutputAudioDelta:
                Received[said.Item] = Received.GetValueOrDefault(said.Item) + said.AudioBytes;
                break;
            case SessionFactKind.OutputItemDone when said.ItemKind is ItemFactKind.FunctionCall && said.Status is not FactStatus.Completed:
                _incompleteCalls.Add(said.CallId);
                break;
        }
    }

    public void Sent(SessionCommand command)
    {
        switch (command)
        {
            case SessionCommand.CreateResponse create:
                Check(_open.Count == 0, $"{create} was sent while {string.Join(',', _open)} runs");
                Check(_unanswered is null, $"{create} was sent while {_unanswered?.EventId} is unanswered");
                _unanswered = (create.EventId, create.Token ?? "");
                break;
            case SessionCommand.CancelResponse { ResponseId: { } response } cancel:
                Check(_open.Contains(response), $"{cancel} names {response}, which does not run");
                Check(_cancelled.Add(response), $"{cancel} cancels {response} again");
                break;
            case SessionCommand.TruncateItem truncate:
                long most = Math.Min(Received.GetValueOrDefault(truncate.ItemId), Played.GetValueOrDefault(truncate.ItemId)) / 48;
                Check(truncate.AudioEndMilliseconds > 0 && truncate.AudioEndMilliseconds <= most, $"{truncate} cuts at {truncate.AudioEndMilliseconds} ms; at most {most} were heard");
                Check(_truncated.Add(truncate.ItemId), $"{truncate} cuts {truncate.ItemId} again");
                break;
        }
    }

    public void Told(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.TurnBegan began:
                Check(TurnEnds.TryAdd(began.Turn, 0), $"turn {began.Turn} began twice");
                break;
            case SessionChange.TurnEnded ended:
                Check(++TurnEnds[ended.Turn] == 1, $"turn {ended.Turn} ended twice");
                break;
            case SessionChange.OperationCompleted(var operation):
                CountEnd(operation);
                break;
            case SessionChange.OperationFailed(var operation, _):
                CountEnd(operation);
                break;
            case SessionChange.ToolCallReady call:
                Check(_callsSeen.Add(call.CallId), $"{call.CallId} was told twice");
                Check(!_incompleteCalls.Contains(call.CallId), $"{call.CallId} is not complete");
                Calls.Add(call.CallId);
                break;
            case SessionChange.ConnectionUnresponsive:
                Check(false, "the connection was given up, but the server answers");
                break;
        }
    }

    public static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private void CountEnd(int operation)
    {
        OperationEnds[operation] = OperationEnds.GetValueOrDefault(operation) + 1;
        Check(OperationEnds[operation] == 1, $"operation {operation} ended twice");
    }
}

using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// One random schedule: the application, the user, the server, the network in both directions and the clock take steps in an order that the seed decides. What the client may never do is checked at
/// the moment it does it, from what had been delivered to it and from nothing else.
/// </summary>
internal sealed class RandomSchedule
{
    private readonly Random _random;
    private readonly SmallServer _server;
    private readonly SessionMachine _machine;
    private readonly bool _takesTurns;
    private readonly Queue<SessionCommand> _toServer = new();
    private readonly List<(long At, string Direction, object What)> _log = [];
    private readonly List<string> _calls = [];
    private readonly HashSet<string> _callsSeen = [];
    private readonly HashSet<string> _incompleteCalls = [];
    private readonly HashSet<string> _open = [];
    private readonly HashSet<string> _cancelled = [];
    private readonly HashSet<string> _truncated = [];
    private readonly Dictionary<string, long> _received = [];
    private readonly Dictionary<string, long> _played = [];
    private readonly Dictionary<int, int> _turnEnds = [];
    private readonly Dictionary<int, int> _operationEnds = [];
    private (string EventId, string Token)? _unanswered;
    private long _now;
    private long? _timer;

    public RandomSchedule(int seed)
    {
        _random = new Random(seed);
        _takesTurns = _random.Next(2) == 0;
        bool echoes = _random.Next(4) != 0;
        _server = new SmallServer(_random, _takesTurns, echoes);
        _machine = new SessionMachine(new SessionSettings
        {
            IdPrefix = "seed",
            EchoesMetadata = echoes,
            TurnWhenBusy = (WhenBusy)_random.Next(3),
            HoldWhileUserSpeaks = _random.Next(4) != 0,
            MaxToolRounds = 3,
        });
        _machine.Receive(new() { Kind = SessionFactKind.SessionCreated, ServerTurns = _takesTurns ? ServerTurns.Server() : ServerTurns.None }, 0);
        Drain();
    }

    /// <summary>Everything that happened, written down only when somebody asks.</summary>
    public string Log => string.Join('\n', _log.Select(entry => $"{entry.At,8} {entry.Direction} {Words(entry.What)}"));

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
        }

        Quiesce();
        foreach ((int turn, int ends) in _turnEnds)
        {
            Check(ends == 1, $"turn {turn} ended {ends} times");
        }

        foreach ((int operation, int ends) in _operationEnds)
        {
            Check(ends == 1, $"operation {operation} ended {ends} times");
        }

        int last = Submit(SessionIntent.CreateResponse(new ResponseRequest { Instructions = "are you there?" })).Turn;
        Quiesce();
        Check(_turnEnds[last] == 1, "a request after everything was quiet never ended");
    }

    private void Step()
    {
        switch (_random.Next(20))
        {
            case 0:
                Submit(SessionIntent.CreateResponse(_random.Next(2) == 0 ? null : new ResponseRequest { Instructions = "x" }, (WhenBusy)_random.Next(3)));
                break;
            case 1:
                Submit(SessionIntent.TextTurn("hello"));
                break;
            case 2:
                Submit(SessionIntent.AudioAppended(_random.Next(2, 6_000)));
                Submit(SessionIntent.EndTurn());
                break;
            case 3 when _random.Next(3) == 0:
                Submit(SessionIntent.Interrupt());
                break;
            case 4 when _turnEnds.Count > 0:
                Submit(SessionIntent.CancelTurn(_random.Next(1, _turnEnds.Count + 1)));
                break;
            case 5 or 6 when _received.Count > 0:
                Play();
                break;
            case 7 when _calls.Count > 0:
                GiveOutput();
                break;
            case 8 when _takesTurns:
                Speak();
                break;
            case 9 when _server.OwesAnswer:
                _server.AnswerDetectedTurn();
                break;
            case 10 when _random.Next(3) == 0:
                CatchUp();
                Wait(_random.Next(1, 3_000));
                break;
            case 10:
                Wait(_random.Next(1, 20));
                break;
            case 11:
                TrackOperation(Submit(SessionIntent.AddText(MessageRole.User, "by the way")));
                break;
            case 12 when _received.Count > 0:
                TrackOperation(Submit(SessionIntent.DeleteItem(Pick(_received.Keys))));
                break;
            case 13 or 14:
                _server.Advance();
                break;
            case 15 or 16 when _toServer.Count > 0:
                _server.Take(_toServer.Dequeue());
                break;
            default:
                Deliver();
                break;
        }

        Check(_server.Fault is null, $"the server saw {_server.Fault}");
    }

    /// <summary>Nobody wants anything any more, and everything under way arrives.</summary>
    private void Quiesce()
    {
        for (int idle = 0, guard = 0; idle < 40; guard++)
        {
            Check(guard < 20_000, "the conversation never came to rest");
            bool moved = _toServer.Count > 0 || _server.ToClient.Count > 0 || _server.IsRunning || _server.UserSpeaks || _server.OwesAnswer || _calls.Count > 0;
            idle = moved ? 0 : idle + 1;
            if (_toServer.TryDequeue(out SessionCommand? command))
            {
                _server.Take(command);
            }

            if (_server.UserSpeaks)
            {
                _server.StopSpeaking();
            }
            else if (_server.OwesAnswer)
            {
                _server.AnswerDetectedTurn();
            }

            _server.Advance();
            Deliver();
            if (_calls.Count > 0)
            {
                GiveOutput();
            }

            Wait(moved ? 1 : 1_500);
            Check(_server.Fault is null, $"the server saw {_server.Fault}");
        }
    }

    /// <summary>The network is slow, but not so slow that a live server would pass for a dead one.</summary>
    private void CatchUp()
    {
        while (_toServer.Count > 0 || _server.ToClient.Count > 0)
        {
            if (_toServer.TryDequeue(out SessionCommand? command))
            {
                _server.Take(command);
            }

            Deliver();
        }
    }

    private void Play()
    {
        string item = Pick(_received.Keys);
        _played[item] = Math.Max(_played.GetValueOrDefault(item), _random.NextInt64(0, _received[item] + 1));
        Submit(SessionIntent.Played(item, 0, _played[item]));
    }

    private void GiveOutput()
    {
        string call = _calls[_random.Next(_calls.Count)];
        _calls.Remove(call);
        Check(Submit(SessionIntent.ToolOutput(call, "{}")).IsAccepted, $"the output of {call} was refused");
    }

    private void Speak()
    {
        if (_server.UserSpeaks)
        {
            _server.StopSpeaking();
        }
        else
        {
            _server.StartSpeaking();
        }
    }

    private SubmitResult Submit(in SessionIntent intent)
    {
        SubmitResult result = _machine.Submit(intent, _now);
        Drain();
        return result;
    }

    private void TrackOperation(SubmitResult result)
    {
        if (result.Operation != 0)
        {
            _operationEnds.TryAdd(result.Operation, 0);
        }
    }

    private void Wait(long milliseconds)
    {
        long until = _now + milliseconds;
        while (_timer is { } at && at <= until)
        {
            (_now, _timer) = (Math.Max(_now, at), null);
            _machine.Elapse(_now);
            Drain();
        }

        _now = until;
    }

    private void Deliver()
    {
        if (!_server.ToClient.TryDequeue(out Said? said))
        {
            return;
        }

        _log.Add((_now, "<-", said));
        Know(said);
        _machine.Receive(
            new()
            {
                Kind = said.Kind,
                ResponseId = U(said.Response),
                ItemId = U(said.Item),
                ItemKind = said.ItemKind,
                Status = said.Status,
                StatusReason = U(said.Reason),
                Token = U(said.Token),
                IsOutOfBand = said.IsOutOfBand,
                AudioBytes = said.AudioBytes,
                CallId = U(said.CallId),
                Name = U(said.CallId.Length > 0 ? "clock" : ""),
                Arguments = U("{}"),
                ErrorCode = U(said.Code),
                ErrorMessage = U(said.Message),
                ErrorEventId = U(said.Answers),
            },
            _now);
        Drain();
    }

    /// <summary>What the client knows from now on, worked out here a second time.</summary>
    private void Know(Said said)
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
                _received[said.Item] = _received.GetValueOrDefault(said.Item) + said.AudioBytes;
                break;
            case SessionFactKind.OutputItemDone when said.ItemKind is ItemFactKind.FunctionCall && said.Status is not FactStatus.Completed:
                _incompleteCalls.Add(said.CallId);
                break;
        }
    }

    private void Drain()
    {
        while (_machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    _log.Add((_now, "->", command));
                    CheckCommand(command);
                    _toServer.Enqueue(command);
                    break;
                case SessionEffect.SetTimer(var at):
                    _timer = at;
                    break;
                case SessionEffect.Changed(var change):
                    Note(change);
                    break;
            }
        }
    }

    private void CheckCommand(SessionCommand command)
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
                long most = Math.Min(_received.GetValueOrDefault(truncate.ItemId), _played.GetValueOrDefault(truncate.ItemId)) / 48;
                Check(truncate.AudioEndMilliseconds > 0 && truncate.AudioEndMilliseconds <= most, $"{truncate} cuts at {truncate.AudioEndMilliseconds} ms; at most {most} were heard");
                Check(_truncated.Add(truncate.ItemId), $"{truncate} cuts {truncate.ItemId} again");
                break;
        }
    }

    private void Note(SessionChange change)
    {
        _log.Add((_now, "  ", change));
        switch (change)
        {
            case SessionChange.TurnBegan began:
                Check(_turnEnds.TryAdd(began.Turn, 0), $"turn {began.Turn} began twice");
                break;
            case SessionChange.TurnEnded ended:
                Check(++_turnEnds[ended.Turn] == 1, $"turn {ended.Turn} ended twice");
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
                _calls.Add(call.CallId);
                break;
            case SessionChange.ConnectionUnresponsive:
                Check(false, "the connection was given up, but the server answers");
                break;
        }
    }

    private void CountEnd(int operation)
    {
        _operationEnds[operation] = _operationEnds.GetValueOrDefault(operation) + 1;
        Check(_operationEnds[operation] == 1, $"operation {operation} ended twice");
    }

    private static string Words(object what) => what switch
    {
        Said said => $"{said.Kind} {said.Response} {said.Item} {said.Status} {said.Token} {said.Code} {said.Answers}",
        SessionChange.TurnEnded ended => $"{ended} {ended.Turn} {ended.Outcome}",
        _ => what.ToString()!,
    };

    private string Pick(IReadOnlyCollection<string> names) => names.ElementAt(_random.Next(names.Count));

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private static byte[] U(string text) => Encoding.UTF8.GetBytes(text);
}

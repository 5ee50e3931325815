using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// One random schedule: the application, the user, the server, the network in both directions and the clock take steps in an order that the seed decides. A witness
/// checks every step.
/// </summary>
internal sealed class RandomSchedule
{
    private readonly Random _random;
    private readonly SmallServer _server;
    private readonly SessionMachine _machine;
    private readonly bool _takesTurns;
    private readonly Queue<SessionCommand> _toServer = new();
    private readonly ScheduleWitness _witness = new();
    private readonly List<(long At, string Direction, object What)> _log = [];
    private long _now;
    private long? _timer;

    public RandomSchedule(int seed)
    {
        _random = new Random(seed);
        _takesTurns = _random.Next(2) == 0;
        bool echoes = _random.Next(4) != 0;
        _server = new SmallServer(_random, _takesTurns, echoes);
        _machine = new SessionMachine(new MachineSettings
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
        foreach ((int turn, int ends) in _witness.TurnEnds)
        {
            ScheduleWitness.Check(ends == 1, $"turn {turn} ended {ends} times");
        }

        foreach ((int operation, int ends) in _witness.OperationEnds)
        {
            ScheduleWitness.Check(ends == 1, $"operation {operation} ended {ends} times");
        }

        int last = Submit(SessionIntent.CreateResponse(new ResponseRequest { Instructions = "are you there?" })).Turn;
        Quiesce();
        ScheduleWitness.Check(_witness.TurnEnds[last] == 1, "a request after everything was quiet never ended");
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
            case 4 when _witness.TurnEnds.Count > 0:
                Submit(SessionIntent.CancelTurn(_random.Next(1, _witness.TurnEnds.Count + 1)));
                break;
            case 5 or 6 when _witness.Received.Count > 0:
                Play();
                break;
            case 7 when _witness.Calls.Count > 0:
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
                TrackOperation(Submit(SessionIntent.AddText(ItemRole.User, "by the way")));
                break;
            case 12 when _witness.Received.Count > 0:
                TrackOperation(Submit(SessionIntent.DeleteItem(Pick(_witness.Received.Keys))));
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

        ScheduleWitness.Check(_server.Fault is null, $"the server saw {_server.Fault}");
    }

    /// <summary>Nobody wants anything any more, and everything under way arrives.</summary>
    private void Quiesce()
    {
        for (int idle = 0, guard = 0; idle < 40; guard++)
        {
            ScheduleWitness.Check(guard < 20_000, "the conversation never came to rest");
            bool moved = _toServer.Count > 0 || _server.ToClient.Count > 0 || _server.IsRunning || _server.UserSpeaks || _server.OwesAnswer || _witness.Calls.Count > 0;
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
            if (_witness.Calls.Count > 0)
            {
                GiveOutput();
            }

            Wait(moved ? 1 : 1_500);
            ScheduleWitness.Check(_server.Fault is null, $"the server saw {_server.Fault}");
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
        string item = Pick(_witness.Received.Keys);
        _witness.Played[item] = Math.Max(_witness.Played.GetValueOrDefault(item), _random.NextInt64(0, _witness.Received[item] + 1));
        Submit(SessionIntent.Played(item, 0, _witness.Played[item]));
    }

    private void GiveOutput()
    {
        string call = _witness.Calls[_random.Next(_witness.Calls.Count)];
        _witness.Calls.Remove(call);
        ScheduleWitness.Check(Submit(SessionIntent.ToolOutput(call, "{}")).IsAccepted, $"the output of {call} was refused");
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
            _witness.OperationEnds.TryAdd(result.Operation, 0);
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
        _witness.Delivered(said);
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

    private void Drain()
    {
        while (_machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    _log.Add((_now, "->", command));
                    _witness.Sent(command);
                    _toServer.Enqueue(command);
                    break;
                case SessionEffect.SetTimer(var at):
                    _timer = at;
                    break;
                case SessionEffect.Changed(var change):
                    _log.Add((_now, "  ", change));
                    _witness.Told(change);
                    break;
            }
        }
    }

    private static string Words(object what) => what switch
    {
        Said said => $"{said.Kind} {said.Response} {said.Item} {said.Status} {said.Token} {said.Code} {said.Answers}",
        SessionChange.TurnEnded ended => $"{ended} {ended.Turn} {ended.Outcome}",
        _ => what.ToString()!,
    };

    private string Pick(IReadOnlyCollection<string> names) => names.ElementAt(_random.Next(names.Count));

    private static byte[] U(string text) => Encoding.UTF8.GetBytes(text);
}

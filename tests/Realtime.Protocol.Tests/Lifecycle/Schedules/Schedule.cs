using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// One schedule: the application, the user, the server, the network in both directions and the clock take steps in the order that a tape decides, on virtual time, and a witness checks every
/// step. At its end everybody stops wanting anything, whatever is under way arrives, and the witness looks whether all that began has ended.
/// </summary>
internal sealed class Schedule
{
    private const Trouble LinkIsSound = Trouble.NoItemDone | Trouble.StuckTools | Trouble.OddMembers | Trouble.OldNames | Trouble.OwnResponses;
    private const Trouble OrderIsKept = LinkIsSound & ~Trouble.OddMembers | Trouble.IdlessErrors | Trouble.NoEcho | Trouble.SomeEcho | Trouble.NullConversation;
    private const long LongEnough = 700_000;

    private readonly Tape _tape;
    private readonly Trouble _trouble;
    private readonly bool _takesTurns;
    private readonly IScheduleServer _server;
    private readonly ScheduleSession _session;
    private readonly ScheduleWitness _witness;
    private readonly ScheduleApplication _application;
    private readonly int _steps;

    /// <param name="tape">What happens.</param>
    /// <param name="kind">What schedules like it have in common.</param>
    /// <param name="logs">Whether everything is written down.</param>
    /// <param name="tally">Counts what passed between client and server, by kind.</param>
    public Schedule(Tape tape, ScheduleKind kind, bool logs = false, Dictionary<string, int>? tally = null)
    {
        (_tape, _trouble) = (tape, kind.Trouble);
        _steps = 10 + tape.Next(60);
        _takesTurns = tape.Next(2) == 1;
        bool mayEcho = !tape.OnceIn(4);
        bool echoes = mayEcho && !kind.Has(Trouble.NoEcho);
        _server = kind.Server(tape, _takesTurns, echoes, kind.Trouble);
        _session = new ScheduleSession(tape, kind, _server, mayEcho, logs, tally);
        _witness = _session.Witness;
        _application = new ScheduleApplication(tape, _session, _server, echoes);
    }

    /// <summary>Everything that happened, when it was asked for.</summary>
    public string Log => _session.Log;

    public void Run()
    {
        for (int i = 0; i < _steps && !_session.IsClosed; i++)
        {
            Step();
        }

        Quiesce();
        _witness.AtRest(callsAreTold: (_trouble & ~LinkIsSound) == 0, answersCome: (_trouble & ~(LinkIsSound | Trouble.NoEcho | Trouble.NullConversation)) == 0 && !_server.LostRequests);
        CheckOrder();
        if (_session.IsClosed)
        {
            ScheduleWitness.Check(!_session.Submit(SessionIntent.CreateResponse()).IsAccepted, "a request was accepted after the connection had ended");
            return;
        }

        int last = _session.Submit(SessionIntent.CreateResponse(new ResponseParameters { Instructions = "are you there?" })).Turn;
        Quiesce();
        CheckOrder();
        ScheduleWitness.Check(_witness.TurnEnds[last] == 1, "a request after everything was quiet never ended");
    }

    private bool Has(Trouble trouble) => _trouble.HasFlag(trouble);

    private void Step()
    {
        switch (_tape.Next(26))
        {
            case <= 5:
                _session.Deliver();
                break;
            case <= 8:
                _session.Forward();
                break;
            case <= 11:
                _server.Advance(_session.Now);
                _session.Collect();
                break;
            case 12 when _takesTurns:
                _server.Speak(_session.Now);
                _session.Collect();
                break;
            case 12:
                _application.Say();
                _session.Submit(SessionIntent.EndTurn());
                break;
            case 13:
                _session.Submit(SessionIntent.TextTurn("hello"));
                break;
            case 14:
                _session.Submit(SessionIntent.CreateResponse(_tape.Next(2) == 0 ? null : new ResponseParameters { Instructions = "x" }, (WhenBusy)_tape.Next(3)));
                break;
            case 24:
                _application.Ask(new ResponseParameters { Conversation = ResponseParametersConversation.None });
                break;
            case 25:
                _application.AskAboutItems();
                break;
            case 15 when _tape.OnceIn(3):
                _witness.Silences();
                _session.Submit(SessionIntent.Interrupt());
                break;
            case 16 when _witness.TurnEnds.Count > 0 && _tape.OnceIn(2):
                _witness.Silences();
                _session.Submit(SessionIntent.CancelTurn(1 + _tape.Next(_witness.TurnEnds.Count)));
                break;
            case 17 or 18 when _witness.Received.Count > 0:
                _application.Play();
                break;
            case 19 when _witness.Calls.Count > 0 && !Has(Trouble.StuckTools):
                _application.GiveOutput();
                break;
            case 19 when _witness.Questions.Count > 0 && !Has(Trouble.StuckTools):
                _application.GiveAnswer();
                break;
            case 20 when _tape.OnceIn(4):
                CatchUp();
                _session.Wait(1 + _tape.Next(3_000));
                break;
            case 20:
                _session.Wait(1 + _tape.Next(20));
                break;
            case 21:
                _session.Track(_session.Submit(_tape.Next(6) switch
                {
                    1 when _witness.Held.Count > 0 => SessionIntent.RetrieveItem(_application.Pick(_witness.Held.Keys)),
                    2 => SessionIntent.AddItem(ConversationItem.System("by the way"), ItemPosition.Start),
                    3 when _witness.Held.Count > 0 => SessionIntent.AddItem(ConversationItem.System("by the way"), ItemPosition.After(_application.Pick(_witness.Held.Keys))),
                    4 or 5 when _witness.Received.Count > 0 => _application.Cut(),
                    _ => SessionIntent.AddText(ItemRole.User, "by the way"),
                }));
                break;
            case 22 when _witness.Received.Count > 0 && _tape.Next(3) == 0:
                _application.Delete();
                break;
            case 22:
                _session.Track(_session.Submit(SessionIntent.Configure(_application.Configuration())));
                break;
            case 23 when Has(Trouble.Disconnect) && _tape.OnceIn(10):
                _session.Close();
                break;
            case 23 when Has(Trouble.Mute) && _tape.OnceIn(5):
                _session.IsMute = true;
                break;
            case 23:
                _application.SendByItself();
                break;
        }

        CheckServer();
    }

    /// <summary>Nobody wants anything any more, and everything under way arrives.</summary>
    private void Quiesce()
    {
        long quietSince = _session.Now;
        for (int moves = 0; !_session.IsClosed; moves++)
        {
            ScheduleWitness.Check(moves < ScheduleSession.MostMoves, "the conversation never came to rest");
            bool moved = _session.Forward() | _session.Deliver();
            if (_witness.Calls.Count > 0 && !Has(Trouble.StuckTools))
            {
                _application.GiveOutput();
                moved = true;
            }

            if (_witness.Questions.Count > 0 && !Has(Trouble.StuckTools))
            {
                _application.GiveAnswer();
                moved = true;
            }

            if (_server.IsBusy && !_session.IsMute)
            {
                _server.Finish(_session.Now);
                _server.Advance(_session.Now);
                _session.Collect();
                moved = true;
            }

            if (moved)
            {
                _session.Wait(1);
                quietSince = _session.Now;
            }
            else if (_session.Timer is { } at && at - quietSince < LongEnough)
            {
                _session.Wait(Math.Max(1, at - _session.Now));
            }
            else
            {
                return;
            }

            CheckServer();
        }
    }

    /// <summary>The network is slow, but not so slow that a live server would pass for a dead one.</summary>
    private void CatchUp()
    {
        while (_session.Forward() | _session.Deliver())
        {
        }
    }

    /// <summary>What the session believes the conversation to be is what it is.</summary>
    private void CheckOrder()
    {
        if (!_session.IsClosed && (_trouble & ~OrderIsKept) == 0)
        {
            string[] known = [.. _session.Machine.Items.Select(static item => item.Id)];
            ScheduleWitness.Check(known.SequenceEqual(_server.Items), $"the conversation is [{string.Join(' ', _server.Items)}], and the session takes it for [{string.Join(' ', known)}]");
        }
    }

    private void CheckServer() => ScheduleWitness.Check(_server.Fault is null || (_trouble & ~(LinkIsSound | Trouble.IdlessErrors)) != 0, $"the server saw {_server.Fault}");
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// One schedule: the application, the user, the server, the network in both directions and the clock take steps in the order that a tape decides, on virtual time, and a witness checks every
/// step. At its end everybody stops wanting anything, whatever is under way arrives, and the witness looks whether all that began has ended.
/// </summary>
internal sealed class Schedule
{
    private const Trouble LinkIsSound = Trouble.NoItemDone | Trouble.StuckTools | Trouble.OddMembers | Trouble.OldNames | Trouble.OwnResponses;
    private const Trouble OrderIsKept = LinkIsSound & ~Trouble.OddMembers | Trouble.IdlessErrors | Trouble.NoEcho | Trouble.SomeEcho | Trouble.NullConversation;
    private const int MostMoves = 20_000;
    private const long LongEnough = 700_000;

    private static readonly (int Bytes, byte[] Append)[] Sounds =
    [
        .. ((int[])[4_800, 4_799, 100, 6_001]).Select(static bytes =>
            (bytes, Encoding.UTF8.GetBytes($"{{\"type\":\"input_audio_buffer.append\",\"audio\":\"{Convert.ToBase64String(new byte[bytes])}\"}}"))),
    ];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    private readonly Tape _tape;
    private readonly Trouble _trouble;
    private readonly bool _takesTurns;
    private readonly bool _echoes;
    private readonly IScheduleServer _server;
    private readonly SessionMachine _machine;
    private readonly ReadingPath _path;
    private readonly Link _toServer;
    private readonly Link _toClient;
    private readonly ScheduleWitness _witness;
    private readonly StringBuilder? _log;
    private readonly Dictionary<string, int>? _tally;
    private readonly int _steps;
    private readonly Queue<string> _ownItems = new();
    private int _lastOwn;
    private bool _isMute;
    private bool _isClosed;
    private long _now;
    private long? _timer;

    /// <param name="tape">What happens.</param>
    /// <param name="kind">What schedules like it have in common.</param>
    /// <param name="logs">Whether everything is written down.</param>
    /// <param name="tally">Counts what passed between client and server, by kind.</param>
    public Schedule(Tape tape, ScheduleKind kind, bool logs = false, Dictionary<string, int>? tally = null)
    {
        _tally = tally;
        (_tape, _trouble, _log) = (tape, kind.Trouble, logs ? new StringBuilder() : null);
        _steps = 10 + tape.Next(60);
        _takesTurns = tape.Next(2) == 1;
        bool echoes = !tape.OnceIn(4);
        _echoes = echoes && !Has(Trouble.NoEcho);
        _toServer = new Link(tape, Has(Trouble.LostRequest), doubles: false, swaps: false);
        _toClient = new Link(tape, Has(Trouble.Loss), Has(Trouble.Duplication), Has(Trouble.Swap));
        _server = kind.Server(tape, _takesTurns, echoes && !Has(Trouble.NoEcho), kind.Trouble);
        _witness = new ScheduleWitness { HearsInOrder = (kind.Trouble & (Trouble.Loss | Trouble.Duplication | Trouble.Swap)) == 0 };
        _machine = new SessionMachine(new MachineSettings
        {
            IdPrefix = "seed",
            Capabilities = new Capabilities { EchoesMetadata = echoes ? Knowledge.Unknown : Knowledge.No, StatesConversation = kind.Has(Trouble.NullConversation) ? Knowledge.Unknown : Knowledge.Yes },
            TurnWhenBusy = (WhenBusy)tape.Next(3),
            HoldWhileUserSpeaks = !tape.OnceIn(4),
            MaxToolRounds = 3,
        });
        _path = new ReadingPath(_machine);
        while (_server.TakeMessage() is { } opening)
        {
            Hear(opening);
        }
    }

    /// <summary>Everything that happened, when it was asked for.</summary>
    public string Log => _log?.ToString() ?? "";

    public void Run()
    {
        for (int i = 0; i < _steps && !_isClosed; i++)
        {
            Step();
        }

        Quiesce();
        _witness.AtRest(callsAreTold: (_trouble & ~LinkIsSound) == 0, answersCome: (_trouble & ~(LinkIsSound | Trouble.NoEcho | Trouble.NullConversation)) == 0 && !_server.LostRequests);
        CheckOrder();
        if (_isClosed)
        {
            ScheduleWitness.Check(!Submit(SessionIntent.CreateResponse()).IsAccepted, "a request was accepted after the connection had ended");
            return;
        }

        int last = Submit(SessionIntent.CreateResponse(new ResponseParameters { Instructions = "are you there?" })).Turn;
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
                Deliver();
                break;
            case <= 8:
                Forward();
                break;
            case <= 11:
                _server.Advance(_now);
                Collect();
                break;
            case 12 when _takesTurns:
                _server.Speak(_now);
                Collect();
                break;
            case 12:
                Say();
                Submit(SessionIntent.EndTurn());
                break;
            case 13:
                Submit(SessionIntent.TextTurn("hello"));
                break;
            case 14:
                Submit(SessionIntent.CreateResponse(_tape.Next(2) == 0 ? null : new ResponseParameters { Instructions = "x" }, (WhenBusy)_tape.Next(3)));
                break;
            case 24:
                Ask(new ResponseParameters { Conversation = ResponseParametersConversation.None });
                break;
            case 25:
                AskAboutItems();
                break;
            case 15 when _tape.OnceIn(3):
                _witness.Silences();
                Submit(SessionIntent.Interrupt());
                break;
            case 16 when _witness.TurnEnds.Count > 0 && _tape.OnceIn(2):
                _witness.Silences();
                Submit(SessionIntent.CancelTurn(1 + _tape.Next(_witness.TurnEnds.Count)));
                break;
            case 17 or 18 when _witness.Received.Count > 0:
                Play();
                break;
            case 19 when _witness.Calls.Count > 0 && !Has(Trouble.StuckTools):
                GiveOutput();
                break;
            case 19 when _witness.Questions.Count > 0 && !Has(Trouble.StuckTools):
                GiveAnswer();
                break;
            case 20 when _tape.OnceIn(4):
                CatchUp();
                Wait(1 + _tape.Next(3_000));
                break;
            case 20:
                Wait(1 + _tape.Next(20));
                break;
            case 21:
                Track(Submit(_tape.Next(6) switch
                {
                    1 when _witness.Held.Count > 0 => SessionIntent.RetrieveItem(Pick(_witness.Held.Keys)),
                    2 => SessionIntent.AddItem(ConversationItem.System("by the way"), ItemPosition.Start),
                    3 when _witness.Held.Count > 0 => SessionIntent.AddItem(ConversationItem.System("by the way"), ItemPosition.After(Pick(_witness.Held.Keys))),
                    4 or 5 when _witness.Received.Count > 0 => Cut(),
                    _ => SessionIntent.AddText(ItemRole.User, "by the way"),
                }));
                break;
            case 22 when _witness.Received.Count > 0 && _tape.Next(3) == 0:
                Delete();
                break;
            case 22:
                Track(Submit(SessionIntent.Configure(Configuration())));
                break;
            case 23 when Has(Trouble.Disconnect) && _tape.OnceIn(10):
                Close();
                break;
            case 23 when Has(Trouble.Mute) && _tape.OnceIn(5):
                _isMute = true;
                break;
            case 23:
                SendByItself();
                break;
        }

        CheckServer();
    }

    /// <summary>Nobody wants anything any more, and everything under way arrives.</summary>
    private void Quiesce()
    {
        long quietSince = _now;
        for (int moves = 0; !_isClosed; moves++)
        {
            ScheduleWitness.Check(moves < MostMoves, "the conversation never came to rest");
            bool moved = Forward() | Deliver();
            if (_witness.Calls.Count > 0 && !Has(Trouble.StuckTools))
            {
                GiveOutput();
                moved = true;
            }

            if (_witness.Questions.Count > 0 && !Has(Trouble.StuckTools))
            {
                GiveAnswer();
                moved = true;
            }

            if (_server.IsBusy && !_isMute)
            {
                _server.Finish(_now);
                _server.Advance(_now);
                Collect();
                moved = true;
            }

            if (moved)
            {
                Wait(1);
                quietSince = _now;
            }
            else if (_timer is { } at && at - quietSince < LongEnough)
            {
                Wait(Math.Max(1, at - _now));
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
        while (Forward() | Deliver())
        {
        }
    }

    /// <summary>What the session believes the conversation to be is what it is.</summary>
    private void CheckOrder()
    {
        if (!_isClosed && (_trouble & ~OrderIsKept) == 0)
        {
            string[] known = [.. _machine.Items.Select(static item => item.Id)];
            ScheduleWitness.Check(known.SequenceEqual(_server.Items), $"the conversation is [{string.Join(' ', _server.Items)}], and the session takes it for [{string.Join(' ', known)}]");
        }
    }

    private void CheckServer() => ScheduleWitness.Check(_server.Fault is null || (_trouble & ~(LinkIsSound | Trouble.IdlessErrors)) != 0, $"the server saw {_server.Fault}");

    /// <summary>The application sends sound, which goes around the machine.</summary>
    private void Say()
    {
        (int bytes, byte[] append) = Sounds[_tape.Next(Sounds.Length)];
        _toServer.Put(append);
        Submit(SessionIntent.AudioAppended(bytes));
    }

    private void Play()
    {
        string item = Pick(_witness.Received.Keys);
        long received = _witness.Received[item];
        _witness.Played[item] = Math.Max(_witness.Played.GetValueOrDefault(item), Math.Min(received, _tape.Next(5) == 0 ? received : _tape.Next(20_000)));
        Submit(SessionIntent.Played(item, 0, _witness.Played[item]));
    }

    private SessionIntent Cut()
    {
        string item = Pick(_witness.Received.Keys);
        _witness.AsksToCut(item);
        return SessionIntent.TruncateItem(item, 1 + _tape.Next((int)Math.Max(1, _witness.Received[item] / 48)));
    }

    private void Delete()
    {
        string item = Pick(_witness.Received.Keys);
        _witness.AsksToDelete(item);
        Track(Submit(SessionIntent.DeleteItem(item)));
    }

    /// <summary>A response over chosen items, most often beside the conversation: known ones, or ones that nobody has heard of.</summary>
    private void AskAboutItems()
    {
        Item[] input = new Item[_tape.Next(3)];
        for (int i = 0; i < input.Length; i++)
        {
            Dictionary<string, long> known = _tape.Next(2) == 0 ? _witness.Received : _witness.Held;
            string id = known.Count > 0 && !_tape.OnceIn(4) ? Pick(known.Keys) : "nobody";
            input[i] = _tape.Next(2) == 0
                ? new ItemReference { Id = id }
                : new MessageItem { Id = id, Role = MessageItemRole.User, Content = [new() { Type = ContentPartType.InputText, Text = "so?" }] };
        }

        Ask(new ResponseParameters { Conversation = _tape.OnceIn(4) ? ResponseParametersConversation.Auto : ResponseParametersConversation.None, Input = input });
    }

    private void Ask(ResponseParameters request)
    {
        if (Has(Trouble.NullConversation) && !_echoes && _server is not SmallServer)
        {
            return; // its responses bear nothing by which a witness could tell which are beside the conversation
        }

        SubmitResult result = Submit(SessionIntent.CreateResponse(request));
        ScheduleWitness.Check(result.IsAccepted || _isClosed || result.Rule is "RC-22" or "RC-23", $"a request was refused by {result.Rule}");
    }

    private void GiveOutput()
    {
        int index = _tape.Next(_witness.Calls.Count);
        string call = _witness.Calls[index];
        _witness.Calls.RemoveAt(index);
        SubmitResult result = Submit(SessionIntent.ToolOutput(call, "{}"));
        ScheduleWitness.Check(result.IsAccepted || _isClosed, "the output of a call was refused");
    }

    /// <summary>The application sends an event of its own, as it may: nothing that the server must refuse, but for what is under way at the same moment.</summary>
    private void SendByItself()
    {
        string id = $"\"event_id\":\"own_{++_lastOwn}\"";
        switch (_tape.Next(10))
        {
            case 0:
                SendByItself($"{{\"type\":\"session.update\",{id},\"session\":{{\"type\":\"realtime\"}}}}");
                break;
            case 1:
                SendByItself($"{{\"type\":\"response.cancel\",{id}}}");
                break;
            case 2 when _witness.Open is { } open:
                SendByItself($"{{\"type\":\"response.cancel\",{id},\"response_id\":\"{open}\"}}");
                break;
            case 3:
                bool isNamed = _tape.Next(2) == 0;
                if (SendByItself($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{{(isNamed ? $"\"id\":\"own_{_lastOwn}\"," : "")}\"type\":\"message\",\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":\"hello\"}}]}}}}").IsAccepted && isNamed)
                {
                    _ownItems.Enqueue($"own_{_lastOwn}");
                }

                break;
            case 4 when _ownItems.TryDequeue(out string? item):
                SendByItself($"{{\"type\":\"conversation.item.delete\",{id},\"item_id\":\"{item}\"}}");
                break;
            case 5 when _witness.Calls.Count > 0 && !Has(Trouble.StuckTools):
                int index = _tape.Next(_witness.Calls.Count);
                string call = _witness.Calls[index];
                _witness.Calls.RemoveAt(index);
                SubmitResult result = SendByItself($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{\"id\":\"own_{_lastOwn}\",\"type\":\"function_call_output\",\"call_id\":\"{call}\",\"output\":\"{{}}\"}}}}");
                ScheduleWitness.Check(_isClosed || (result.IsAccepted ? result.Turn != 0 : result.Rule is "FC-03" or "RC-22"), "an output that the application sent by itself answers no call");
                if (result.Rule == "RC-22")
                {
                    _witness.Calls.Add(call); // no conversation holds it, so its output goes another way
                }

                break;
            case 6 when _witness.Questions.Count > 0 && !Has(Trouble.StuckTools):
                string question = _witness.Questions[0];
                _witness.Questions.RemoveAt(0);
                SubmitResult answered = SendByItself($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{\"id\":\"own_{_lastOwn}\",\"type\":\"mcp_approval_response\",\"approval_request_id\":\"{question}\",\"approve\":true}}}}");
                ScheduleWitness.Check(_isClosed || (answered.IsAccepted ? answered.Turn != 0 : answered.Rule is "MCP-03" or "RC-22"), "an answer that the application sent by itself answers no question");
                if (answered.Rule == "RC-22")
                {
                    _witness.Questions.Add(question); // no conversation holds it, so its answer goes another way
                }

                break;
            case 7 when _witness.Received.Keys.FirstOrDefault(_witness.Held.ContainsKey) is { } cut && !Has(Trouble.IdlessErrors):
                SendByItself($"{{\"type\":\"conversation.item.truncate\",{id},\"item_id\":\"{cut}\",\"content_index\":0,\"audio_end_ms\":{1 + _tape.Next(100)}}}");
                break;
            case 8 when _witness.Held.Count > 0 && !Has(Trouble.IdlessErrors):
                SendByItself($"{{\"type\":\"conversation.item.retrieve\",{id},\"item_id\":\"{Pick(_witness.Held.Keys)}\"}}");
                break;
            case 9 when !Has(Trouble.IdlessErrors):
                SendByItself($"{{\"type\":\"session.update\",{id},\"session\":{{\"type\":\"realtime\",\"audio\":{{\"output\":{{\"speed\":1.1}}}}}}}}");
                break;
        }
    }

    private SubmitResult SendByItself(string json)
    {
        byte[] message = Encoding.UTF8.GetBytes(json);
        ScheduleWitness.Check(ClientEvent.TryRead(message, out ClientEvent e, out ReadError error), $"an event of the application's was not read: {error}");
        SubmitResult result = _machine.SubmitEvent(e, _now);
        _log?.AppendLine($"{_now,8} ~> {json} {result.Verdict} {result.Rule}");
        if (result.IsAccepted)
        {
            FrameGlance sent = FrameGlance.Of(message);
            Count("own", sent);
            _witness.SentByItself(sent, _now);
            _toServer.Put(message);
        }

        Drain();
        return result;
    }

    private void GiveAnswer()
    {
        string question = _witness.Questions[0];
        _witness.Questions.RemoveAt(0);
        SubmitResult result = Submit(SessionIntent.AnswerApproval(question, isApproved: _tape.Next(2) == 0));
        ScheduleWitness.Check(result.IsAccepted || _isClosed, "the answer to a question was refused");
    }

    private Session Configuration() => _tape.Next(6) switch
    {
        0 => new Session { Type = SessionType.Realtime, Tools = [new McpTool { ServerLabel = "almanac", ServerUrl = "https://almanac.example/mcp" }] },
        5 => new Session { Type = SessionType.Realtime, Tools = [new McpTool { ServerLabel = "almanac", ServerUrl = "https://almanac.example/mcp", RequireApproval = (McpToolRequireApproval)McpToolRequireApprovalOption.Never }] },
        1 => new Session { Type = SessionType.Realtime, Tools = [] },
        2 => new Session { Type = SessionType.Realtime, Instructions = "x" },
        3 => new Session { Type = SessionType.Realtime, Audio = { Output = { Speed = _tape.Next(2) == 0 ? 1.25 : 0.75 } } },
        _ => new Session { Type = SessionType.Realtime, Audio = { Output = { Voice = _tape.Next(2) == 0 ? "marin" : "cedar" } } },
    };

    private void Count(string who, FrameGlance frame)
    {
        if (_tally is not null)
        {
            string what = frame.AnswersRead.Count > 0 ? " with an answer" : frame.References.Count > 0 ? " about items" : frame.CallsRead.Count > 0 ? " with an output" : frame.AsksBeside || frame.IsOutOfBand ? " aside" : frame.Speed != "" ? " speed" : frame.Previous == "root" ? " at the start" : frame.Previous != "" && who != "server" ? " behind another" : "";
            string word = $"{who} {frame.Type}{what}";
            _tally[word] = _tally.GetValueOrDefault(word) + 1;
        }
    }

    private void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _machine.Close(new(RealtimeCloseKind.ConnectionLost, null, "Lost."));
            Drain();
        }
    }

    private SubmitResult Submit(in SessionIntent intent, [CallerArgumentExpression(nameof(intent))] string words = "")
    {
        SubmitResult result = _machine.Submit(intent, _now);
        _log?.AppendLine($"{_now,8} !  {words} {result.Verdict} {result.Rule}");
        Drain();
        return result;
    }

    private void Track(SubmitResult result)
    {
        if (result.Operation != 0)
        {
            _witness.OperationEnds.TryAdd(result.Operation, 0);
        }
    }

    private void Wait(long milliseconds)
    {
        long until = _now + milliseconds;
        for (int fired = 0; _timer is { } at && at <= until && !_isClosed; fired++)
        {
            ScheduleWitness.Check(fired < MostMoves, "the timer fires for ever");
            (_now, _timer) = (Math.Max(_now, at), null);
            _machine.Elapse(_now);
            Drain();
        }

        _now = until;
    }

    /// <summary>The client's next message reaches the server.</summary>
    private bool Forward()
    {
        if (_toServer.Take() is not { } message)
        {
            return false;
        }

        if (!_isMute)
        {
            _server.Receive(message, _now);
            Collect();
        }

        return true;
    }

    /// <summary>The server's next message reaches the client.</summary>
    private bool Deliver()
    {
        if (_toClient.Take() is not { } message)
        {
            return false;
        }

        Hear(message);
        return true;
    }

    private void Hear(byte[] message)
    {
        _log?.AppendLine($"{_now,8} <- {Encoding.UTF8.GetString(message.AsSpan(0, Math.Min(message.Length, 400)))}");
        FrameGlance said = FrameGlance.Of(message);
        Count("server", said);
        _witness.Delivered(said, Has(Trouble.NullConversation), _now);
        ScheduleWitness.Check(_path.TryReceive(message, _now, out Reception reception, out ReadError error), $"a message was not read: {error}");
        _witness.Took(said, reception);
        Drain();
    }

    private void Collect()
    {
        while (_server.TakeMessage() is { } message)
        {
            if (!_isMute)
            {
                _toClient.Put(Has(Trouble.OddMembers) && _tape.OnceIn(3) ? OddMembers.In(message, _tape) : message);
            }
        }
    }

    private void Drain()
    {
        for (int taken = 0; _machine.TryTakeEffect(out SessionEffect? effect); taken++)
        {
            ScheduleWitness.Check(taken < MostMoves, "the machine never came to an end of its effects");
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    Send(command);
                    break;
                case SessionEffect.SetTimer(var at):
                    _timer = at;
                    break;
                case SessionEffect.Changed(var change):
                    _log?.AppendLine($"{_now,8}    {Words(change)}");
                    _witness.Told(change, _now);
                    break;
            }
        }

        if (_witness.WasGivenUp && !_isClosed)
        {
            ScheduleWitness.Check((_trouble & (Trouble.Mute | Trouble.Loss | Trouble.LostRequest)) != 0, "the connection was given up, but the server answers");
            Close(); // as a session does
        }
    }

    private void Send(SessionCommand command)
    {
        ArrayBufferWriter<byte> output = _output ??= new ArrayBufferWriter<byte>(4_096);
        output.ResetWrittenCount();
        CommandWriter.Write(output, command);
        byte[] message = output.WrittenSpan.ToArray();
        _log?.AppendLine($"{_now,8} -> {Encoding.UTF8.GetString(message)}");
        FrameGlance sent = FrameGlance.Of(message);
        Count("session", sent);
        _witness.Sent(sent, _now);
        _toServer.Put(message);
    }

    private string Pick(Dictionary<string, long>.KeyCollection names) => names.ElementAt(_tape.Next(names.Count));

    private static string Words(SessionChange change) => change switch
    {
        SessionChange.TurnEnded ended => $"{ended} {ended.Turn} {ended.Outcome}",
        SessionChange.TurnBegan began => $"{began} {began.Turn} {began.Origin}",
        SessionChange.ResponseStarted started => $"{started} {started.Turn} {started.ResponseId}",
        SessionChange.OperationCompleted completed => $"{completed} {completed.Operation}",
        SessionChange.OperationFailed failed => $"{failed} {failed.Operation}",
        SessionChange.ErrorIgnored ignored => $"{ignored} {ignored.Rule}",
        SessionChange.ViolationTolerated tolerated => $"{tolerated} {tolerated.Rule}",
        _ => change.ToString(),
    };
}

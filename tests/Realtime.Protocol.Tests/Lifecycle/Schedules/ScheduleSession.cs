using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// The session of a schedule with what is around it: the network in both directions, the clock, and a witness who sees everything that passes. Whatever is done to it, the machine's effects are carried out before anything else
/// happens, and written down if somebody asked for that.
/// </summary>
internal sealed class ScheduleSession
{
    /// <summary>No schedule takes so many steps; one that does goes on for ever.</summary>
    public const int MostMoves = 20_000;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    private readonly ReadingPath _path;
    private readonly Link _toServer;
    private readonly Link _toClient;
    private readonly StringBuilder? _log;

    private readonly Tape _tape;
    private readonly Trouble _trouble;
    private readonly IScheduleServer _server;
    private readonly Dictionary<string, int>? _tally;

    /// <summary>Connects. What the server says first has come.</summary>
    public ScheduleSession(Tape tape, ScheduleKind kind, IScheduleServer server, bool echoes, bool logs, Dictionary<string, int>? tally)
    {
        (_tape, _trouble, _server, _tally, _log) = (tape, kind.Trouble, server, tally, logs ? new StringBuilder() : null);
        _toServer = new Link(tape, Has(Trouble.LostRequest), doubles: false, swaps: false);
        _toClient = new Link(tape, Has(Trouble.Loss), Has(Trouble.Duplication), Has(Trouble.Swap));
        Witness = new ScheduleWitness { HearsInOrder = (kind.Trouble & (Trouble.Loss | Trouble.Duplication | Trouble.Swap)) == 0 };
        Machine = new SessionMachine(new MachineSettings
        {
            IdPrefix = "seed",
            Capabilities = new Capabilities { EchoesMetadata = echoes ? Knowledge.Unknown : Knowledge.No, StatesConversation = Has(Trouble.NullConversation) ? Knowledge.Unknown : Knowledge.Yes },
            TurnWhenBusy = (WhenBusy)tape.Next(3),
            HoldWhileUserSpeaks = !tape.OnceIn(4),
            MaxToolRounds = 3,
        });
        _path = new ReadingPath(Machine);
        while (server.TakeMessage() is { } opening)
        {
            Hear(opening);
        }
    }

    public SessionMachine Machine { get; }

    public ScheduleWitness Witness { get; }

    public long Now { get; private set; }

    /// <summary>When the machine wants to be woken; null for never.</summary>
    public long? Timer { get; private set; }

    /// <summary>Whether the server says and hears nothing any more.</summary>
    public bool IsMute { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Everything that happened, when it was asked for.</summary>
    public string Log => _log?.ToString() ?? "";

    /// <summary>A message goes to the server around the machine.</summary>
    public void Put(byte[] message) => _toServer.Put(message);

    public bool Has(Trouble trouble) => _trouble.HasFlag(trouble);

    public SubmitResult Submit(in SessionIntent intent, [CallerArgumentExpression(nameof(intent))] string words = "")
    {
        SubmitResult result = Machine.Submit(intent, Now);
        _log?.AppendLine($"{Now,8} !  {words} {result.Verdict} {result.Rule}");
        Drain();
        return result;
    }

    /// <summary>The application sends an event past the session.</summary>
    public SubmitResult SubmitEvent(string json)
    {
        byte[] message = Encoding.UTF8.GetBytes(json);
        ScheduleWitness.Check(ClientEvent.TryRead(message, out ClientEvent e, out ReadError error), $"an event of the application's was not read: {error}");
        SubmitResult result = Machine.SubmitEvent(e, Now);
        _log?.AppendLine($"{Now,8} ~> {json} {result.Verdict} {result.Rule}");
        if (result.IsAccepted)
        {
            FrameGlance sent = FrameGlance.Of(message);
            Count("own", sent);
            Witness.SentByItself(sent, Now);
            _toServer.Put(message);
        }

        Drain();
        return result;
    }

    public void Track(SubmitResult result)
    {
        if (result.Operation != 0)
        {
            Witness.OperationEnds.TryAdd(result.Operation, 0);
        }
    }

    public void Wait(long milliseconds)
    {
        long until = Now + milliseconds;
        for (int fired = 0; Timer is { } at && at <= until && !IsClosed; fired++)
        {
            ScheduleWitness.Check(fired < MostMoves, "the timer fires for ever");
            (Now, Timer) = (Math.Max(Now, at), null);
            Machine.Elapse(Now);
            Drain();
        }

        Now = until;
    }

    /// <summary>The client's next message reaches the server.</summary>
    public bool Forward()
    {
        if (_toServer.Take() is not { } message)
        {
            return false;
        }

        if (!IsMute)
        {
            _server.Receive(message, Now);
            Collect();
        }

        return true;
    }

    /// <summary>The server's next message reaches the client.</summary>
    public bool Deliver()
    {
        if (_toClient.Take() is not { } message)
        {
            return false;
        }

        Hear(message);
        return true;
    }

    public void Hear(byte[] message)
    {
        _log?.AppendLine($"{Now,8} <- {Encoding.UTF8.GetString(message.AsSpan(0, Math.Min(message.Length, 400)))}");
        FrameGlance said = FrameGlance.Of(message);
        Count("server", said);
        Witness.Delivered(said, Has(Trouble.NullConversation), Now);
        ScheduleWitness.Check(_path.TryReceive(message, Now, out Reception reception, out ReadError error), $"a message was not read: {error}");
        Witness.Took(said, reception);
        Drain();
    }

    public void Collect()
    {
        while (_server.TakeMessage() is { } message)
        {
            if (!IsMute)
            {
                _toClient.Put(Has(Trouble.OddMembers) && _tape.OnceIn(3) ? OddMembers.In(message, _tape) : message);
            }
        }
    }

    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Machine.Close(new(RealtimeCloseKind.ConnectionLost, null, "Lost."));
            Drain();
        }
    }

    private void Drain()
    {
        for (int taken = 0; Machine.TryTakeEffect(out SessionEffect? effect); taken++)
        {
            ScheduleWitness.Check(taken < MostMoves, "the machine never came to an end of its effects");
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    Send(command);
                    break;
                case SessionEffect.SetTimer(var at):
                    Timer = at;
                    break;
                case SessionEffect.Changed(var change):
                    _log?.AppendLine($"{Now,8}    {Words(change)}");
                    Witness.Told(change, Now);
                    break;
            }
        }

        if (Witness.WasGivenUp && !IsClosed)
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
        _log?.AppendLine($"{Now,8} -> {Encoding.UTF8.GetString(message)}");
        FrameGlance sent = FrameGlance.Of(message);
        Count("session", sent);
        Witness.Sent(sent, Now);
        _toServer.Put(message);
    }

    private void Count(string who, FrameGlance frame)
    {
        if (_tally is not null)
        {
            string what = frame.AnswersRead.Count > 0 ? " with an answer" : frame.References.Count > 0 ? " about items" : frame.CallsRead.Count > 0 ? " with an output" : frame.AsksBeside || frame.IsOutOfBand ? " aside" : frame.Speed != "" ? " speed" : frame.Previous == "root" ? " at the start" : frame.Previous != "" && who != "server" ? " behind another" : "";
            string word = $"{who} {frame.Type}{what}";
            _tally[word] = _tally.GetValueOrDefault(word) + 1;
        }
    }

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

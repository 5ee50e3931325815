using System.Collections.Concurrent;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle.Search;

/// <summary>
/// One path through the machine, in frames: each step is a word of the server, of the application or of time, with the ids that fit the moment. It watches what must hold on every path, and
/// says in a few words where the machine is, so that a search can tell states apart. It decides nothing that the machine decides.
/// </summary>
internal sealed class PlaceSearch
{
    /// <summary>Every step that a path is made of.</summary>
    public static readonly string[] Steps =
    [
        "created, ours", "created, no token", "created, foreign token", "created, no conversation",
        "item of a stranger", "delta of the holder", "delta of a stranger",
        "done, holder completed", "done, holder cancelled", "done, stranger", "done, stranger with our token",
        "busy, named", "busy, named by no id", "busy, unnamed", "busy, no id and no code", "create refused",
        "nothing runs", "nothing runs, no id", "cancel refused",
        "speech started", "speech stopped", "committed", "idle timeout",
        "!create", "!create, stated", "!interrupt", "timer", "two seconds",
    ];

    private static readonly ResponseParameters Stated = new() { Instructions = "x" };

    private readonly SessionMachine _machine = new(new MachineSettings { IdPrefix = "seen" });
    private readonly ReadingPath _path;
    private readonly Dictionary<int, int> _turnEnds = [];
    private readonly HashSet<string> _open = [];
    private SessionCommand.CreateResponse? _create;
    private SessionCommand.CancelResponse? _cancel;
    private string? _last;
    private long? _timer;
    private int _responses;

    public PlaceSearch()
    {
        _path = new ReadingPath(_machine);
        Hear("session.created", "session.type=realtime", "session.audio.input.turn_detection.type=server_vad");
    }

    public long Now { get; private set; }

    /// <summary>The first thing that went wrong; null so far.</summary>
    public string? Fault { get; private set; }

    public bool IsGivenUp { get; private set; }

    public SlotPhase Phase => _machine.Core.Slot.Phase;

    public bool IsAtRest => _machine.Core.Slot is { Phase: SlotPhase.Idle, HasWaiting: false } && _machine.Core.Turns.Live.Length == 0;

    /// <summary>Where the machine is. Times and ids are left out: they differ on every path, and decide only through what is here.</summary>
    public string Digest
    {
        get
        {
            SessionCore core = _machine.Core;
            ResponseSlot slot = core.Slot;
            string current = slot.Current is { } r ? $"{r.IsDropped}{r.Turn is null}{r.Turn?.Decided is null}{Math.Min(r.Cancels, 2)}{r.Turn?.Create is null}{r.ByOrder is null}{r.HasOutput}" : "-";
            string create = slot.Outstanding is { } c ? $"{c.IsAutomatic}{c.IsUnwanted}{c.ProbedAt is null}{c.PerhapsAnswer is null}{c.Refusals}" : "-";
            string waiting = $"{slot.FirstWaiting?.IsAutomatic}{slot.FirstWaiting?.Refusals}{slot.LastWaiting?.IsAutomatic}{core.Turns.Live.Length}";
            return $"{slot.Phase} {slot.Owed?.Cause}{slot.Owed?.IsUnwanted} {current} {create} {waiting} {core.UserSpeaks}{core.HoldUntil > Now} {core.EchoesMetadata}{core.StatesConversation} {_last is null}{_last == slot.Current?.Id}{_cancel is null}";
        }
    }

    /// <summary>Takes a step; false when it makes no sense here, and nothing has happened.</summary>
    public bool TryStep(string step)
    {
        switch (step)
        {
            case "created, ours" when _create is not null:
                return Begin(("response.created", [$"response.id=ID", "response.conversation_id=c", $"{Frame.Token}=TOKEN"]), _create.Token);
            case "created, no token":
                return Begin(("response.created", ["response.id=ID", "response.conversation_id=c"]), null);
            case "created, foreign token":
                return Begin(("response.created", ["response.id=ID", "response.conversation_id=c", $"{Frame.Token}=TOKEN"]), "of somebody else");
            case "created, no conversation":
                return Begin(("response.created", ["response.id=ID", "response.conversation_id:=null"]), null);
            case "item of a stranger":
                return Begin(("response.output_item.added", ["response_id=ID", "item.id=m"]), null);
            case "delta of a stranger":
                return Begin(("response.output_audio.delta", ["response_id=ID", "item_id=m"]), null);
            case "delta of the holder" when _machine.Core.Slot.Current is { } holder:
                return Say("response.output_audio.delta", $"response_id={holder.Id}", "item_id=m");
            case "done, holder completed" when _machine.Core.Slot.Current is { } holder:
                return End(holder.Id, "response.status=completed");
            case "done, holder cancelled" when _machine.Core.Slot.Current is { } holder:
                return End(holder.Id, "response.status=cancelled");
            case "done, stranger":
                return End($"r{++_responses}", "response.status=completed");
            case "done, stranger with our token" when _create is not null:
                return End($"r{++_responses}", "response.status=completed", $"{Frame.Token}={_create.Token}");
            case "busy, named" when _create is not null:
                return Busy(_create.EventId, $" in progress: {_last ?? "other"}. Wait", hasCode: true);
            case "busy, named by no id" when _create is not null:
                return Busy(null, $" in progress: {_last ?? "other"}. Wait", hasCode: true);
            case "busy, unnamed" when _create is not null:
                return Busy(_create.EventId, "", hasCode: true);
            case "busy, no id and no code" when _create is not null:
                return Busy(null, "", hasCode: false);
            case "create refused" when _create is not null:
                return Say("error", "error.type=t", "error.code=invalid_value", "error.message=No.", $"error.event_id={_create.EventId}");
            case "nothing runs" when _cancel is not null:
                return NothingRuns($"error.event_id={_cancel.EventId}");
            case "nothing runs, no id" when _cancel is not null:
                return NothingRuns("error.event_id:=null");
            case "cancel refused" when _cancel is not null:
                return Say("error", "error.type=t", "error.code=unknown_event", "error.message=No.", $"error.event_id={_cancel.EventId}");
            case "speech started":
                return Say("input_audio_buffer.speech_started");
            case "speech stopped":
                return Say("input_audio_buffer.speech_stopped");
            case "committed":
                return Say("input_audio_buffer.committed");
            case "idle timeout":
                return Say("input_audio_buffer.timeout_triggered");
            case "!create":
                return Submit(SessionIntent.CreateResponse());
            case "!create, stated":
                return Submit(SessionIntent.CreateResponse(Stated));
            case "!interrupt":
                return Submit(SessionIntent.Interrupt());
            case "timer" when _timer is { } at:
                Wait(Math.Max(0, at - Now));
                return true;
            case "two seconds":
                Wait(2_000);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Lets time pass until everything has ended. The server says nothing more, or nothing but that it lives.</summary>
    /// <returns>False when a hundred and fifty seconds were not enough.</returns>
    public bool ComesToRest(bool serverLives)
    {
        // Two creates that wait take 35 s each when nothing answers them; what ran before them takes 35 s as well, and a user who fell silent 10 s.
        for (int second = 0; second < 150 && !IsAtRest && !IsGivenUp && Fault is null; second += 3)
        {
            Wait(3_000);
            if (serverLives)
            {
                _machine.Heard(default, isDone: false, Now);
            }
        }

        return IsAtRest || (IsGivenUp && !serverLives);
    }

    private bool Begin((string Type, string[] Changes) frame, string? token)
    {
        string id = $"r{++_responses}";
        return Say(frame.Type, [.. frame.Changes.Select(change => change.Replace("=ID", "=" + id, StringComparison.Ordinal).Replace("=TOKEN", "=" + token, StringComparison.Ordinal))], id);
    }

    private bool End(string id, params string[] changes) => Say("response.done", [$"response.id={id}", .. changes]);

    private bool Busy(string? eventId, string named, bool hasCode) => Say(
        "error", "error.type=t", hasCode ? "error.code=conversation_already_has_active_response" : "error.code:=null",
        $"error.message=Conversation already has an active response{named}", eventId is null ? "error.event_id:=null" : $"error.event_id={eventId}");

    private bool NothingRuns(string eventId) => Say("error", "error.type=t", "error.code=response_cancel_not_active", "error.message=No.", eventId);

    private bool Submit(in SessionIntent intent)
    {
        if (_machine.Core.Turns.Live.Length > 2)
        {
            return false; // more would only wait
        }

        _machine.Submit(intent, Now);
        Drain();
        return true;
    }

    private bool Say(string type, params string[] changes) => Say(type, changes, null);

    private bool Say(string type, string[] changes, string? last)
    {
        _last = last ?? _last;
        Hear(type, changes);
        return true;
    }

    private void Hear(string type, params string[] changes)
    {
        if (!_path.TryReceive(FrameCache.Get(type, changes), Now, out _, out ReadError error))
        {
            throw new InvalidOperationException($"{type} is not readable: {error}");
        }

        Drain();
    }

    private void Wait(long milliseconds)
    {
        long until = Now + milliseconds;
        for (int fired = 0; _timer is { } at && at <= until; fired++)
        {
            Now = Math.Max(Now, at);
            _timer = null;
            _machine.Elapse(Now);
            Drain();
            if (fired == 20)
            {
                Fault ??= $"the timer fired {fired} times by {Now} ms";
                return;
            }
        }

        Now = until;
    }

    private void Drain()
    {
        while (_machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.SetTimer(var at):
                    _timer = at;
                    break;
                case SessionEffect.Send(SessionCommand.CreateResponse create):
                    Sent(create);
                    break;
                case SessionEffect.Send(SessionCommand.CancelResponse cancel):
                    _cancel = cancel;
                    break;
                case SessionEffect.Changed(SessionChange.TurnBegan began):
                    _turnEnds.Add(began.Turn, 0);
                    break;
                case SessionEffect.Changed(SessionChange.TurnEnded ended) when ++_turnEnds[ended.Turn] > 1:
                    Fault ??= $"turn {ended.Turn} ended twice";
                    break;
                case SessionEffect.Changed(SessionChange.ResponseStarted started):
                    _open.Add(started.ResponseId);
                    break;
                case SessionEffect.Changed(SessionChange.ResponseEnded ended):
                    _open.Remove(ended.ResponseId);
                    break;
                case SessionEffect.Changed(SessionChange.ConnectionUnresponsive):
                    IsGivenUp = true;
                    break;
            }
        }

        foreach (TurnState turn in _machine.Core.Turns.Live)
        {
            if (turn.Response is { IsDone: false } running && !ReferenceEquals(running, _machine.Core.Slot.Current))
            {
                Fault ??= $"{running.Id} runs for a turn without the place, and has no deadline"; // RC-11
            }
        }
    }

    /// <summary>A create leaves when no response runs that anybody was told of, and no other create is unanswered (RC-01, RC-02).</summary>
    private void Sent(SessionCommand.CreateResponse create)
    {
        ResponseSlot slot = _machine.Core.Slot;
        if (_open.Count > 0 || slot.Current is not null || slot.Phase is not SlotPhase.Requested || slot.Outstanding?.EventId != create.EventId)
        {
            Fault ??= $"a create left in {slot.Phase}, while {string.Join(',', _open)} ran";
        }

        _create = create;
    }

    /// <summary>The same few frames are said a million times.</summary>
    private static class FrameCache
    {
        private static readonly ConcurrentDictionary<string, byte[]> Frames = new();

        public static byte[] Get(string type, string[] changes) =>
            Frames.GetOrAdd(string.Join(' ', [type, .. changes]), static (_, say) => Frame.Server(say.type, 1, new FrameNames(), say.changes), (type, changes));
    }
}

using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>When a response may be cancelled.</summary>
internal sealed class CancelRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    private Asked? _lastCancel;
    private int _afterBargeIn;

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type != "response.cancel")
        {
            return asked;
        }

        string? named = json.Text("response_id");
        SeenResponse? meant = named is null ? Seen.Active : Seen.Response(named);
        asked = asked with
        {
            Target = named ?? Seen.Active?.Id ?? Seen.Last?.Id,
            Active = Seen.Active,
            Last = named is null ? Seen.Last : meant is { IsDone: true } ? meant : Seen.Last,
            SpeechSince = Seen.Input.SpeechSince,
            Earlier = _lastCancel is { IsRefused: false } before && before.Target is not null && before.Target == (named ?? Seen.Active?.Id ?? Seen.Last?.Id) ? before : null,
        };
        _lastCancel = asked;
        if (named is null && Seen.Active is { } ended && Seen.Running.FirstOrDefault(other => other != ended) is { } other)
        {
            bool isRace = IsUnderWay(Later(ended, other).CreatedAt, asked.At) && !Later(ended, other).IsByClient;
            Verdicts.Broke("cancel-without-id", asked, $"Several responses run and your cancel names none: it ended {Words.Name(ended.Id)} of the conversation, not {Words.Name(other.Id)}.", isRace);
        }

        return asked;
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Type != "response.cancel" || error.Code != "response_cancel_not_active")
        {
            return false;
        }

        if (asked.Earlier is not null)
        {
            Verdicts.Broke("cancel-twice", asked, $"A second cancel for {Words.Name(asked.Target)}.");
        }
        else if (Ended(asked) is { WasInterrupted: true } interrupted)
        {
            // A person may stop the answer in the moment in which they also speak. Whoever does so at every interruption lets the code do it.
            _afterBargeIn++;
            Verdicts.Broke("cancel-after-barge-in", asked, $"The server cancelled {Words.Name(interrupted.Id)} itself when the user began to speak (interrupt_response is true).",
                _afterBargeIn == 1 && IsUnderWay(asked.SpeechSince, asked.At));
        }
        else
        {
            bool isRace = asked.Active is not null || (asked.Last is { } last && (IsUnderWay(last.DoneAt, asked.At) || asked.At is null));
            Verdicts.Broke("cancel-nothing", asked, $"response.cancel, but nothing is active{Why(asked)}.", isRace);
        }

        return true;
    }

    // What was active when the cancel was said has ended meanwhile; otherwise it is about what was done last.
    private static SeenResponse? Ended(Asked asked) => asked.Active is { IsDone: true } crossed ? crossed : asked.Active is null ? asked.Last : null;

    private static string Why(Asked asked) => asked.Active is { } crossed ? $": {Words.Name(crossed.Id)} had ended meanwhile"
        : asked.Last is { } last ? $": {Words.Name(last.Id)} was done{Words.Ago(last.DoneAt, asked.At)}"
        : ": no response was created yet";

    private static SeenResponse Later(SeenResponse one, SeenResponse other) => (other.CreatedAt ?? 0) >= (one.CreatedAt ?? 0) ? other : one;
}

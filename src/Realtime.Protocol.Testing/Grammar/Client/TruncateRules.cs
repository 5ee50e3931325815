using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>How a client tells the server what the user heard.</summary>
internal sealed class TruncateRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    // Who interrupts an answer has heard some of it, and there is more to hear than what is lost on the way: a client that plays nothing is left alone.
    private const double LeastHeard = 200;
    private const double LeastLeft = 500;

    // The answer that the user interrupted, until the client says what was heard of it.
    private SeenItem? _interrupted;
    private double? _interruptedAt;
    private double? _heard;

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type == "conversation.item.delete" && asked.Target == _interrupted?.Id)
        {
            _interrupted = null;
        }

        if (asked.Type != "conversation.item.truncate")
        {
            return asked;
        }

        asked = asked with { AudioEndMs = json.Number("audio_end_ms") };
        _interrupted = asked.Target == _interrupted?.Id ? null : _interrupted;
        if (Seen.Item(asked.Target) is not { } item)
        {
            return asked;
        }

        if (item.Truncation is { } before)
        {
            Verdicts.Broke("truncate-twice", asked, $"{Words.Name(item.Id)} was truncated before, by {Words.Event(before)}.");
        }
        else if (item is { IsDone: true, AudioMs: > 0 } && asked.AudioEndMs == item.AudioMs && asked.At >= item.HeardAt)
        {
            Verdicts.Broke("truncate-heard-to-the-end", asked, $"{Words.Name(item.Id)} was whole and its {item.AudioMs} ms could have been heard: truncating it only deletes its transcript.");
        }

        return asked;
    }

    public override void Heard(string type, JsonElement json)
    {
        if (type == "response.done" && Seen.Last is { WasInterrupted: true } last && last.Id == json.Text("response.id"))
        {
            // What the client has truncated or deleted already is settled.
            _interrupted = last.Items.LastOrDefault(static item => item is { IsModelAudio: true, AudioBytes: > 0, Truncation: null, Deletion: null, IsDeleted: false });
            _interruptedAt = Seen.Input.SpeechSince ?? last.DoneAt;
            _heard = _interruptedAt - _interrupted?.PlaysFrom;
        }
        else if (type == "input_audio_buffer.speech_started" && Seen.Active is null && Seen.Session is { DetectsTurns: true, Interrupts: true })
        {
            // The answer is made, and is still played: nobody but the client can tell the server how far.
            Interrupt(Seen.LastSound);
        }
        else if (type == "response.created" && _interrupted is { } item && Seen.Active?.Id == json.Text("response.id"))
        {
            string heard = _heard is { } ms && ms < item.AudioMs ? $" after {Words.Span(Math.Max(0, ms))} of {Words.Span(item.AudioMs)}" : "";
            Verdicts.Broke("interrupted-not-truncated", null, $"The user interrupted {Words.Name(item.Id)}{heard} and you did not truncate it: the model believes that all of it was heard.",
                IsUnderWay(_interruptedAt, Seen.Now), Seen.Now);
            _interrupted = null;
        }
    }

    private void Interrupt(SeenItem? sounding)
    {
        if (sounding is { IsModelAudio: true, Truncation: null, Deletion: null, IsDeleted: false, Response: { InConversation: true, WasInterrupted: false } }
            && Seen.Now - sounding.PlaysFrom >= LeastHeard && sounding.HeardAt - Seen.Now >= LeastLeft)
        {
            (_interrupted, _interruptedAt, _heard) = (sounding, Seen.Now, Seen.Now - sounding.PlaysFrom);
        }
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Type != "conversation.item.truncate")
        {
            return false;
        }

        string id = Words.Name(asked.Target);
        SeenItem? item = Seen.Item(asked.Target);
        if (item?.Response is { InConversation: false })
        {
            return false;
        }

        if (error.Code == "item_truncate_invalid_item_id")
        {
            Verdicts.Broke("truncate-unknown", asked, item is { IsDeleted: true } ? $"{id} was deleted{Words.Ago(item.DeletedAt, asked.At)}." : $"There is no item {id} in this conversation.",
                item is { IsDeleted: true } && IsUnderWay(item.DeletedAt, asked.At));
        }
        else if (error.Code == "unsupported_content_type" && item is { IsModelAudio: true })
        {
            Verdicts.Broke("truncate-before-sound", asked, $"{id} has no sound yet, so there is nothing to truncate.");
        }
        else if (error.Code == "unsupported_content_type")
        {
            string whose = item?.Role is { } role ? $"; {id} is of the role {Words.Name(role)}" : item?.Type is { } type ? $"; {id} is a {Words.Name(type)}" : "";
            Verdicts.Broke("truncate-not-model-audio", asked, $"Only the model's audio can be truncated{whose}.");
        }
        else if (error.Message.Contains("already shorter", StringComparison.Ordinal))
        {
            // The server may count less than it has sent, which no client can know.
            bool isRace = item is { AudioBytes: > 0 } && asked.AudioEndMs <= item.AudioMs;
            Verdicts.Broke("truncate-beyond-sound", asked, item is { AudioBytes: > 0 } ? $"audio_end_ms {asked.AudioEndMs}, and {id} has {item.AudioMs} ms." : $"audio_end_ms {asked.AudioEndMs} is beyond the end of {id}.", isRace);
        }
        else
        {
            return false;
        }

        return true;
    }
}

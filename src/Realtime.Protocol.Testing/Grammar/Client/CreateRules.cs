using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>When a response may be asked for.</summary>
internal sealed class CreateRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type != "response.create")
        {
            return asked;
        }

        bool isNull = json.At("response") is { ValueKind: JsonValueKind.Null };
        asked = asked with
        {
            IsOutOfBand = json.Text("response.conversation") == "none",
            Active = Seen.Active,
            Earlier = Seen.PendingCreate,
            IsInServerWindow = Seen.Input.IsServerAboutToAnswer,
            WindowSince = Seen.Input.CommittedAt,
            SpeechSince = Seen.Input.SpeechSince,
            Suspicion = isNull ? "create-null-response" : Seen.Session.OnlyTranscribes ? "create-on-transcription" : null,
            SuspicionSays = isNull ? "\"response\": null." : "This session only transcribes; it has no responses.",
        };
        if (!asked.IsOutOfBand && asked.Suspicion is null && Seen.Active is null)
        {
            CheckCalls(asked);
            CheckSpeech(asked);
        }

        return asked;
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Type != "response.create")
        {
            return false;
        }

        if (error.Code == "conversation_already_has_active_response")
        {
            ExplainBusy(asked);
            return true;
        }

        if (asked.Suspicion is { } rule)
        {
            Verdicts.Broke(rule, asked, asked.SuspicionSays);
            return true;
        }

        return false;
    }

    private void ExplainBusy(Asked asked)
    {
        if (asked.Active is { } active)
        {
            SeenItem? answered = active.Calls.FirstOrDefault(call => call.Output is { } output && output.Number < asked.Number);
            if (answered is not null)
            {
                Verdicts.Broke("create-before-call-done", asked, $"You answered {Words.Name(answered.CallId)} and asked for a response while {Words.Name(active.Id)}, which made the call, is still active.");
                return;
            }

            bool isRace = !active.IsByClient && IsUnderWay(active.CreatedAt, asked.At);
            Verdicts.Broke("create-while-active", asked, $"{Words.Event(asked)} while {Words.Name(active.Id)} is active.", isRace);
        }
        else if (asked.IsInServerWindow)
        {
            string when = asked.WindowSince is { } since && asked.At is { } at ? $"{Words.Span(at - since)} after the server took the user's speech" : "when the server had taken the user's speech";
            Verdicts.Broke("create-in-server-window", asked, $"You asked for a response {when}: it was about to answer by itself.", IsUnderWay(asked.SpeechSince, asked.At));
        }
        else
        {
            // What nobody could see yet: the server had begun, and its response.created was under way.
            string why = asked.Earlier is { } earlier ? $"{Words.Event(earlier)} has no answer yet" : Seen.Active is { } began ? $"{Words.Name(began.Id)} had begun" : "another response is active";
            Verdicts.Broke("create-while-active", asked, $"{Words.Event(asked)} when {why}.", asked.Earlier is null);
        }
    }

    // The last response is over and its calls wait: the next one reads the conversation as it is now.
    private void CheckCalls(Asked asked)
    {
        if (Seen.Last is not { Status: "completed", CallsWereTold: false } last)
        {
            return;
        }

        SeenItem[] open = [.. last.Calls.Where(static call => call is { Output: null, IsDeleted: false, Deletion: null, Status: "completed" or null })];
        int answered = last.Calls.Count(static call => call.Output is not null);
        if (open.Length > 0 && answered > 0)
        {
            last.CallsWereTold = true;
            Verdicts.Broke("create-per-tool-output", asked,
                $"response.create after {answered} of {answered + open.Length} outputs for {Words.Name(last.Id)}: the model answers without knowing {Words.Names(open.Select(static call => call.CallName ?? call.CallId))}.");
        }
    }

    private void CheckSpeech(Asked asked)
    {
        if (Seen.Input.IsSpeaking && Seen.Session is { DetectsTurns: true, IsDetecting: true, Interrupts: true })
        {
            Verdicts.Broke("create-while-user-speaks", asked, $"The user has been speaking{Words.Since(Seen.Input.SpeechSince, asked.At)}: this answer talks over them and is cancelled by their turn.",
                IsUnderWay(Seen.Input.SpeechSince, asked.At));
        }
    }
}

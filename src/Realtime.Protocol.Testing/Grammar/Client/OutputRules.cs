using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Outputs of calls: which calls need one, which take one, and what has to follow.</summary>
internal sealed class OutputRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    // How long a model waits for the request that its answer needs before anybody would miss it.
    private const double Patience = 30_000;

    private Asked? _unanswered;

    // The response whose calls had no output when the server began its next one, until that turns out to be for good.
    private SeenResponse? _passedOver;
    private string _whoWentOn = "";

    // The response that was made, or done last, when the client last said something for the user.
    private SeenResponse? _wordsBehind;

    public override void Said(ref SaidSound sound) => CheckWaiting(sound.At);

    public override Asked Said(Asked asked, JsonElement json)
    {
        CheckWaiting(asked.At);
        if (asked.Type == "response.create")
        {
            _unanswered = null;
            if (!IsMeantForMeanwhile(json))
            {
                CheckMissing(asked);
            }
        }

        if (asked.Type == "input_audio_buffer.commit" || (asked.Type == "conversation.item.create" && json.Text("item.role") == "user"))
        {
            _wordsBehind = Seen.Active ?? Seen.Last;
        }

        if (asked.Type != "conversation.item.create" || json.Text("item.type") != "function_call_output")
        {
            return asked;
        }

        _unanswered = asked;
        if (Seen.Call(asked.Target) is not { } call)
        {
            return asked with { Suspicion = "output-unknown-call", SuspicionSays = $"{Words.Name(asked.Target)} is no call of this connection." };
        }

        if (call.Output is { } before)
        {
            Verdicts.Broke("output-again", asked, $"{Words.Name(asked.Target)} was answered before, by {Words.Event(before)}.");
        }
        else if (call is { IsDone: true, Status: "incomplete" })
        {
            TellUnfinished(call, asked);
        }

        return call.Response is { InConversation: false }
            ? asked with { Suspicion = "output-out-of-band", SuspicionSays = $"{Words.Name(asked.Target)} belongs to an out-of-band response." }
            : asked with { Suspicion = "output-unknown-call", SuspicionSays = $"{Words.Name(asked.Target)} is not in this conversation any more." };
    }

    public override void Heard(string type, JsonElement json)
    {
        if (type == "response.created")
        {
            _unanswered = null;
            PassOver(json);
        }
        else if (type is "conversation.item.done" or "response.output_item.done" && Seen.Call(json.Text("item.call_id")) is { Status: "incomplete", Output: { } output, Truncation: null } call)
        {
            // It was run at the end of its arguments, which an interrupted call has as well. Both events say so; one is enough.
            TellUnfinished(call, output);
        }

        CheckWaiting(Seen.Now);
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (_unanswered == asked)
        {
            _unanswered = null;
        }

        if (error.Code != "invalid_tool_call_id" || asked.Suspicion is not { } rule)
        {
            return false;
        }

        Verdicts.Broke(rule, asked, asked.SuspicionSays);
        return true;
    }

    public override void Ended()
    {
        CheckWaiting(Seen.Now);
        TellPassedOver();
    }

    private void TellUnfinished(SeenItem call, Asked output)
    {
        call.Truncation = output;
        Verdicts.Broke("output-of-unfinished-call", output, $"{Words.Name(call.CallId)} was cut off (incomplete), its arguments may be half a JSON text, and you ran it.");
    }

    // The client itself goes on, and no output was given at all; some of them is the business of another rule.
    private void CheckMissing(Asked asked)
    {
        if (!asked.IsOutOfBand && Seen is { Active: null, Last: { } last } && NeverAnswered(last) is { Length: > 0 } calls)
        {
            TellMissing(asked, last, calls, "no output was given, and you asked for the next response");
        }
    }

    // It answers what the user said since the calls, or states how to answer until the outputs are there. Metadata alone says nothing to the model.
    private bool IsMeantForMeanwhile(JsonElement create) => (_wordsBehind is { } called && called == Seen.Last)
        || (create.At("response") is { ValueKind: JsonValueKind.Object } response && response.EnumerateObject().Any(static stated => stated.Name is not ("metadata" or "conversation")));

    // The conversation goes on, as it does when the user speaks, or the client has something said meanwhile. A tool may take that long, so it is told when one response more begins or the connection ends.
    private void PassOver(JsonElement json)
    {
        if (Seen.Active is { } begun && begun.Id == json.Text("response.id"))
        {
            TellPassedOver();
            _passedOver = Seen.Last is { } last && NeverAnswered(last).Length > 0 ? last : null;
            _whoWentOn = begun.IsByClient ? "you went on" : "the server answered the user's next words";
        }
    }

    private void TellPassedOver()
    {
        if (_passedOver is { } response && NeverAnswered(response) is { Length: > 0 } calls)
        {
            TellMissing(null, response, calls, $"no output was ever given, and {_whoWentOn} without it");
        }

        _passedOver = null;
    }

    private static SeenItem[] NeverAnswered(SeenResponse response)
    {
        SeenItem[] calls = response is { Status: "completed", CallsWereTold: false } ? [.. response.Calls.Where(static call => call is { IsDeleted: false, Deletion: null, Status: "completed" or null })] : [];
        return calls.All(static call => call.Output is null) ? calls : [];
    }

    private void TellMissing(Asked? asked, SeenResponse response, SeenItem[] calls, string how)
    {
        response.CallsWereTold = true;
        Verdicts.Broke("output-missing", asked, $"{Words.Name(response.Id)} called {Words.Names(calls.Select(static call => call.CallName ?? call.CallId))}; {how}.", at: Seen.Now);
    }

    private void CheckWaiting(double? now)
    {
        if (_unanswered is { At: { } since } output && now - since >= Patience && Seen is { Active: null, PendingCreate: null } && !Seen.Input.IsSpeaking)
        {
            _unanswered = null;
            Verdicts.Broke("waits-for-nothing", output, $"{Words.Span(Patience)} since your function_call_output, and no response.create: an output alone makes no response.");
        }
    }
}

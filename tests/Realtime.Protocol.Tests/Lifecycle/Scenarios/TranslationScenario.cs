using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Scenarios;

/// <summary>The words of a scenario about a translation: frames have their whole type, and the application has four words.</summary>
internal sealed class TranslationScenario
{
    private readonly Interpretation _talk = Interpretation.Opened();
    private SubmitResult _last;

    public void Do(ScenarioStep step)
    {
        switch (step.Sign)
        {
            case '!':
                Ask(step);
                break;
            case '→':
                _talk.Sends(step.Word, step.Rest(0));
                break;
            case '←':
                _talk.Hear(step.Word, step.Rest(0));
                break;
            case '∅':
                _talk.SendsNothing();
                break;
            case '⊢':
                Assert.True(Holds(step), "It is not true.");
                break;
            default:
                _talk.Wait(step.Word == "wait" ? step.Milliseconds(0) : throw step.Unknown());
                break;
        }
    }

    private void Ask(ScenarioStep step)
    {
        if (step.Word == "end")
        {
            _talk.End();
            return;
        }

        _last = step.Word switch
        {
            "audio" => _talk.Submit(TranslationIntent.AudioAppended()),
            "language" => _talk.Language(step[0]),
            "close" => _talk.Submit(TranslationIntent.Close()),
            _ => throw step.Unknown(),
        };
    }

    private bool Holds(ScenarioStep step) => step.Word switch
    {
        "refused" => !_last.IsAccepted && _last.Rule == step[0],
        "completed" => _talk.Completed.Contains((int)step.Number(0)),
        "failed" => _talk.Failed.Any(failed => failed.Operation == step.Number(0)),
        "pending" => !_talk.Completed.Contains((int)step.Number(0)) && !_talk.Failed.Any(failed => failed.Operation == step.Number(0)),
        "over" => _talk.Changes<SessionChange.SessionClosed>() is [{ } closed] && closed.WasAsked == step.Has("asked"),
        "dead" => _talk.Changes<SessionChange.ConnectionUnresponsive>().Length == 1,
        "alive" => _talk.Changes<SessionChange.ConnectionUnresponsive>().Length == 0,
        _ => throw step.Unknown(),
    };
}

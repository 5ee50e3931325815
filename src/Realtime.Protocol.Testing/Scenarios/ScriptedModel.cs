using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// Plays a scenario on one connection. One rule decides which turn answers: the first in the order of the scenario whose cue holds and
/// whose times are not used up. It looks at no clock, no file and no random number: sounds are on the shelf, and ranges are drawn from the session's seed.
/// </summary>
internal sealed class ScriptedModel : ISimulatedModel
{
    private readonly Scenario _scenario;
    private readonly int _connection;
    private readonly int[] _used;
    private readonly HashSet<string> _seen = [];
    private readonly ISimulatedModel _otherwise;

    public ScriptedModel(Scenario scenario, int connection = 1)
    {
        _scenario = scenario;
        _connection = connection;
        _used = new int[scenario.Turns.Count];
        _otherwise = GuardedModel.Of(scenario.Rest.Model ?? new EchoModel()).ForConnection(connection);
    }

    /// <summary>What it plays.</summary>
    public Scenario Scenario => _scenario;

    public ISimulatedModel ForConnection(int number) => new ScriptedModel(_scenario, number);

    public ModelAnswer Answer(ModelRequest request)
    {
        Situation situation = Situation.Of(request, _connection, _seen);
        for (int i = 0; i < _scenario.Turns.Count; i++)
        {
            ScenarioTurn turn = _scenario.Turns[i];
            if ((turn.Most is not { } most || _used[i] < most) && (turn.When ?? Cue.Any).Holds(situation))
            {
                _used[i]++;
                ModelAnswer answer = turn.Refuse is { } refusal ? new([]) { Refusal = refusal } : Play(turn.Do, request) with { Pace = turn.Pace };
                return answer with { Origin = Origin(string.Create(CultureInfo.InvariantCulture, $"turns[{i}]"), turn.When?.Label) };
            }
        }

        ModelAnswer rest = _scenario.Rest.Do is { } steps ? Play(steps, request) : _otherwise.Answer(request);
        string kind = _scenario.Rest.Do is { } list ? list.Count == 0 ? "nothing" : "steps" : _scenario.Rest.Model is null ? "echo" : "a model that is code";
        return _scenario.Turns.Count == 0 ? rest : rest with { Origin = Origin("otherwise", kind) };
    }

    private static string Origin(string place, string? label) => label is null ? place : $"{place} ({label})";

    private ModelAnswer Play(IReadOnlyList<ScenarioStep> steps, ModelRequest request)
    {
        List<ModelOutput> outputs = [];
        ScenarioStep? end = null;
        foreach (ScenarioStep step in steps)
        {
            end = step;
            StepPace? pace = step.Pace == ScenarioStep.Untimed ? null : step.Pace;
            outputs.Add(OutputOf(step, request) with { Pace = pace, Overlap = step.Overlap });
        }

        return new(outputs, end?.Fail) { Incomplete = end?.Incomplete };
    }

    private ModelOutput OutputOf(ScenarioStep step, ModelRequest request) => step switch
    {
        { Say: { } words } => request.Spoken ? Speak(step, words, request) : new ModelOutput.Text(words),
        { Write: { } words } => new ModelOutput.Text(words),
        { Parts: { } parts } => new ModelOutput.Message([.. parts.Select(part => OutputOf(part, request))]),
        { Call: { } name } => new ModelOutput.Call(name, step.Arguments ?? "{}") { CallId = step.CallId },
        { Mcp: { } tool } => new ModelOutput.McpCall(tool[..tool.IndexOf('.')], tool[(tool.IndexOf('.') + 1)..], step.Arguments ?? "{}") { Output = step.Output, Error = step.Error, RunsFor = step.RunsFor },
        { Send: { } json } => new ModelOutput.RawEvent(json),
        { Close: { } status } => new ModelOutput.Goodbye(status, step.Reason ?? ""),

        // The end of an answer has a moment of its own, and nothing else.
        _ => new ModelOutput.Pause(step.Wait ?? default),
    };

    private ModelOutput.Speech Speak(ScenarioStep step, string words, ModelRequest request)
    {
        if (step.Audio is Sound.Echoed && EchoModel.Heard(request) is { } heard)
        {
            return new(default, words) { Sound = heard };
        }

        if (step.Audio is Sound.Recorded or Sound.Voiced && _scenario.Shelf.Find(step.Audio, words, request.Format) is { IsEmpty: false } sound)
        {
            return new(sound, words);
        }

        (double hertz, Simulation.Delay? length) = step.Audio switch
        {
            Sound.Silent silent => (0, silent.Length),
            Sound.Pitched tone => (tone.Hertz, tone.Length),
            _ => (Sound.DefaultHertz, (Simulation.Delay?)null),
        };
        int milliseconds = length is { } span ? (int)request.Draw(span) : EchoModel.ToneMs(words);
        return new(default, words) { Sound = new ComputedSound(hertz, milliseconds, request.Format) };
    }
}

using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>The verbs with which a scenario begins, so that <c>Scenario.Say("Hello.")</c> is a whole one. Each is the verb of the same name on <see cref="Scenario.Empty"/>.</summary>
public static class ScenarioStart
{
    extension(Scenario)
    {
        /// <inheritdoc cref="Scenario.When"/>
        public static Scenario When(Cue cue) => Scenario.Empty.When(cue);

        /// <inheritdoc cref="Scenario.Hears(string, int?, Moment?, Delay?, bool)"/>
        public static Scenario Hears(string text, int? pieces = null, Moment? after = null, Delay? every = null, bool early = false) => Scenario.Empty.Hears(text, pieces, after, every, early);

        /// <inheritdoc cref="Scenario.Say"/>
        public static Scenario Say(string words, Sound? sound = null, StepPace? pace = null) => Scenario.Empty.Say(words, sound, pace);

        /// <inheritdoc cref="Scenario.Write"/>
        public static Scenario Write(string words, StepPace? pace = null) => Scenario.Empty.Write(words, pace);

        /// <inheritdoc cref="Scenario.Call"/>
        public static Scenario Call(string name, string? arguments = null, string? callId = null, StepPace? pace = null) => Scenario.Empty.Call(name, arguments, callId, pace);

        /// <inheritdoc cref="Scenario.Refuse"/>
        public static Scenario Refuse(string code, string? message = null, string type = "server_error", string? param = null) => Scenario.Empty.Refuse(code, message, type, param);

        /// <inheritdoc cref="Scenario.Fail"/>
        public static Scenario Fail(string code, string? message = null, string type = "server_error", Moment? after = null) => Scenario.Empty.Fail(code, message, type, after);
    }
}

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>Programs that talk to our simulator in their own process, and say which responses they asked for, or by which rule they were refused.</summary>
internal static class TalkingPrograms
{
    public const Knows Libraries = Knows.Ours | Knows.Session | Knows.Testing;

    /// <summary>What a program does with a session <c>s</c> that is open.</summary>
    public static string Session(string statements) => Program("ScenarioStart.When(Cue.UserSays(\"nothing\")).Say(\"Nothing.\")", "[]", statements);

    /// <summary>What a program does where the model has called a tool that is declared only, and its response is over (what it asks meanwhile has been answered): <c>call</c> is the id of the call.</summary>
    public static string ToolCall(string answer) => Program(
        "ScenarioStart.When(Cue.UserSays(\"blue\")).Call(\"stock\").When(Cue.ToolReturned(\"stock\")).Say(\"Two are left.\")",
        """[VoiceTool.Declare("stock", "How many are left.", "{\"type\":\"object\"}")]""",
        $$"""
        var turn = s.SendMessage("Do you have the blue ones?");
        await foreach (var update in turn.ReadUpdatesAsync()) { if (update is TurnUpdate.ToolStarted started) { await s.UpdateAsync(new() { Instructions = "Be short." }); Answer(started.Call.CallId); } }
        await turn.Completion;
        void Answer(string call) { {{answer}} }
        """);

    // The event at the end is sent after all that was asked before it.
    private static string Program(string scenario, string tools, string statements) => $$"""
        using System.Linq; using System.Threading.Tasks; using Realtime.Protocol; using Realtime.Protocol.Testing; using Realtime.Protocol.Testing.Scenarios; using Realtime.Protocol.Testing.Simulation.Responses;
        public static class Program
        {
            public static async Task<string> Run()
            {
                var server = new InMemoryTransport({{scenario}}.ToOptions(ResponsePace.Immediate));
                await using var s = await VoiceSession.ConnectAsync(new() { Transport = (_, _) => new(server), Session = SessionConfiguration.PushToTalk with { Tools = {{tools}} } });
                try
                {
                    {{statements}}
                    await s.SendRawAsync(RawJson.Parse("{\"type\":\"vendor.ping\"}"));
                }
                catch (RealtimeRefusedException refused) { return refused.Rule; }
                return string.Join(' ', server.Transcript.ClientTypes.Where(type => type == "response.create"));
            }
        }
        """;
}

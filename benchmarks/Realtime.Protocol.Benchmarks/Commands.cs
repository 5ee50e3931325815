using System.CommandLine;
using System.CommandLine.Parsing;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Gateway;
using Realtime.Protocol.Benchmarks.Generation;
using Realtime.Protocol.Benchmarks.Journals;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Benchmarks.Results;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Benchmarks.Telemetry;

namespace Realtime.Protocol.Benchmarks;

/// <summary>The commands of this program. Whatever is none of them is left to BenchmarkDotNet.</summary>
public static class Commands
{
    public static RootCommand Root { get; } = new("Measures Realtime.Protocol beside the platform and the OpenAI SDK. Anything but these commands goes to BenchmarkDotNet.")
    {
        CheckCommand(),
        RatiosAgainstGoals(),
        ReportCommand(),
        ChartCommand(),
        GeneratorCommand(),
        SessionsGoals(),
        TelemetryGoals(),
        SimulatorGoals(),
        JournalsTimes(),
        GatewayGoals(),
    };

    /// <summary>Whether these arguments are for one of the commands, or for nobody yet.</summary>
    public static bool Take(string[] args) => args is [] or ["--help" or "-h" or "-?"] || Root.Subcommands.Any(command => command.Name == args[0]);

    /// <returns>The exit code: 0 when all is well, 1 when an answer is wrong or a goal is short, 2 when the command could not be done.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await Root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (WrongAnswerException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine(unusable.Message);
            return 2;
        }
    }

    private static string[]? ParseGoals(ArgumentResult result)
    {
        string[] ids = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        string[] known = [.. Goals.All.Select(static goal => goal.Id).Distinct()];
        if (ids.All(known.Contains))
        {
            return ids;
        }

        result.AddError($"--only takes goals out of {string.Join(", ", known)}, with commas between them");
        return null;
    }

    private static Command CheckCommand()
    {
        var command = new Command("check", "Asks every benchmark method for its answer and times nothing.");
        command.SetAction(static _ => AnswerReport.Print(Console.Out));
        return command;
    }

    private static Command RatiosAgainstGoals()
    {
        var only = new Option<string[]>("--only") { HelpName = "P1,P2", Description = "Measures these goals and no others.", CustomParser = ParseGoals, DefaultValueFactory = static _ => [] };
        var patient = new Option<bool>("--patient") { Description = "Measures also what takes minutes: the 99th percentile of P12." };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Writes everything that was measured, for report and chart." };
        var command = new Command("ratios", "Measures the goals P1 to P14; exits 1 when one is short.") { only, patient, json };
        command.SetAction(parsed => RatiosCommand.Print(Console.Out, parsed.GetValue(only)!, parsed.GetValue(patient), parsed.GetValue(json)));
        return command;
    }

    private static Command ReportCommand()
    {
        var from = new Argument<string>("FILE.json") { Description = "What ratios --json wrote." };
        var page = new Argument<string>("PAGE.md") { Description = "The page whose measured part is replaced." };
        var command = new Command("report", "Writes a run's tables into a page, between its two markers.") { from, page };
        command.SetAction(parsed => File.WriteAllText(parsed.GetValue(page)!, Report.Insert(File.ReadAllText(parsed.GetValue(page)!), RunFile.Read(parsed.GetValue(from)!))));
        return command;
    }

    private static Command ChartCommand()
    {
        var chart = new Argument<string>("FILE.svg") { Description = "The drawing." };
        var from = new Option<string>("--from") { HelpName = "FILE.json", Description = "What ratios --json wrote.", DefaultValueFactory = static _ => "ratios.json" };
        var command = new Command("chart", "Draws what reading costs, ours and the others, from a run.") { chart, from };
        command.SetAction(parsed => File.WriteAllText(parsed.GetValue(chart)!, Chart.Draw(RunFile.Read(parsed.GetValue(from)!))));
        return command;
    }

    private static Command GeneratorCommand()
    {
        var command = new Command("generator", "Holds the generator to its goals; exits 1 when one is short.");
        command.SetAction(static _ => GeneratorGoals.Print(Console.Out));
        return command;
    }

    private static Command SessionsGoals()
    {
        var growth = new Option<bool>("--growth") { Description = "Measures instead what is left in the heap when many sessions have talked to the simulator for a long time." };
        var sessions = new Option<int>("--sessions") { HelpName = "N", Description = "With --growth, how many sessions; 1,000 for the goal.", DefaultValueFactory = static _ => GrowthCommand.UsualSessions, CustomParser = static result => Count(result, 1) };
        var minutes = new Option<int>("--minutes") { HelpName = "N", Description = "With --growth, how long they talk; 10 for the goal.", DefaultValueFactory = static _ => GrowthCommand.UsualMinutes, CustomParser = static result => Count(result, 1) };
        var command = new Command("sessions", "Measures whole sessions, at rest and talking, beside the OpenAI SDK's session client; exits 1 when a goal is short.") { growth, sessions, minutes };
        command.SetAction(parsed => parsed.GetValue(growth) ? GrowthCommand.Print(Console.Out, parsed.GetValue(sessions), parsed.GetValue(minutes)) : SessionsCommand.Print(Console.Out));
        return command;
    }

    private static Command TelemetryGoals()
    {
        var command = new Command("telemetry", "Measures what an audio event costs a session with and without listeners to its spans and metrics; exits 1 when a goal is short.");
        command.SetAction(static (_, _) => TelemetryCommand.PrintAsync(Console.Out));
        return command;
    }

    private static Command SimulatorGoals()
    {
        var sessions = new Option<int>("--sessions") { HelpName = "N", Description = "How many sessions; 1,000 for the goal of the deadlines.", DefaultValueFactory = static _ => SimulatorCommand.UsualSessions, CustomParser = static result => Count(result, 40) };
        var cycles = new Option<int>("--cycles") { HelpName = "N", Description = "How often each session talks for five seconds, both times.", DefaultValueFactory = static _ => SimulatorCommand.UsualCycles, CustomParser = static result => Count(result, 2) };
        var check = new Option<bool>("--check") { Description = "Measures nothing: a few sessions talk once, and exits 1 when a piece of an echo is missing or something was refused." };
        var command = new Command("simulator", "Measures the simulator under many sessions, at rest and talking; exits 1 when a goal is short.") { sessions, cycles, check };
        command.SetAction(parsed => parsed.GetValue(check) ? SimulatorCommand.Check(Console.Out) : SimulatorCommand.Print(Console.Out, parsed.GetValue(sessions), parsed.GetValue(cycles)));
        return command;
    }

    private static Command JournalsTimes()
    {
        var command = new Command("journals", "Measures claims and saves of the journals, in files, PostgreSQL and Redis; has no goals. Servers that are not installed are skipped.");
        command.SetAction(static (_, _) => JournalsCommand.PrintAsync(Console.Out));
        return command;
    }

    private static Command GatewayGoals()
    {
        var calls = new Option<int>("--calls") { HelpName = "N", Description = "How many calls one gateway holds.", DefaultValueFactory = static _ => GatewayCommand.UsualCalls, CustomParser = static result => Count(result, 1) };
        var seconds = new Option<int>("--seconds") { HelpName = "N", Description = "How long they talk with each store.", DefaultValueFactory = static _ => GatewayCommand.UsualSeconds, CustomParser = static result => Count(result, 5) };
        var journal = new Option<string[]>("--journal") { HelpName = "none,file,postgresql,redis", Description = "Where calls are kept, one after the other. Servers that are not installed are skipped.", CustomParser = ParseJournals, DefaultValueFactory = static _ => [.. GatewayCommand.Journals] };
        var check = new Option<bool>("--check") { Description = "Measures nothing: a few calls lose their gateways in the middle of an answer, and exits 1 when a question is not answered, or twice." };
        var command = new Command("gateway", "Measures calls on gateways: what callers hear, what a call costs, how soon it goes on elsewhere; exits 1 when a goal is short.") { calls, seconds, journal, check };
        command.SetAction((parsed, _) => parsed.GetValue(check) ? GatewayCommand.CheckAsync(Console.Out) : GatewayCommand.PrintAsync(Console.Out, parsed.GetValue(calls), parsed.GetValue(seconds), parsed.GetValue(journal)!));
        return command;
    }

    private static string[]? ParseJournals(ArgumentResult result)
    {
        string[] names = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        if (names.All(GatewayCommand.Journals.Contains))
        {
            return names;
        }

        result.AddError($"--journal takes stores out of {string.Join(", ", GatewayCommand.Journals)}, with commas between them");
        return null;
    }

    private static int Count(ArgumentResult result, int least)
    {
        if (int.TryParse(result.Tokens[0].Value, out int count) && count >= least && count <= 10_000)
        {
            return count;
        }

        result.AddError($"{result.Argument.Name} takes a number from {least} to 10,000");
        return 0;
    }
}

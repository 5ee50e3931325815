using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Net;
using Realtime.Protocol.CommandLine.Bridging;
using Realtime.Protocol.CommandLine.Chaos;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.CommandLine.Linting;
using Realtime.Protocol.CommandLine.Serving;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.CommandLine.Viewing;
using Realtime.Protocol.Testing.Simulation;
using static Realtime.Protocol.CommandLine.OptionRules;

namespace Realtime.Protocol.CommandLine;

/// <summary>
/// The command line: seven commands, their options in words, and one way for every run to end, which is an <see cref="ExitCode"/> and, when something was wrong, one line on
/// standard error.
/// </summary>
internal static class ToolCommands
{
    private const int DefaultPort = 5005;

    // Scripted turns need their spans, which only a scenario has.
    private static readonly string[] TurnDetections = [.. Enum.GetNames<SimulatedTurnDetection>().Where(static name => name != nameof(SimulatedTurnDetection.Scripted)).Select(static name => name.ToLowerInvariant())];

    /// <summary>Runs the program. Never throws.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="world">Where text and audio come from and go to.</param>
    /// <param name="cancellationToken">Asks for a clean end.</param>
    public static async Task<ExitCode> RunAsync(string[] args, Surroundings world, CancellationToken cancellationToken)
    {
        ExitCode exitCode = await RunCommandAsync(args, world, cancellationToken);
        if (world.Output.Failure is { } failure)
        {
            world.Error.WriteLine($"Standard output can't be written to its end: {failure.Message}");
            return exitCode == ExitCode.Done ? ExitCode.DoneWithProblems : exitCode;
        }

        return exitCode;
    }

    private static async Task<ExitCode> RunCommandAsync(string[] args, Surroundings world, CancellationToken cancellationToken)
    {
        try
        {
            ParseResult parsed = Root(world).Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                throw new ToolException(ExitCode.UnusableInput, UsageErrors.Explain(parsed));
            }

            var configuration = new InvocationConfiguration { Output = world.Output, Error = world.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return (ExitCode)await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (Exception failure)
        {
            ToolException explained = Failures.Explain(failure)
                ?? new(ExitCode.Defect, $"This is a defect of realtime, please report it: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}", failure);
            world.Error.WriteLine(explained.Message);
            return explained.ExitCode;
        }
    }

    private static RootCommand Root(Surroundings world)
    {
        var root = new RootCommand("Talks to a realtime voice service, and serves a simulator of one.")
        {
            TalkCommand(world),
            ServeCommand(world),
            GatewayCommand.Create(world),
            ChaosCommand.Create(world),
            DecodeCommand(world),
            LintCommand(world),
            ViewCommand(world),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        return root;
    }

    private static Command TalkCommand(Surroundings world)
    {
        var input = new Option<string?>("--in") { HelpName = "FILE.wav|-", Description = "What to say: a WAV file of 24,000 Hz, one channel, 16-bit PCM; - for the same samples, raw, from standard input. Left out: a built-in question." };
        var output = new Option<string>("--out") { HelpName = "FILE.wav|-", Description = "Where the answer goes; - for raw samples on standard output, and then all text goes to standard error.", DefaultValueFactory = static _ => "reply.wav" };
        var text = new Option<string?>("--text") { HelpName = "TEXT", Description = "Writes instead of speaking. The simulator calls the tool \"clock\" when TEXT begins with \"tool:\"." };
        var log = new Option<string?>("--log") { HelpName = "FILE.jsonl", Description = "Writes every event of both sides, transcripts included, as one line of JSON." };
        var logAudio = new Option<bool>("--log-audio") { Description = "Keeps the audio in the log; otherwise its size stands there." };
        var url = new Option<string?>("--url") { HelpName = "URL", Description = $"The service, for instance wss://api.openai.com/v1/realtime. The key is read from the environment. Left out: a simulator in this process." };
        var keyVariable = new Option<string?>("--key-variable") { HelpName = "NAME", Description = $"The environment variable that holds the key for --url. Left out: {TalkEndpoint.KeyVariable}. The key itself has no place on a command line, which everyone can read." };
        var keyHeader = new Option<string>("--key-header") { HelpName = "KIND", Description = "The request header that carries the key: bearer (Authorization), or api-key, which Azure takes.", DefaultValueFactory = static _ => "bearer" };
        var model = new Option<string?>("--model") { HelpName = "NAME", Description = "The model to ask for." };
        var interrupt = new Option<int?>("--interrupt-after") { HelpName = "MS", Description = "Interrupts the answer so many milliseconds after its first audio; with --fast, after so many milliseconds of it.", CustomParser = static result => ParseNumber(result, "a number of milliseconds", int.MaxValue) };
        var vad = new Option<bool>("--vad") { Description = "Lets the server find the end of your turn and answer by itself." };
        var transcribe = new Option<bool>("--transcribe") { Description = "Has your words written down; they appear in the timeline." };
        var tool = new Option<string[]>("--tool") { HelpName = "NAME=COMMAND", Description = "Answers the model's calls of NAME with a program: the arguments on its standard input, the output is what it prints. May be given several times. Left out: a demonstration tool, \"clock\"." };
        var session = new Option<string?>("--session") { HelpName = "FILE.json", Description = "How the session is to be: the object of session.update, as the protocol writes it." };
        var prices = new Option<string?>("--prices") { HelpName = "FILE.json", Description = "What a million tokens cost, as {\"textInput\":4,\"audioInput\":32,…}; the cost is then printed at the end." };
        var otlp = new Option<string?>("--otlp") { HelpName = "URL", Description = "Sends traces and metrics of the conversation to a collector, as OTLP over HTTP, for instance http://localhost:4318." };
        var journal = new Option<string?>("--journal") { HelpName = "DIR", Description = "Keeps the conversation in this folder, under the name of --call, after every step; and goes on with it where it was left, by an earlier talk that ended or was killed." };
        var call = new Option<string?>("--call") { HelpName = "ID", Description = "What the conversation is called in the folder of --journal: any text." };
        var fast = new Option<bool>("--fast") { Description = "Speaks and listens as fast as the connection allows, not at the pace of speech." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object at the end instead of a timeline." };
        NoEmpty(input);
        NoEmpty(output);
        NoEmpty(text);
        NoEmpty(log);
        NoEmpty(url);
        NoEmpty(keyVariable);
        NoEmpty(model);
        NoEmpty(session);
        NoEmpty(prices);
        NoEmpty(otlp);
        NoEmpty(journal);
        NoEmpty(call);
        OneOf(keyHeader, "bearer", "api-key");
        var command = new Command("talk", "Says something, plays the answer in real time without a sound, and writes it down.") { input, output, text, log, logAudio, url, keyVariable, keyHeader, model, session, tool, vad, transcribe, interrupt, prices, otlp, journal, call, fast, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new TalkSettings
            {
                In = parsed.GetValue(input),
                Out = parsed.GetValue(output)!,
                Text = parsed.GetValue(text),
                Log = parsed.GetValue(log),
                LogAudio = parsed.GetValue(logAudio),
                Url = parsed.GetValue(url),
                KeyVariable = parsed.GetValue(keyVariable),
                KeyHeader = parsed.GetValue(keyHeader) == "api-key" ? CredentialHeader.ApiKey : CredentialHeader.AuthorizationBearer,
                Model = parsed.GetValue(model),
                InterruptAfter = parsed.GetValue(interrupt) is int milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
                Vad = parsed.GetValue(vad),
                Transcribe = parsed.GetValue(transcribe),
                Tools = [.. (parsed.GetValue(tool) ?? []).Select(CommandTool.Parse)],
                Session = parsed.GetValue(session),
                Prices = parsed.GetValue(prices),
                Otlp = parsed.GetValue(otlp),
                Journal = parsed.GetValue(journal),
                Call = parsed.GetValue(call),
                Fast = parsed.GetValue(fast),
                Json = parsed.GetValue(json),
            };
            return (int)await new Talk(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Command ServeCommand(Surroundings world)
    {
        var port = new Option<int?>("--port") { HelpName = "N", Description = "The port to listen on; 0 takes any that is free. Left out: 5005.", CustomParser = static result => ParseNumber(result, "a port number", ushort.MaxValue) };
        var listen = new Option<IPAddress?>("--listen") { HelpName = "ADDRESS", Description = "The address to listen on; 0.0.0.0 for every one of this machine. Left out: 127.0.0.1, where nobody else on the network can connect.", CustomParser = ParseAddress };
        var tls = new Option<bool>("--tls") { Description = "Serves wss:// with a certificate that is made now and good for a week. The clients have to be told to trust it." };
        var certificate = new Option<string?>("--certificate") { HelpName = "FILE.pem", Description = "Serves wss:// with a certificate of your own: one PEM file that holds it and its private key." };
        var certificateOut = new Option<string?>("--certificate-out") { HelpName = "FILE.pem", Description = "Where the certificate that --tls makes is written, without its key. Left out: realtime-PORT.pem." };
        var key = new Option<string?>("--key") { HelpName = "KEY", Description = "Lets only clients in that show this key, or a client secret that was minted with it." };
        var fast = new Option<bool>("--fast") { Description = "Answers at once, not at the pace of the real service." };
        var fault = new Option<string[]>("--fault") { HelpName = "NAME[:VALUE][@TYPE/N]", Description = "Something that goes wrong, or that the service decides differently, such as late:500ms@response.created/1, drop@client:response.create/2 or rejection:before-created. May be given several times. The page of Realtime.Protocol.Testing lists the names." };
        var ready = new Option<string?>("--ready") { HelpName = "FILE.json", Description = "Written once clients may come: {\"url\",\"http\",\"certificate\"}." };
        var connections = new Option<int?>("--max-connections") { HelpName = "N", Description = "How many clients at once; the next is refused with 503. Left out: 10,000.", CustomParser = static result => ParseNumber(result, "a number of connections", int.MaxValue, least: 1) };
        var message = new Option<int?>("--max-message") { HelpName = "BYTES", Description = "The longest message of a client; above it the connection ends with 1009. Left out: 16 MiB.", CustomParser = static result => ParseNumber(result, "a number of bytes", 512 * 1024 * 1024, least: 1) };
        var queue = new Option<int?>("--max-queue") { HelpName = "BYTES", Description = "How much may wait for a client that does not read; above it the connection ends with 1008. Left out: 4 MiB.", CustomParser = static result => ParseNumber(result, "a number of bytes", int.MaxValue, least: 1) };
        Option<string> failOn = FailOn("never");
        var program = new Argument<string[]>("COMMAND") { Description = "Behind --: a program to run against it, with its arguments. serve ends when the program does, with the program's exit code.", Arity = ArgumentArity.ZeroOrMore };
        var scenario = new Option<string?>("--scenario") { HelpName = "FILE.json|FOLDER", Description = "What is answered, and what the user is understood to say; the echo without it. Of a folder, a connection picks a scenario by ?scenario=NAME, or by the model's name." };
        var watch = new Option<bool>("--watch") { Description = "Reads a scenario again when its file was changed, for the next connection. What is wrong with it is told, and the one before stays in use." };
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "Decides every id and whatever a scenario leaves to chance, in place of the scenario's own seed." };
        var lifetime = new Option<TimeSpan?>("--lifetime") { HelpName = "SPAN", Description = "How long a session may last, such as 90s or 2m; then it is told so and closed. Left out: 60m.", CustomParser = ParseSpan };
        var vad = new Option<string?>("--vad") { HelpName = "KIND", Description = $"How the end of a turn is found until the client says it: {string.Join(", ", TurnDetections)}. Left out: server." };
        var log = new Option<string?>("--log") { HelpName = "DIR", Description = "Writes each session to a file of JSON lines there: a recipe, both sides' events, transcripts included, the rules broken. decode, lint and view read it." };
        var logAudio = new Option<bool>("--log-audio") { Description = "Keeps the audio in the logs; otherwise its size stands there." };
        var like = new Option<string?>("--like") { HelpName = "FILE.jsonl", Description = "Serves again what a log was written of: the same ids, delays and faults. What stands beside it, such as --fault or --seed, is changed." };
        var schema = new Option<bool>("--scenario-schema") { Description = "Prints the JSON Schema of scenarios, for an editor, and serves nobody." };
        NoEmpty(key);
        NoEmpty(scenario);
        NoEmpty(certificate);
        NoEmpty(certificateOut);
        NoEmpty(log);
        NoEmpty(like);
        OneOf(vad, TurnDetections);
        NoEmpty(ready);
        var command = new Command("serve", "Serves a simulated realtime service for any client, until Ctrl-C or SIGTERM.") { port, listen, tls, certificate, certificateOut, key, scenario, watch, schema, like, seed, fault, vad, lifetime, fast, log, logAudio, ready, connections, message, queue, failOn, program };
        fault.Validators.Add(static result =>
        {
            foreach (string wish in result.Tokens.Select(static token => token.Value))
            {
                try
                {
                    new SimulatorOptions().WithFault(wish);
                }
                catch (FormatException wrong)
                {
                    result.AddError($"--fault {wish}: {wrong.Message}");
                }
            }
        });
        command.Validators.Add(result =>
        {
            if (IsThere(certificateOut) && !IsThere(tls))
            {
                result.AddError("--certificate-out names where the certificate of --tls goes, and --tls is not there");
            }
            else if (IsThere(certificateOut) && IsThere(certificate))
            {
                result.AddError("--certificate-out names where a certificate goes that is made, and --certificate brings one");
            }

            if (IsThere(logAudio) && !IsThere(log))
            {
                result.AddError("--log-audio is about the logs of --log, and --log is not there");
            }

            if (IsThere(watch) && !IsThere(scenario))
            {
                result.AddError("--watch reads the file of --scenario again, and --scenario is not there");
            }
            else if (IsThere(watch) && IsThere(like))
            {
                result.AddError("--watch is about scenarios that change, and --like serves what was");
            }

            bool IsThere(Option option) => result.GetResult(option) is { Implicit: false };
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            UsageErrors.OnlyBehindDashes(parsed, program);
            var settings = new ServeSettings
            {
                Port = parsed.GetValue(port) ?? DefaultPort,
                Listen = parsed.GetValue(listen) ?? IPAddress.Loopback,
                Tls = parsed.GetValue(tls),
                Certificate = parsed.GetValue(certificate),
                CertificateOut = parsed.GetValue(certificateOut),
                Lifetime = parsed.GetValue(lifetime),
                TurnDetection = parsed.GetValue(vad) is { } kind ? Enum.Parse<SimulatedTurnDetection>(kind, ignoreCase: true) : null,
                LogFolder = parsed.GetValue(log),
                LogsAudio = parsed.GetValue(logAudio),
                Like = parsed.GetValue(like),
                Key = parsed.GetValue(key),
                Fast = parsed.GetValue(fast),
                Faults = parsed.GetValue(fault) ?? [],
                Scenarios = parsed.GetValue(scenario),
                Watches = parsed.GetValue(watch),
                Seed = parsed.GetValue(seed),
                PrintsSchema = parsed.GetValue(schema),
                Ready = parsed.GetValue(ready),
                MaxConnections = parsed.GetValue(connections),
                MaxMessageBytes = parsed.GetValue(message),
                MaxQueuedBytes = parsed.GetValue(queue),
                FailOn = FailOnWords.Parse(parsed.GetValue(failOn)!),
                Command = parsed.GetValue(program) ?? [],
            };
            return (int)await new Serve(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Command LintCommand(Surroundings world)
    {
        var file = new Argument<string>("FILE") { Description = "A recorded session, both sides, one event a line, as --log writes it; - for standard input.", DefaultValueFactory = static _ => "-" };
        Option<string> failOn = FailOn("wasteful");
        var json = new Option<bool>("--json") { Description = "Prints each broken rule as one JSON object a line, and nothing else." };
        var command = new Command("lint", "Reads a recorded session of any client and any server, and says what the client did wrong and what to do instead.") { file, failOn, json };
        UsageErrors.NoOption(file, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new LintSettings { File = parsed.GetValue(file)!, FailOn = FailOnWords.Parse(parsed.GetValue(failOn)!), Json = parsed.GetValue(json) };
            return (int)await new Lint(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Command ViewCommand(Surroundings world)
    {
        var files = new Argument<string[]>("FILE") { Description = "Recorded sessions, one event a line, as --log writes them; of a folder, every .jsonl in it; - for standard input.", DefaultValueFactory = static _ => ["-"] };
        var output = new Option<string?>("--out") { HelpName = "FILE.html|-", Description = "Where the page goes; - for standard output. Left out: call.html, or nowhere with --json." };
        var content = new Option<bool>("--content") { Description = "Shows what was said, what tools were told and told, and errors in words. Left out: only when, how long and how much." };
        var prices = new Option<string?>("--prices") { HelpName = "FILE.json", Description = "What a million tokens cost, as {\"textInput\":4,\"audioInput\":32,…}; the cost is then in the picture." };
        var json = new Option<bool>("--json") { Description = "Prints what the page is drawn from as one JSON object." };
        NoEmpty(output);
        NoEmpty(prices);
        var command = new Command("view", "Draws recorded sessions on one page for a browser: who spoke when, turns, tools, interruptions, broken rules, tokens and cost.") { files, output, content, prices, json };
        UsageErrors.NoOption(files, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new ViewSettings
            {
                Files = parsed.GetValue(files) is { Length: > 0 } named ? named : ["-"],
                Out = parsed.GetValue(output),
                WithContent = parsed.GetValue(content),
                Prices = parsed.GetValue(prices),
                Json = parsed.GetValue(json),
            };
            return (int)await new View(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Option<string> FailOn(string usually)
    {
        var failOn = new Option<string>("--fail-on") { HelpName = "LEVEL", Description = $"Ends with exit code 1 when a client broke a rule of this level or a worse one: {string.Join(", ", FailOnWords.All)}.", DefaultValueFactory = _ => usually };
        OneOf(failOn, FailOnWords.All);
        return failOn;
    }

    private static Command DecodeCommand(Surroundings world)
    {
        var file = new Argument<string>("FILE") { Description = "One event a line, as on the wire or as --log writes it, in UTF-8 with or without a byte order mark; - for standard input.", DefaultValueFactory = static _ => "-" };
        var family = new Option<string>("--family") { HelpName = "NAME", Description = $"Whose events they are: {string.Join(" or ", EventDecoder.Families.Keys)}.", DefaultValueFactory = static _ => "realtime" };
        OneOf(family, [.. EventDecoder.Families.Keys]);
        var json = new Option<bool>("--json") { Description = "Prints each event as this program would send it: its own order and escapes, unknown members last. Faults go to standard error." };
        var strict = new Option<bool>("--strict") { Description = "Takes an event of an unknown type for an error." };
        var command = new Command("decode", "Reads recorded events, one a line, and says of each whether it is an event of the protocol.") { file, family, json, strict };
        UsageErrors.NoOption(file, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new DecodeSettings
            {
                File = parsed.GetValue(file)!,
                Family = parsed.GetValue(family)!,
                Json = parsed.GetValue(json),
                Strict = parsed.GetValue(strict),
            };
            return (int)await new Decode(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Exit codes:");
            output.WriteLine(ExitCodes.Text);
            output.WriteLine();
            return (int)ExitCode.Done;
        }
    }
}

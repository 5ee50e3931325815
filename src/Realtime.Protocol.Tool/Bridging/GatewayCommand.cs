using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Realtime.Protocol.CommandLine.Talking;
using static Realtime.Protocol.CommandLine.OptionRules;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>The options of <c>realtime gateway</c> in words.</summary>
internal static class GatewayCommand
{
    public static Command Create(Surroundings world)
    {
        var port = new Option<int?>("--port") { HelpName = "N", Description = $"The port to listen on; 0 takes any that is free. Left out: {GatewaySettings.UsualPort}.", CustomParser = static result => ParseNumber(result, "a port number", ushort.MaxValue) };
        var listen = new Option<IPAddress?>("--listen") { HelpName = "ADDRESS", Description = "The address to listen on; 0.0.0.0 for every one of this machine, and then callers need tickets. Left out: 127.0.0.1, where nobody else on the network can connect.", CustomParser = ParseAddress };
        var certificate = new Option<string?>("--certificate") { HelpName = "FILE.pem", Description = "Serves https:// and wss:// with a certificate of your own: one PEM file that holds it and its private key. A browser gives a page of another machine no microphone without." };
        var address = new Option<Uri?>("--public") { HelpName = "URL", Description = "Under which address browsers and Twilio reach this gateway, such as https://voice.example.com behind a proxy; callers then need tickets. Left out: where it listens.", CustomParser = ParseHttp };
        var peer = new Option<Uri[]>("--peer") { HelpName = "URL", Description = "Another gateway that takes the same calls: the page dials it when this one is gone, and its page may call here. May be given several times. Both need one journal and, with tickets, one key.", CustomParser = ParseAllHttp };
        var journal = new Option<string?>("--journal") { HelpName = "PLACE", Description = "Where calls are kept, so that they go on after a broken line, a stop or a kill: a folder, \"Host=…;Username=…\" of PostgreSQL, redis://HOST, or none. No password: everyone can read a command line. Left out: a folder in the user's own, which the first line names." };
        var journalVariable = new Option<string?>("--journal-variable") { HelpName = "NAME", Description = "The environment variable that says where calls are kept, password and all." };
        var url = new Option<string?>("--url") { HelpName = "URL", Description = "The service, for instance wss://api.openai.com/v1/realtime. The key is read from the environment. Left out: a simulator in this process." };
        var keyVariable = new Option<string?>("--key-variable") { HelpName = "NAME", Description = $"The environment variable that holds the key for --url. Left out: {TalkEndpoint.KeyVariable}." };
        var keyHeader = new Option<string>("--key-header") { HelpName = "KIND", Description = "The request header that carries the key: bearer (Authorization), or api-key, which Azure takes.", DefaultValueFactory = static _ => "bearer" };
        var model = new Option<string?>("--model") { HelpName = "NAME", Description = "The model to ask for." };
        var instructions = new Option<string?>("--instructions") { HelpName = "TEXT", Description = "What the model is told before every answer." };
        var voice = new Option<string?>("--voice") { HelpName = "NAME", Description = "The voice, for instance marin." };
        var vad = new Option<string>("--vad") { HelpName = "KIND", Description = "How the service finds the end of a caller's turn: server, by silence, or semantic, by what was said.", DefaultValueFactory = static _ => "server" };
        var transcription = new Option<string>("--transcription") { HelpName = "NAME", Description = "The model that writes down what callers say; off for none, and then a call that goes on elsewhere does not know what its caller said.", DefaultValueFactory = static _ => "gpt-4o-transcribe" };
        var calls = new Option<int?>("--max-calls") { HelpName = "N", Description = "How many calls at once; the next is refused with 503. Left out: 1,000.", CustomParser = static result => ParseNumber(result, "a number of calls", int.MaxValue, least: 1) };
        var fromOne = new Option<int?>("--max-calls-per-address") { HelpName = "N", Description = "How many of them from one address; the next is refused with 429. Left out: 32; on 127.0.0.1, or with --public, whose proxy is one address, as many as --max-calls. Twilio's are not counted.", CustomParser = static result => ParseNumber(result, "a number of calls", int.MaxValue, least: 1) };
        var ticketKey = new Option<string?>("--ticket-key-variable") { HelpName = "NAME", Description = "The environment variable that holds the key of tickets, 32 characters or more, the same for all peers. Callers then need a ticket, and POST /ticket/ID gives one to who shows the key." };
        var twilio = new Option<string?>("--twilio-token-variable") { HelpName = "NAME", Description = "The environment variable that holds the auth token of a Twilio account: its webhook is then /voice, its streams come to /twilio." };
        var audioSocket = new Option<IPEndPoint?>("--audiosocket") { HelpName = "[ADDRESS:]PORT", Description = "Takes calls of Asterisk's AudioSocket there; on 127.0.0.1 where only a port is named. The protocol has no keys: whoever reaches the port may call.", CustomParser = ParseEndPoint };
        var otlp = new Option<string?>("--otlp") { HelpName = "URL", Description = "Sends traces and metrics of the conversations to a collector, as OTLP over HTTP, for instance http://localhost:4318." };
        var ready = new Option<string?>("--ready") { HelpName = "FILE.json", Description = "Written once callers may come: {\"url\",\"calls\",\"ready\"}." };
        foreach (Option<string?> option in (Option<string?>[])[certificate, journal, journalVariable, url, keyVariable, model, instructions, voice, ticketKey, twilio, otlp, ready])
        {
            NoEmpty(option);
        }

        NoEmpty(transcription);
        OneOf(keyHeader, "bearer", "api-key");
        OneOf(vad, "server", "semantic");
        var command = new Command("gateway", "Puts callers on a model: browsers at /, own clients, Twilio, Asterisk; until Ctrl-C or SIGTERM, and then until those who speak were heard out.")
        {
            port, listen, certificate, address, peer, journal, journalVariable, url, keyVariable, keyHeader, model, instructions, voice, vad, transcription, calls, fromOne, ticketKey, twilio, audioSocket, otlp, ready,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new GatewaySettings
            {
                Port = parsed.GetValue(port) ?? GatewaySettings.UsualPort,
                Listen = parsed.GetValue(listen) ?? IPAddress.Loopback,
                Certificate = parsed.GetValue(certificate),
                PublicAddress = parsed.GetValue(address),
                Peers = parsed.GetValue(peer) ?? [],
                Journal = parsed.GetValue(journal),
                JournalVariable = parsed.GetValue(journalVariable),
                TicketKeyVariable = parsed.GetValue(ticketKey),
                Service = new(parsed.GetValue(url), parsed.GetValue(keyVariable), parsed.GetValue(keyHeader) == "api-key" ? CredentialHeader.ApiKey : CredentialHeader.AuthorizationBearer, parsed.GetValue(model)),
                Instructions = parsed.GetValue(instructions),
                Voice = parsed.GetValue(voice),
                Transcription = parsed.GetValue(transcription)!,
                SemanticTurns = parsed.GetValue(vad) == "semantic",
                MaxCalls = parsed.GetValue(calls),
                MaxCallsPerAddress = parsed.GetValue(fromOne),
                TwilioTokenVariable = parsed.GetValue(twilio),
                AudioSocket = parsed.GetValue(audioSocket),
                Otlp = parsed.GetValue(otlp),
                Ready = parsed.GetValue(ready),
            };
            return (int)await new GatewayRun(settings, world).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Uri? ParseHttp(ArgumentResult result) => Http(result, result.Tokens[0].Value);

    private static Uri[] ParseAllHttp(ArgumentResult result) => [.. result.Tokens.Select(token => Http(result, token.Value)).OfType<Uri>()];

    // What stands in front of an @ may be a password.
    private static Uri? Http(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" })
        {
            return address;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes an address such as http://127.0.0.1:7002, without a path{(text.Contains('@', StringComparison.Ordinal) ? "" : $", not \"{text}\"")}");
        return null;
    }

    private static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return new(IPAddress.Loopback, port);
        }

        if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endPoint))
        {
            return endPoint;
        }

        result.AddError($"--audiosocket takes a port, or an address and a port such as 10.0.0.5:9092, not \"{text}\"");
        return null;
    }
}

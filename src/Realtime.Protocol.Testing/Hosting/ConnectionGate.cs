using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Grammar.Client;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Lets clients in: the door's faults, the key, the handshake, and then a session, of its own or one that is joined. Who may not come in is told why in one sentence.
/// </summary>
internal sealed class ConnectionGate(RealtimeSimulatorHostOptions options, Admission admission, Registry registry, ViolationList violations, HostLogs? logs)
{
    // The number of whoever is refused at the door.
    private const int NobodyYet = 0;

    public async Task ServeAsync(HttpContext context, bool isTranslation)
    {
        if (!await Handshake.IsAskedForAsync(context).ConfigureAwait(false))
        {
            return;
        }

        HttpRequest request = context.Request;
        if (!admission.MayConnect(request, isTranslation, out MintedSecret? secret, out string why))
        {
            if (secret is not null)
            {
                WireRules.Tell(new Verdicts(NobodyYet, violations), WireMisdeed.SecretExpired, at: null, $"{why.Split(':')[0]}.");
            }

            await DoorAnswer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_api_key", why).ConfigureAwait(false);
            return;
        }

        if (request.Query["intent"] is { Count: > 0 } intent && (isTranslation || (intent != "realtime" && intent != "transcription")))
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", "The simulator has no sessions of this intent: leave the parameter 'intent' out.").ConfigureAwait(false);
            return;
        }

        if (request.Query["seed"] is { Count: > 0 } seed && !ulong.TryParse(seed, out _))
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", "The parameter 'seed' is a whole number of 0 or more.").ConfigureAwait(false);
            return;
        }

        if (registry.KindOf(request.Query["call_id"]) is { } running && !Joins(request, isTranslation, secret, running))
        {
            string there = running switch
            {
                SimulatedSessionKind.Translation => $"a translation: connect to {Routes.Translation}?call_id=NAME",
                SimulatedSessionKind.Transcription => $"a transcription: connect to {Routes.Realtime}?call_id=NAME without 'intent'",
                _ => $"a conversation: connect to {Routes.Realtime}?call_id=NAME without 'intent'",
            };
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", $"This call is {there}.").ConfigureAwait(false);
            return;
        }

        if (!TryChoose(request, secret, out SimulatorOptions? chosen, out why))
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "scenario_not_found", why).ConfigureAwait(false);
            return;
        }

        if (!registry.TryEnter(out int number, out why))
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "server_overloaded", why).ConfigureAwait(false);
            return;
        }

        try
        {
            FaultPlan faults = chosen.Faults.For(number);
            if (await PassesAsync(context, faults.Door).ConfigureAwait(false))
            {
                await ConverseAsync(context, number, SimulatorFor(chosen, request, isTranslation, secret, number) with { Faults = faults }, chosen).ConfigureAwait(false);
            }
        }
        finally
        {
            registry.Leave();
        }
    }

    /// <summary>The faults of the door.</summary>
    private static async Task<bool> PassesAsync(HttpContext context, DoorFaults faults)
    {
        if (faults.AcceptAfterMs > 0)
        {
            await Task.Delay(faults.AcceptAfterMs, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (faults.Status == 0)
        {
            return !context.RequestAborted.IsCancellationRequested;
        }

        if (faults.RetryAfterSeconds >= 0)
        {
            context.Response.Headers.RetryAfter = faults.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        string code = faults.Status == StatusCodes.Status429TooManyRequests ? "rate_limit_exceeded" : "simulated_refusal";
        await DoorAnswer.RefuseAsync(context, faults.Status, code, "The plan of faults refuses this connection.").ConfigureAwait(false);
        return false;
    }

    /// <param name="simulator">The server of this connection.</param>
    /// <param name="chosen">What it was made of.</param>
    private async Task ConverseAsync(HttpContext context, int number, SimulatorOptions simulator, SimulatorOptions chosen)
    {
        DoorFaults faults = simulator.Faults.Door;
        byte[] recipe = logs is null && !options.KeepsTranscripts ? [] : Recipe.Of(simulator, chosen.Faults, options.Limits).Write();
        Stream stream = await Handshake.AcceptAsync(context, !faults.HasNoSubprotocol).ConfigureAwait(false);
        Socket? socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        var verdicts = new Verdicts(number, violations);
        long start = options.Time.GetTimestamp();
        void Tell(WireMisdeed seen) => WireRules.Tell(verdicts, seen, options.Time.GetElapsedTime(start).TotalMilliseconds);
        var client = new ClientConnection(stream, socket, context.Abort, options.Limits, faults, registry.Account, Tell);
        string? callId = context.Request.Query["call_id"];
        Transcript? transcript = options.KeepsTranscripts ? new Transcript() : null;
        var connection = new HostedConnection(number, simulator.Kind, simulator.Scenario, string.IsNullOrEmpty(callId) ? null : callId, registry.Now, transcript) { Recipe = transcript is null ? [] : recipe };
        SimulatorConnection session = registry.Open(client, connection, () => new SimulatorConnection(simulator, options.Time, client, new ClientGrammar(number, violations), transcript, logs?.Begin(simulator, recipe), WatcherOf(simulator))
        {
            Reported = options.OnReport is { } tell ? report => tell(number, report) : null,
        });
        connection.LogFile = session.Log?.Path;
        if (session.Log is { } log)
        {
            logs!.Enter(number, log);
        }

        if (Admission.IsKeyInBrowser(context.Request))
        {
            Tell(WireMisdeed.KeyInBrowser);
        }

        try
        {
            await client.RunAsync(session).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A connection that fails is not the others' concern, but it is ours.
            connection.Defect = failure;
            context.Abort();
        }
        finally
        {
            connection.Defect ??= session.Defect;
            registry.Close(client, connection);
            if (session.Log is { } written)
            {
                logs!.Leave(connection, written, session.HasEnded, session.Age);
            }
        }
    }

    // Ids of events come from one place, and to keep all of them would cost a long session its memory.
    private ServerGrammar WatcherOf(SimulatorOptions simulator) => new((options.Excused ?? FaultCatalogue.BrokenBy(simulator.Service)) | ServerRules.EventIds);

    // Who says nothing of the kind joins what is there; a translation has events of its own, and so a door of its own.
    private static bool Joins(HttpRequest request, bool isTranslation, MintedSecret? secret, SimulatedSessionKind running) =>
        isTranslation == (running == SimulatedSessionKind.Translation)
        && (secret is null || secret.Value.Kind == running)
        && request.Query["intent"] is var intent && (intent.Count == 0 || intent == (running == SimulatedSessionKind.Transcription ? "transcription" : "realtime"));

    // Who joins a call gets the simulator that runs in it.
    private bool TryChoose(HttpRequest request, MintedSecret? secret, [NotNullWhen(true)] out SimulatorOptions? simulator, out string why)
    {
        string? scenario = request.Query["scenario"];
        if (options.Choice is { } choice && registry.KindOf(request.Query["call_id"]) is null)
        {
            return choice.TryChoose(scenario, secret?.Model ?? request.Query["model"], out simulator, out why);
        }

        simulator = string.IsNullOrEmpty(scenario) || options.Choice is not null ? options.Simulator : null;
        why = simulator is null ? "This simulator has no scenarios to choose from: leave the parameter 'scenario' out." : "";
        return simulator is not null;
    }

    private SimulatorOptions SimulatorFor(SimulatorOptions chosen, HttpRequest request, bool isTranslation, MintedSecret? secret, int number)
    {
        SimulatedSessionKind kind = isTranslation ? SimulatedSessionKind.Translation
            : secret is { } minted ? minted.Kind
            : request.Query["intent"] == "transcription" ? SimulatedSessionKind.Transcription
            : chosen.Kind;
        ulong seed = request.Query["seed"] is { Count: > 0 } given ? ulong.Parse(given!, System.Globalization.CultureInfo.InvariantCulture) : chosen.Seed + (ulong)(number - options.FirstConnection);
        // What a session begins with is for one kind of session.
        string? initial = kind == chosen.Kind ? chosen.InitialSession : null;
        SimulatorOptions simulator = chosen with { KeptAudioShare = registry.Kept, InitialSession = initial, Seed = seed, Connection = number, Kind = kind, IsBeta = chosen.Service.BetaHeader == Verdict.Refuse && Handshake.IsBeta(request) };
        if (secret is { } opened)
        {
            simulator = simulator with { InitialSession = opened.Session };
        }

        string? model = secret?.Model ?? request.Query["model"];
        return string.IsNullOrEmpty(model) ? simulator : simulator with { Model = model };
    }
}

using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Decides who may come in, and then carries messages between one client and one simulator until either side ends it. Who may not come in
/// is told why in one sentence.
/// </summary>
internal sealed class ConnectionGate(RealtimeSimulatorHostOptions options, CancellationToken stopping)
{
    // How long a client has to answer a goodbye before the connection is dropped.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    // What may wait for a client that reads slowly. The service's own limit is not published.
    private const long MaxQueuedBytes = 4 * 1024 * 1024;

    private long _connections = -1;

    public Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path != RealtimeSimulatorHost.Path && !IsTranslation(context.Request))
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound, "not_found", $"Nothing is here. The simulator answers at {RealtimeSimulatorHost.Path} and {RealtimeSimulatorHost.TranslationPath}.");
        }

        if (options.ApiKey is { } key && !HasKey(context.Request, key))
        {
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_api_key", "The API key is missing or wrong. Send it as 'Authorization: Bearer KEY' or as 'api-key: KEY'.");
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "upgrade_required", "This is a WebSocket endpoint: connect with ws://, not with http://.");
        }

        if (context.Request.Query["intent"] is { Count: > 0 } intent && (IsTranslation(context.Request) || (intent != "realtime" && intent != "transcription")))
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", "The simulator has no sessions of this intent: leave the parameter 'intent' out.");
        }

        return ConverseAsync(context);
    }

    private async Task ConverseAsync(HttpContext context)
    {
        string? subProtocol = context.WebSockets.WebSocketRequestedProtocols.Contains("realtime") ? "realtime" : null;
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(subProtocol).ConfigureAwait(false);
        var transport = new WebSocketTransport(new TextFrames(socket), options.Limits);
        await using ConfiguredAsyncDisposable closing = transport.ConfigureAwait(false);
        using var connection = new SimulatorConnection(SimulatorFor(context.Request), options.Time, MaxQueuedBytes);
        using CancellationTokenRegistration shutdown = stopping.Register(() => connection.Close(1001, "The simulator is shutting down."));
        using var clientLeft = new CancellationTokenSource();
        Task dropping = DropAsync(connection.GaveUp, context.Abort, clientLeft.Token);
        Task sending = SendAsync(connection, transport, context.Abort, clientLeft.Token);
        while (await transport.ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is { IsEnd: false } message)
        {
            connection.Receive(message.Body.Span);
        }

        connection.Dispose();
        await clientLeft.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
        await dropping.ConfigureAwait(false);
    }

    /// <summary>Drops a client that was given up and does not even take the goodbye, because the message before it does not get through.</summary>
    private static async Task DropAsync(CancellationToken gaveUp, Action drop, CancellationToken clientLeft)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gaveUp, clientLeft);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(GoodbyeTimeout, clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!clientLeft.IsCancellationRequested)
        {
            drop();
        }
    }

    private static async Task SendAsync(SimulatorConnection connection, WebSocketTransport transport, Action drop, CancellationToken clientLeft)
    {
        await foreach (OutgoingMessage message in connection.Outgoing.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (message.Block is not null)
            {
                await transport.SendAsync(message.Body, CancellationToken.None).ConfigureAwait(false);
                connection.Release(message);
            }
            else if (message.CloseStatus == SimulatorEffect.BrokenConnection)
            {
                drop();
            }
            else
            {
                await transport.CloseAsync(message.CloseStatus, message.CloseReason, CancellationToken.None).ConfigureAwait(false);
                await Task.Delay(GoodbyeTimeout, clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!clientLeft.IsCancellationRequested)
                {
                    drop();
                }
            }
        }
    }

    private SimulatorOptions SimulatorFor(HttpRequest request)
    {
        ulong number = (ulong)Interlocked.Increment(ref _connections);
        string? model = request.Query["model"];
        SimulatedSessionKind kind = IsTranslation(request) ? SimulatedSessionKind.Translation
            : request.Query["intent"] == "transcription" ? SimulatedSessionKind.Transcription
            : options.Simulator.Kind;
        SimulatorOptions simulator = options.Simulator with { Seed = options.Simulator.Seed + number, Kind = kind };
        return string.IsNullOrEmpty(model) ? simulator : simulator with { Model = model };
    }

    private static bool IsTranslation(HttpRequest request) => request.Path == RealtimeSimulatorHost.TranslationPath;

    private static bool HasKey(HttpRequest request, string key)
    {
        const string Bearer = "Bearer ";
        string authorization = request.Headers.Authorization.ToString();
        return IsKey(request.Headers["api-key"].ToString(), key)
            || (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && IsKey(authorization[Bearer.Length..], key));
    }

    private static bool IsKey(string shown, string key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(key));

    private static Task RefuseAsync(HttpContext context, int status, string code, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        var error = new JsonObject { ["message"] = sentence, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = code };
        return context.Response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString());
    }
}

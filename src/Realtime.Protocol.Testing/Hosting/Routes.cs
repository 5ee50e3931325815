using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>What is where: one table of paths, and what is said to whoever asks for anything else.</summary>
internal sealed class Routes(IReadOnlyList<Route> table)
{
    public const string Realtime = "/v1/realtime";
    public const string Translation = "/v1/realtime/translations";
    public const string Azure = "/openai/v1/realtime";
    public const string Secrets = "/v1/realtime/client_secrets";
    public const string TranslationSecrets = "/v1/realtime/translations/client_secrets";
    public const string Health = "/healthz";
    public const string Violations = "/violations";
    public const string Connections = "/connections";

    // What clients ask for that was here once, or is elsewhere at other services.
    private static readonly (string Path, string Instead)[] Known =
    [
        ("/v1/realtime/sessions", $"{{0}} {{1}} was the beta's: use POST {Secrets}."),
        ("/v1/realtime/transcription_sessions", $"{{0}} {{1}} was the beta's: use POST {Secrets} with a session of type 'transcription'."),
        ("/v1/realtime/calls", $"{{0}} {{1}} is for WebRTC and SIP, which are not simulated: connect a WebSocket to {Realtime}."),
        ("/openai/realtime", $"{{0}} {{1}} was the preview's: connect to {Azure}?model=NAME."),
    ];

    public Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        Route[] here = [.. table.Where(route => route.Path == path || (route.Path.EndsWith('/') && path.StartsWith(route.Path, StringComparison.Ordinal)))];
        if (here.Length == 0)
        {
            string sentence = Known.FirstOrDefault(known => known.Path == path).Instead is { } instead
                ? string.Format(null, instead, context.Request.Method, path)
                : $"Nothing is here. The simulator answers at {Realtime} and {Translation}.";
            return DoorAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "not_found", sentence);
        }

        Route? route = Array.Find(here, route => route.Method == context.Request.Method);
        if (route is null)
        {
            string methods = string.Join(", ", here.Select(static route => route.Method));
            context.Response.Headers.Allow = methods;
            return DoorAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"{path} takes {methods}, not {context.Request.Method}.");
        }

        return route.Answer(context);
    }
}

/// <summary>One path, by one method. A path that ends with a slash stands for all that begin with it.</summary>
internal sealed record Route(string Method, string Path, Func<HttpContext, Task> Answer);
